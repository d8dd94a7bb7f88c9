import Synchronization

/// A connection that threads take turns at.
final class SharedConnection: Sendable {
    let connection: Mutex<Connection>

    init(_ connection: sending Connection) {
        self.connection = Mutex(connection)
    }
}
