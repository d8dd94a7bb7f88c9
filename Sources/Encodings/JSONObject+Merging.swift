extension JSONObject {
    /// This object with the members of another put into it, in their order: each replaces the member of the same name (byte for byte), or follows the others.
    ///
    /// Takes time in proportion to both sizes, however many members there are.
    /// - Parameter combine: gives the new value from the name, the present value and the one of the other object; nil removes the member.
    public func merging(
        _ changes: JSONObject, _ combine: (_ name: String, _ old: JSON?, _ new: JSON) -> JSON?
    ) -> JSONObject {
        guard !changes.members.isEmpty else { return self }
        var positions = MemberPositions(self, lookups: changes.members.count)
        // Removed members leave a gap until the end, so that the places of the others stay.
        var result: [Member?] = members
        for change in changes.members {
            let position = positions.position(of: change.name, in: result)
            let value = combine(change.name, position.flatMap { result[$0]?.value }, change.value)
            switch (position, value) {
            case (let position?, nil):
                result[position] = nil
                positions.remove(change.name)
            case (let position?, let value?): result[position]?.value = value
            case (nil, nil): break
            case (nil, let value?):
                positions.add(change.name, result.count)
                result.append(Member(name: change.name, value: value))
            }
        }
        var object = JSONObject()
        object.members = result.compactMap { $0 }
        return object
    }

    /// This object with members added or replaced; a null removes one.
    public func replacing(_ changes: JSONObject) -> JSONObject {
        merging(changes) { _, _, new in new == .null ? nil : new }
    }
}

/// Where the members of an object are, by name. A few are looked for one by one, many are found by a dictionary.
private struct MemberPositions {
    /// Comparisons that cost less than making a dictionary.
    private static let fewComparisons = 256

    private var positions: [ExactString: Int]?

    init(_ object: JSONObject, lookups: Int) {
        guard (object.members.count + lookups) * lookups > Self.fewComparisons else { return }
        var positions = [ExactString: Int](minimumCapacity: object.members.count + lookups)
        for (position, member) in object.members.enumerated() where positions[ExactString(member.name)] == nil {
            positions[ExactString(member.name)] = position
        }
        self.positions = positions
    }

    func position(of name: String, in members: [JSONObject.Member?]) -> Int? {
        if let positions { return positions[ExactString(name)] }
        return members.firstIndex { $0?.name.hasSameBytes(as: name) == true }
    }

    mutating func add(_ name: String, _ position: Int) { positions?[ExactString(name)] = position }
    mutating func remove(_ name: String) { positions?[ExactString(name)] = nil }
}
