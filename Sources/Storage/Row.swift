import CSQLite

/// The present row of a query. Valid inside the closure that it is handed to.
struct Row {
    private let statement: OpaquePointer

    init(statement: OpaquePointer) {
        self.statement = statement
    }

    /// Numbers that no clock and no counter reaches are cut: sums and differences of some of them never overflow, whatever is in a file.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column).storable }
    func bool(_ column: Int32) -> Bool { integer(column) != 0 }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        return String(
            decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))),
            as: UTF8.self)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    func optionalBlob(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : blob(column) }
}

extension Int64 {
    private static let storableLimit: Int64 = 1 << 50

    /// The nearest number that leaves room for arithmetic: sums, and milliseconds of seconds.
    var storable: Int64 { Swift.min(Swift.max(self, -Self.storableLimit), Self.storableLimit) }
}
