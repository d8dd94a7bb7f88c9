import ResourceFormat

/// All that is wrong with the seed of `seed check`, in the words of that command.
struct InvalidSeedArgument: Error {
    let problems: [Diagnostic]
    let warnings: [Diagnostic]
}
