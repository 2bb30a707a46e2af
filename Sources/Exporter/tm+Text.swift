import Glibc

extension tm {
    /// The time in a format of strftime(3); at most 63 bytes.
    func text(_ format: String) -> String {
        var fields = self
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, format, &fields)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
