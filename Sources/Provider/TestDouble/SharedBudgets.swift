/// What all instances of a server may keep together for tests.
struct SharedBudgets: Sendable {
    let journals = ByteBudget(limit: 64 << 20)
    let savedStates = ByteBudget(limit: SavedStates.byteLimit)
    let faults = ByteBudget(limit: FaultTable.byteLimit)
    let findings = ByteBudget(limit: 16 << 20)
}
