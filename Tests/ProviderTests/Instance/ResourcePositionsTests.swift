import Model
@testable import Provider
import Testing

@Suite struct ResourcePositionsTests {
    @Test("positions are found after many removals and additions") func manyRemovals() {
        var list = (0..<300).map(String.init)
        var positions = ResourcePositions()
        #expect(positions.position(of: "7", .user, in: list) { $0 } == nil)
        positions.prepare(.user, list) { $0 }
        for number in stride(from: 0, to: 300, by: 2) {
            guard let position = positions.position(of: "\(number)", .user, in: list, { $0 }) else {
                Issue.record("\(number) is not found")
                continue
            }
            #expect(list.remove(at: position) == "\(number)")
            positions.remove("\(number)", .user, from: list) { $0 }
            list.append("new \(number)")
            positions.append("new \(number)", .user, count: list.count)
        }
        for (position, value) in list.enumerated() {
            #expect(positions.position(of: value, .user, in: list) { $0 } == position)
        }
        #expect(positions.position(of: "0", .user, in: list) { $0 } == nil)
        #expect(positions.position(of: "1", .app, in: list) { $0 } == nil)
    }
}
