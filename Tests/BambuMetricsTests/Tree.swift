/// The path of a value in a message: keys and array indexes.
typealias Path = [PathStep]
enum PathStep: Hashable { case key(String), index(Int) }

/// Operations on a message as a tree of values.
enum Tree {
    private static func members(of value: Any) -> [(step: PathStep, member: Any)] {
        if let object = value as? [String: Any] {
            return object.sorted { $0.key < $1.key }.map { (.key($0.key), $0.value) }
        }
        return (value as? [Any] ?? []).enumerated().map { (.index($0.offset), $0.element) }
    }

    /// Returns the paths of all values except the root.
    static func places(_ value: Any, _ path: Path = []) -> [Path] {
        members(of: value).flatMap { [path + [$0.step]] + places($0.member, path + [$0.step]) }
    }

    /// Returns the paths of values that contain no other value.
    static func leaves(_ value: Any, _ path: Path = []) -> [Path] {
        let members = members(of: value)
        return members.isEmpty ? [path] : members.flatMap { leaves($0.member, path + [$0.step]) }
    }

    static func replacing(_ value: Any, _ path: ArraySlice<PathStep>, with new: Any) -> Any {
        guard let step = path.first else { return new }
        switch (step, value) {
        case (.key(let key), var object as [String: Any]):
            object[key] = object[key].map { replacing($0, path.dropFirst(), with: new) }
            return object
        case (.index(let index), var array as [Any]):
            array[index] = replacing(array[index], path.dropFirst(), with: new)
            return array
        default: return value
        }
    }
}
