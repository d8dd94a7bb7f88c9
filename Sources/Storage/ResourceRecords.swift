import Encodings
import Model
import ResourceFormat

// How resources are written into columns that hold JSON, with the members that seeds have, too. Each pair of functions owns one column; nobody else reads it.

func json(_ values: [String]) -> Value { .text(JSON.strings(values).text) }

func strings(_ text: String) -> [String] { parsed(text).array?.compactMap(\.string) ?? [] }

/// The database checks `json_valid`, so a column that does not parse was written by nobody we know.
private func parsed(_ text: String) -> JSON { (try? JSONParser.parse(text.utf8)) ?? .null }

func object(_ text: String) -> JSONObject { parsed(text).object ?? [:] }

/// NULL for no claims.
func json(claims: JSONObject) -> Value { .optional(claims.members.isEmpty ? nil : JSON.object(claims).text) }

func json(actor: JSONObject?) -> Value { .optional(actor.map { JSON.object($0).text }) }

func json(_ roles: [ProjectRole]) -> Value {
    .text(JSON.array(roles.map { .array([.string($0.key), .string($0.displayName), .string($0.group)]) }).text)
}

func projectRoles(_ text: String) -> [ProjectRole] {
    (parsed(text).array ?? []).compactMap { role in
        guard let parts = role.array, parts.count == 3, let key = parts[0].string else { return nil }
        return ProjectRole(key: key, displayName: parts[1].string ?? "", group: parts[2].string ?? "")
    }
}

func json(_ settings: OIDCSettings?) -> Value {
    .optional(settings.map { JSON.object(Formats.oidcSettings.encode($0)).text })
}

func oidcSettings(_ text: String) -> OIDCSettings {
    var settings = OIDCSettings(appType: .web)
    Formats.oidcSettings.decode(object(text), into: &settings)
    return settings
}

func json(_ human: HumanProfile) -> Value { .text(JSON.object(Formats.humanProfile.encode(human)).text) }

func humanProfile(_ text: String) -> HumanProfile {
    var profile = HumanProfile()
    Formats.humanProfile.decode(object(text), into: &profile)
    return profile
}

func json(_ machine: MachineProfile) -> Value { .text(JSON.object(Formats.machineProfile.encode(machine)).text) }

func machineProfile(_ text: String) -> MachineProfile {
    var profile = MachineProfile(name: "", description: "", accessTokenType: .bearer)
    Formats.machineProfile.decode(object(text), into: &profile)
    return profile
}

func json(_ settings: InstanceSettings) -> Value { .text(JSON.object(Formats.encode(settings)).text) }

func instanceSettings(_ text: String) -> InstanceSettings {
    let object = object(text)
    var settings = InstanceSettings()
    Formats.instance.decode(object, into: &settings)
    Formats.lifetimes.decode(object["lifetimes"]?.object ?? [:], into: &settings.lifetimes)
    return settings
}
