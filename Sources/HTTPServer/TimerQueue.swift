/// Deadlines in the order in which they come: a binary heap. An entry that is no longer wanted stays until its time, or until there are too many.
struct TimerQueue<Owner> {
    struct Entry {
        let time: Int64
        let owner: Owner
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }
    var next: Int64? { heap.first?.time }

    mutating func insert(_ owner: Owner, at time: Int64) {
        heap.append(Entry(time: time, owner: owner))
        var index = heap.count - 1
        while index > 0, case let parent = (index - 1) / 2, heap[index].time < heap[parent].time {
            heap.swapAt(index, parent)
            index = parent
        }
    }

    /// Takes the earliest entry that is due.
    mutating func takeDue(at now: Int64) -> Entry? {
        guard let first = heap.first, first.time <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return first
    }

    /// Keeps only the entries that are still wanted.
    mutating func removeAll(where isUnwanted: (Entry) -> Bool) {
        heap.removeAll(where: isUnwanted)
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].time < heap[least].time
            {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
