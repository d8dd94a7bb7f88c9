/// The schema as a list of migrations: each is run once, in order, and never edited afterwards. `PRAGMA user_version` counts those that were run.
enum Schema {
    /// Marks the file as ours ("MZIT").
    static let applicationID: Int64 = 0x4D5A_4954

    static let migrations = [
        resourcesAndTokens, signIn, nullableJSON, endsThatLast, mintedClaims, remnants, namesAndDetails,
        clockSkewAsText, uniqueGrantsAndUserNames, rolesOfSeeds,
    ]
}
