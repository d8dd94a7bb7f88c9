import Encodings
import Model
import ResourceFormat
@testable import Storage
import Testing

/// Columns that hold JSON: whatever member a resource has comes back from the database.
@Suite struct ResourceRecordTests {
    private static let oidc = """
        {"appType": "native", "redirectUris": ["a:/b"], "postLogoutRedirectUris": ["c:/d"], "additionalOrigins": ["https://e.example"],
         "backChannelLogoutUri": "https://f.example/", "responseTypes": [], "grantTypes": ["refresh_token"], "accessTokenType": "jwt",
         "accessTokenRoleAssertion": true, "idTokenRoleAssertion": true, "idTokenUserinfoAssertion": true, "devMode": true, "clockSkew": "3s"}
        """
    private static let human = """
        {"firstName": "A", "lastName": "B", "nickName": "C", "displayName": "D", "preferredLanguage": "de", "gender": "diverse", "email": "e@f.g",
         "emailVerified": true, "phone": "+41", "phoneVerified": true, "picture": "https://h.example/"}
        """
    private static let machine = #"{"name": "A", "description": "B", "accessTokenType": "jwt"}"#
    private static let instance = """
        {"domains": ["a.example"], "issuer": "https://a.example", "projectId": "9", "dialect": "server", "serverVersion": "v3.4",
         "opaqueTokenFormat": "classic", "unknownScopes": "keep", "impersonation": true, "backChannelLogout": true, "autoLogin": "alice",
         "debugOidcParentError": true}
        """
    private static let lifetimes = """
        {"accessToken": "1m", "idToken": "2m", "refreshTokenIdle": "3m", "refreshToken": "4m", "deviceCode": "50m", "authorizationCode": "60m"}
        """

    /// A value that differs from the default in every member: the test is incomplete when a format has gained one.
    private func value<Root: Equatable>(_ format: Format<Root>, _ document: String, _ standard: Root) throws -> Root {
        let object = try #require(JSONParser.parse(document.utf8).object)
        let names = format.shape.members.map(\.name)
        #expect(Set(object.members.map(\.name)).isSuperset(of: names.filter { !Self.elsewhere.contains($0) }))
        for member in object.members {
            var changed = standard
            format.decode([member.name: member.value], into: &changed)
            #expect(changed != standard, "\(member.name) is as the default, or was not read")
        }
        var value = standard
        format.decode(object, into: &value)
        return value
    }

    /// Members of `instance` that are written otherwise.
    private static let elsewhere = ["lifetimes", "signingKeys"]

    private func text(_ value: Value) throws -> String {
        if case .text(let text) = value { return text }
        return try #require(nil as String?, "not a text: \(value)")
    }

    @Test("every OIDC setting of an app is read as it was stored") func oidcApp() throws {
        let settings = try value(Formats.oidcSettings, Self.oidc, OIDCSettings(appType: .web))
        #expect(oidcSettings(try text(json(settings))) == settings)
    }

    @Test("every member of a user's profile is read as it was stored") func profiles() throws {
        let profile = try value(Formats.humanProfile, Self.human, HumanProfile())
        #expect(humanProfile(try text(json(profile))) == profile)
        let standard = MachineProfile(name: "", description: "", accessTokenType: .bearer)
        let machine = try value(Formats.machineProfile, Self.machine, standard)
        #expect(machineProfile(try text(json(machine))) == machine)
    }

    @Test("every setting of the instance is read as it was stored") func settings() throws {
        var settings = try value(Formats.instance, Self.instance, InstanceSettings())
        settings.lifetimes = try value(Formats.lifetimes, Self.lifetimes, Lifetimes())
        #expect(instanceSettings(try text(json(settings))) == settings)
    }
}
