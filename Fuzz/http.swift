// What must hold of the HTTP parser for any bytes: it does not crash, its outcome does not depend on the pieces the
// bytes come in, what it accepts is within the limits, and what is rejected stays rejected.

@testable import HTTP

/// What a parser made of a stream.
private struct Outcome: Equatable {
    var requests: [Request] = []
    var error: RequestError?
    var isMidway = false
}

/// Feeds `bytes` in pieces, whose sizes `next` chooses.
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
    check(request.target.query.utf8.count <= limits.requestLine, "too long a query")
    for field in request.headers.fields {
        check(!field.value.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }, "a line end in a value")
    }
    check(request.version == .http10 || request.headers.values(of: "Host").count == 1, "no host")
    _ = (request.keepsAlive, request.host)
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    let whole = parse(bytes) { _ in count }
    check(whole == parse(bytes) { _ in 1 }, "byte by byte differs from whole")
    // Pieces whose sizes come from the bytes, so that the fuzzer can choose where to cut.
    check(whole == parse(bytes) { Int(bytes[$0] % 13) }, "pieces differ from whole")
    for request in whole.requests { checkWithinLimits(request) }
    return 0
}
