import Model
import Storage

extension Instance {
    /// Seconds that an expired token is kept, so that a request with it is rejected as expired.
    private static let keptAfterExpiry: Int64 = 86_400

    /// Removes tokens, codes, device authorizations and sessions that expired long ago. To be called about once a minute.
    ///
    /// They expire by real time here, and while the clock is shifted or frozen nothing is removed: what such a clock shows as expired is valid again when
    /// the clock goes back, and what it shows as valid may have expired by real time.
    /// - Throws: `StorageError`
    public func removeExpired() throws {
        guard clock.mode == .real else { return }
        let now = clock.realNow.seconds
        let oldest = now - Self.keptAfterExpiry
        try storage.removeTokens(expiredBefore: oldest)
        try storage.removeExpiredSignIns(before: oldest, sessionsBefore: now - LoginSession.lifetime)
    }
}
