/// The columns `origin` and `position` of a row: where it comes from, and its order among its kind.
struct RowPlacement {
    var origin: ResourceOrigin
    var position: Int
}
