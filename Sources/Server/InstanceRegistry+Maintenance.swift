import Provider

extension InstanceRegistry {
    /// Does what each instance needs now and then, the main one and the isolated ones alike: closes those that had no request for too long, stores the
    /// hashes of passwords that were not needed yet (in a database that outlives the process), and removes what expired long ago. To be called about once a minute; all times are real time.
    /// - Parameter printError: gets a sentence for each thing that failed; everything else is done all the same.
    public func maintain(printError: (String) -> Void) {
        closeIdle()
        Self.maintain(main.instance, name: Self.mainName, printError)
        for entry in all { Self.maintain(entry.application.instance, name: entry.name, printError) }
    }

    private static func maintain(_ instance: Instance, name: String, _ printError: (String) -> Void) {
        do {
            try instance.passwords.store(in: instance.storage, randomBytes: instance.dependencies.randomBytes)
        } catch { printError("passwords of instance \(name) could not be stored: \(error)") }
        do { try instance.removeExpired() } catch {
            printError("expired tokens of instance \(name) could not be removed: \(error)")
        }
    }
}
