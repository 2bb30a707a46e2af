import Glibc

/// A failed system call: its error code and its operation.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    package let code: Int32
    package let operation: String

    package init(_ code: Int32, _ operation: String) {
        self.code = code
        self.operation = operation
    }

    /// The C library's message, such as "Address already in use".
    package var reason: String {
        Self.text(of: code)
    }

    package var description: String {
        "\(operation): \(reason)"
    }

    /// The C library's message for `code`. `strerror_r`, because `strerror` shares one buffer among threads.
    package static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return buffer.withUnsafeBufferPointer { text in
            text.baseAddress.map { String(cString: $0) } ?? "error \(code)"
        }
    }

    /// The result of connecting a socket: 0 or an `errno`. The kernel returns it only once.
    package static func ofConnecting(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }
}
