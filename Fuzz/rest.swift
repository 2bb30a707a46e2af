// Rules for the parsers of the account's responses, for any response: no message contains a secret of the response, and
// parsed values are in range. In an input, the first byte selects the status, the bits of the second one the header
// fields; the text up to the first line feed is a Retry-After, and the rest is the body.

@testable import BambuProtocol
@testable import Cloud
@testable import Platform

/// The value that the corpus contains in place of tokens and codes.
private let secret = "hunter2"

private let statuses = [200, 201, 302, 400, 401, 403, 404, 418, 429, 500, 503]

private func checkSecrecy(_ value: Any) {
    check(!"\(value)".contains(secret), "it contains a secret: \(value)")
}

private func answer(_ bytes: [UInt8]) -> CloudResponse? {
    guard bytes.count > 2 else { return nil }
    let end = bytes.firstIndex(of: 10) ?? bytes.endIndex
    var headers: [String: String] = [:]
    if bytes[1] & 1 != 0 { headers["content-type"] = "text/html; charset=utf-8" }
    if bytes[1] & 2 != 0 { headers["cf-mitigated"] = "challenge" }
    if bytes[1] & 4 != 0 { headers["cf-ray"] = "1" }
    headers["retry-after"] = String(decoding: bytes[2..<max(2, end)], as: UTF8.self)
    let body = Array(bytes[end...].dropFirst())
    var cookies: [String: String] = [:]
    if bytes[1] & 8 != 0 { cookies["bbl_csrf_token"] = String(decoding: body.prefix(40), as: UTF8.self) }
    if bytes[1] & 16 != 0 { cookies["token"] = secret }
    return CloudResponse(
        status: statuses[Int(bytes[0]) % statuses.count], headers: headers, cookies: cookies, body: body)
}

private func checkFailure(_ answer: CloudResponse) {
    checkSecrecy(answer)
    guard let failure = answer.failure(at: 1_700_000_000) else {
        return check((200..<300).contains(answer.status), "an error status without a failure")
    }
    checkSecrecy(failure)
    check(
        failure.detail.utf8.count < 100 && failure.detail.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F },
        "a message that is too long or not printable")
    if let pause = failure.pause { check(.zero <= pause && pause <= .seconds(86_400), "a pause of \(pause)") }
}

private func checkToken(_ text: String) {
    do throws(Token.Unreadable) {
        let token = try Token(text: text, written: 1_700_000_000)
        checkSecrecy(token.secret)
        check(!token.secret.revealed.isEmpty, "an empty token")
        check(token.expiry.map { $0 > 0 && $0 < 1e11 } ?? true, "an expiry out of range")
        check(token.user?.hasPrefix("u_") ?? true, "an invalid user name")
        let again = try Token(text: Token.file(token: token.secret, expires: 1.8e9).revealed, written: 0)
        check(again.secret == token.secret, "a written token is parsed differently")
    } catch {
        checkSecrecy(error)
    }
}

/// Signs in to an account that sends this response to every request.
private func signIn(_ answer: CloudResponse) {
    var login = Login(account: "a@example.com")
    var action = login.start()
    for _ in 0..<12 {
        checkSecrecy(action)
        switch action {
        case .ask(.password, _): action = login.answered(.password, Secret("pass"))
        case .ask(let question, _): action = login.answered(question, Secret("123456"))
        case .send(let request):
            for value in request.headers.values {
                check(value.revealed.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a field with a line end")
            }
            action = login.received(.success(answer))
        case .finish(let token, _): return check(!token.revealed.isEmpty, "an empty token")
        case .fail: return
        }
    }
}

private func checkContents(_ body: [UInt8]) {
    let plausible = 1_420_070_400.0...4_102_444_800.0
    let devices = AccountDevice.all(in: body) ?? []
    check(devices.count <= 5000, "too many devices")
    for device in devices {
        check(!device.serial.isEmpty, "a device without a serial number")
        check(device.taskStart.map(plausible.contains) ?? true, "a start out of range")
        check(device.taskSeconds.map { $0 > 0 && $0 <= 1e8 } ?? true, "a time out of range")
        check(
            (device.ams?.units.count ?? 0) <= 12 && (device.ams?.externals.spools.count ?? 0) <= 2,
            "too many AMS units or external spools")
        _ = (device.model, device.isUpdateAvailable)
    }
    if let task = AccountTask.latest(of: "A", in: body) {
        check(task.grams.map { $0 > 0 && $0 <= 1e6 } ?? true, "a weight out of range")
        check(task.start.map(plausible.contains) ?? true, "a start out of range")
        for (index, share) in task.shares.enumerated() {
            check(share.grams.isFinite && share.grams >= 0, "a share out of range")
            check(!task.shares[..<index].contains { $0.source == share.source }, "a repeated slot")
        }
    }
    if let user = AccountOwner.user(in: body) {
        check(
            user.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && user.utf8.count > 2,
            "an invalid user name for the broker")
    }
    _ = AccountCamera(in: body)
    check(RFC3339.seconds(of: String(decoding: body, as: UTF8.self))?.isFinite ?? true, "a time that is not finite")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    guard let answer = answer(Array(UnsafeRawBufferPointer(start: start, count: count))) else { return 0 }
    checkFailure(answer)
    checkToken(String(decoding: answer.body, as: UTF8.self))
    signIn(answer)
    checkContents(answer.body)
    return 0
}
