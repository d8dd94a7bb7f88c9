import Model
@testable import Provider
import Testing

@Suite struct ResourcePlacesTests {
    @Test("places are found after many removals and additions") func manyRemovals() {
        var list = (0..<300).map(String.init)
        var places = ResourcePlaces()
        #expect(places.place(of: "7", .user, in: list) { $0 } == nil)
        places.prepare(.user, list) { $0 }
        for number in stride(from: 0, to: 300, by: 2) {
            guard let place = places.place(of: "\(number)", .user, in: list, { $0 }) else {
                Issue.record("\(number) is not found")
                continue
            }
            #expect(list.remove(at: place) == "\(number)")
            places.remove("\(number)", .user, from: list) { $0 }
            list.append("new \(number)")
            places.append("new \(number)", .user, count: list.count)
        }
        for (place, value) in list.enumerated() {
            #expect(places.place(of: value, .user, in: list) { $0 } == place)
        }
        #expect(places.place(of: "0", .user, in: list) { $0 } == nil)
        #expect(places.place(of: "1", .app, in: list) { $0 } == nil)
    }
}
