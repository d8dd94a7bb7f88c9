import Model

extension Login {
    /// The user whom `instance.autoLogin` signs in without asking: whom the app hints at, else the one that it names; nil when it is not set.
    func autoLoginUser(for request: AuthRequest) -> User? {
        guard let automatic = context.settings.autoLogin else { return nil }
        if let hinted = resourceIndex.user(named: request.loginHint), hinted.machine == nil { return hinted }
        return resourceIndex.user(named: automatic)
    }
}
