/// The reason why a text cannot be read as JSON. Offsets are bytes from the start.
public enum ScanError: Error, Equatable, Sendable, CustomStringConvertible {
    case endOfText
    case unexpected(byte: UInt8, offset: Int)
    case tooDeep(offset: Int)
    case trailing(offset: Int)

    public var description: String {
        switch self {
        case .endOfText: "the text ends too early"
        case .unexpected(let byte, let offset): "unexpected byte \(byte) at offset \(offset)"
        case .tooDeep(let offset): "nested too deeply at offset \(offset)"
        case .trailing(let offset): "something follows the value at offset \(offset)"
        }
    }
}
