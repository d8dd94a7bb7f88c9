import Model
import Synchronization

/// All resources of an index as flat lists, made when somebody asks for the first time.
final class FlatResources: Sendable {
    private let known: Mutex<Resources?>

    init(_ resources: Resources? = nil) { known = Mutex(resources) }

    func value(_ make: @Sendable () -> Resources) -> Resources {
        known.withLock { known in
            if let known { return known }
            let made = make()
            known = made
            return made
        }
    }
}
