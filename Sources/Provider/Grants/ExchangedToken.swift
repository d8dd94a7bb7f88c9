import Encodings
import JOSE
import Model
import OAuth

/// What a token that was sent for an exchange says.
struct ExchangedToken {
    let type: ExchangedTokenType
    let userID: String
    var audience: [String] = []
    var scopes: [String] = []
    var amr: [String] = []
    /// The claim `act` of the token itself.
    var actor: JSONObject?
}
