// Rules for the HTTP parser, for any bytes: it does not crash, the result does not depend on how the bytes are split,
// accepted requests are within the limits, and a rejected stream stays rejected.

@testable import HTTP

/// The result of parsing a stream.
private struct Outcome: Equatable {
    var requests: [Request] = []
    var error: RequestError?
    var isMidway = false
}

/// Parses `bytes` in pieces; `next` returns the size of each.
private func parse(_ bytes: UnsafeRawBufferPointer, pieces next: (_ position: Int) -> Int) -> Outcome {
    var parser = RequestParser()
    var outcome = Outcome()
    var position = 0
    while position < bytes.count {
        let end = min(bytes.count, position + max(1, next(position)))
        parser.append(UnsafeRawBufferPointer(rebasing: bytes[position..<end]))
        position = end
        do throws(RequestError) {
            while let request = try parser.next() { outcome.requests.append(request) }
        } catch {
            check(outcome.error == nil || outcome.error == error, "a rejection changed its reason")
            outcome.error = error
        }
    }
    if outcome.error != nil { checkStaysRejected(&parser) }
    outcome.isMidway = outcome.error == nil && parser.isMidway
    return outcome
}

private func checkStaysRejected(_ parser: inout RequestParser) {
    Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8).withUnsafeBytes { parser.append($0) }
    let next: Request?
    do throws(RequestError) {
        next = try parser.next()
    } catch {
        return
    }
    check(false, "a rejected stream yielded \(String(describing: next))")
}

private func checkWithinLimits(_ request: Request) {
    let limits = Limits()
    check(request.headers.fields.count <= limits.headerFields, "too many fields")
    check(request.path == "*" || request.path.hasPrefix("/"), "a path without a slash")
    check(!request.path.utf8.contains { $0.isControl }, "a control character in a path")
    check(request.target.queryItems.count <= limits.requestLine, "a query that is too long")
    for field in request.headers.fields {
        check(!field.value.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }, "a line end in a value")
    }
    check(
        request.version == .http10 || request.headers.values(of: "Host").count == 1,
        "a request without exactly one host")
    _ = (request.keepsAlive, request.host)
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let whole = parse(bytes) { _ in count }
    check(whole == parse(bytes) { _ in 1 }, "the result byte by byte differs from the result at once")
    // The bytes determine the sizes of the pieces, so that the fuzzer can choose where to split.
    check(whole == parse(bytes) { Int(bytes[$0] % 13) }, "the result in pieces differs from the result at once")
    for request in whole.requests { checkWithinLimits(request) }
    return 0
}
