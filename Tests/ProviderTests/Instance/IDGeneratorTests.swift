@testable import Provider
import Storage
import TestSupport
import Testing

@Suite struct IDGeneratorTests {
    private static let now = Timestamp(seconds: 1_795_255_200)

    @Test(
        "ids grow while the clock is frozen, is set back, or is out of range",
        arguments: [0, -1, 1, .min, .max] as [Int64])
    func growing(step: Int64) {
        let generator = IDGenerator()
        var time = Self.now
        var last: Int64 = 0
        for _ in 0..<1000 {
            let id = generator.next(at: time)
            #expect(id > last && id >= 100_000_000_000_000_000)
            last = id
            time = time.adding(seconds: step)
        }
    }

    @Test("ids remain at the largest time and at the largest high-water mark")
    func end() {
        let generator = IDGenerator()
        generator.skip(to: .max)
        #expect(generator.next(at: Timestamp(seconds: .max)) > generator.next(at: Timestamp(seconds: 0)) - 2)
    }

    @Test("a database that is opened again gets larger ids than before, although the clock is frozen or was set back")
    func restart() throws {
        let path = TemporaryFolder()
        var last: Int64 = 0
        let end = Timestamp(seconds: 253_402_300_799)
        let times = [Self.now, Self.now, Self.now.adding(seconds: -86_400), end, end, Self.now, end, Self.now]
        for (run, time) in times.enumerated() {
            let generator = IDGenerator()
            let reservation = try IDReservation(try Storage(path: path.path + "/db.sqlite"), generator)
            for _ in 0..<100 {
                let id = generator.next(at: time)
                reservation.cover(id)
                #expect(id > last, "run \(run)")
                last = id
            }
        }
    }

    @Test("ids are below the high-water mark in the database, so none is repeated after a crash")
    func crash() throws {
        let storage = try Storage(path: Storage.inMemory)
        let generator = IDGenerator()
        let reservation = try IDReservation(storage, generator)
        for hour in 0..<5 {
            let id = generator.next(at: Self.now.adding(seconds: Int64(hour) * 3600))
            reservation.cover(id)
            #expect(try storage.idHighWaterMark() > id)
        }
    }
}
