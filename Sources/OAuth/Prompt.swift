/// The values of `prompt` that decide something (OpenID Connect Core section 3.1.2.1, Initiating User Registration section 4). Any other is ignored.
public enum Prompt: String, Sendable, CaseIterable {
    case none, login, create
    case selectAccount = "select_account"
}
