import Model

extension User {
    /// - Throws: `Rejection` when the user may not get tokens.
    func assertActive() throws(Rejection) {
        guard state == .active else {
            throw Rejection(
                .userNotActive, "user \(userName) is \(state.rawValue); set its state to active in the seed")
        }
    }
}
