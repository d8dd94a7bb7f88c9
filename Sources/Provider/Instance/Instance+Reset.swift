import Model
import Storage
import Synchronization

extension Instance {
    /// Brings the instance back to the seed, or to what it was when it started without one. Takes milliseconds.
    /// - Throws: `StorageError`
    public func reset(_ parts: [ResetPart] = ResetPart.defaultParts) throws {
        // Scenarios end with the faults, and undo what else they changed before that is reset.
        if parts.contains(.faults) {
            for scenario in scenarios.all { try end(scenario.name) }
        }
        // The order of the cases: tokens end before the resources that they belong to come back.
        for part in ResetPart.allCases where parts.contains(part) {
            switch part {
            case .tokens: try storage.removeTokens()
            case .sessions: try storage.removeSessions()
            case .clock: clock.mode = .real
            case .faults: faults.clear()
            case .requests: journal.clear()
            case .lint: lint.clear()
            case .resources: try resetResources()
            case .signingKeys: try resetSigningKeys()
            }
        }
    }

    private func resetResources() throws {
        let initial = initial.withLock { $0 }
        try transform { snapshot in
            let difference = ResourceDifference(from: snapshot.resources.resources, to: initial.resources)
            // What was removed comes back at its old place among its kind, which takes a rewrite of all.
            guard !difference.addsResources else {
                try storage.replaceResources(by: initial.resources, at: clock.now().seconds)
                return (.replaced(initial.overrides), ())
            }
            return (.changes(difference.changes, initial.overrides), ())
        }
    }

    /// Back to the keys of the seed; without any, new ones are made when one is needed.
    private func resetSigningKeys() throws {
        let keys = initial.withLock { $0.signingKeys }
        try transform { snapshot in
            try storage.replaceSigningKeys(by: keys)
            return (.replaced(snapshot.overrides), ())
        }
    }
}
