import Encodings

/// Claims for a token or an answer: standard members in the order of ZITADEL's structs, and extra ones.
struct ClaimSet: Sendable {
    var standard = JSONObject()
    var extra = JSONObject()

    /// The members as they are written: in struct order when there is nothing extra, else all sorted bytewise. A standard member beats an extra one of
    /// the same name.
    var json: JSONObject {
        guard !extra.members.isEmpty else { return standard }
        var all = standard
        for member in extra.members where standard[member.name] == nil { all.members.append(member) }
        return all.sorted()
    }
}
