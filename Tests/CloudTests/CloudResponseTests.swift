import Testing

@testable import Cloud

@Suite("CloudResponse")
struct CloudResponseTests {
    private func kind(
        _ status: Int, _ body: String = "{}", _ headers: [String: String] = [:]
    ) -> CloudFailure.Kind? {
        CloudResponse(status: status, headers: headers, body: Array(body.utf8)).failure(at: 0)?.kind
    }

    @Test(arguments: [#"{"message":"success","code":null,"error":null}"#, "{}", #"{"error":"","code":0}"#])
    func `a response without an error is a success`(body: String) {
        #expect(kind(200, body) == nil)
    }

    @Test func `distinguishes expired tokens, other 401s and permissions`() {
        #expect(kind(401, #"{"message":"","code":4,"error":"Please login."}"#) == .refused)
        #expect(kind(200, #"{"code":4,"error":"Please login."}"#) == .refused)
        #expect(kind(401) == .unauthorized)
        #expect(kind(401, "<html>") == .unauthorized)
        #expect(kind(403, #"{"code":8,"error":"x"}"#) == .forbidden)
    }

    @Test(arguments: [
        (403, "<!DOCTYPE html><title>Just a moment...</title>", [:]), (403, "", ["cf-mitigated": "challenge"]),
        (403, "error code: 1010", [:]), (403, #"{"code":1010}"#, [:]), (403, "", [:]), (418, "", [:]), (429, "{}", [:]),
        (503, "", ["cf-ray": "1"]), (200, "<html>cloudflare</html>", ["content-type": "text/html"]),
    ])
    func `Cloudflare and rate limits do not invalidate the token`(status: Int, body: String, headers: [String: String])
    {
        #expect(kind(status, body, headers) == .limited)
    }

    @Test(arguments: [
        (500, "{}"), (502, "<html>"), (503, ""), (302, ""), (404, "{}"), (200, #"{"code":17,"error":"broken"}"#),
        (200, #"{"error":{"a":1}}"#),
    ])
    func `server errors and unexpected statuses are server failures`(status: Int, body: String) {
        #expect(kind(status, body) == .server)
    }

    @Test(arguments: ["", "<html>", "[]", #"{"devices":["#, "\u{0}"])
    func `a body that is not an object has the wrong shape`(body: String) {
        #expect(kind(200, body) == .shape)
    }

    @Test func `a failure contains no text of the response`() {
        let words = CloudResponse(status: 200, body: Array(#"{"code":9,"error":"token AADBD2 is bad"}"#.utf8)).failure(
            at: 0)?.detail
        #expect(words == "HTTP 200, an error with code 9")
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .zero), ("-5", .zero), ("1.5", .milliseconds(1500)),
        ("99999999999", .seconds(86_400)),
        ("Wed, 21 Oct 2026 07:28:30 GMT", .seconds(30)), ("Wed, 21 Oct 2020 07:28:30 GMT", .zero),
    ])
    func `Retry-After is seconds or a date, limited to a day`(text: String, pause: Duration) {
        #expect(RetryAfter.pause(text, at: 1_792_567_680) == pause)
    }

    @Test(arguments: ["", "soon", "nan", "inf", "Wed, 99 Oct 2026 07:28:00 GMT"])
    func `an invalid Retry-After is ignored`(text: String) {
        #expect(RetryAfter.pause(text, at: 0) == nil)
    }
}
