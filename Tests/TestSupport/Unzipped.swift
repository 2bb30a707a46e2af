import Glibc

/// The reason why a system call in a test failed.
private struct SystemError: Error {
    let code = errno
}

/// Returns the output of the system's gzip for `bytes`.
package func unzipped(_ bytes: [UInt8]) throws -> [UInt8] {
    var path = Array("/tmp/gzip-tests-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    guard file >= 0 else { throw SystemError() }
    defer {
        unlink(path)
        close(file)
    }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard write(file, bytes, bytes.count) == bytes.count, let pipe = popen("gzip -dc < \(name)", "r") else {
        throw SystemError()
    }
    var (result, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        guard count > 0 else { break }
        result.append(contentsOf: buffer.prefix(count))
    }
    guard pclose(pipe) == 0 else { throw SystemError() }
    return result
}
