import Testing

@testable import Simulator

@Suite("The simulated account")
struct SimulatedAccountTests {
    private func message(
        _ method: String, _ path: String, _ body: String = "", _ headers: [String: String] = [:]
    ) -> CloudMessage {
        CloudMessage(method: method, path: path, query: [:], headers: headers, body: Array(body.utf8))
    }

    @Test func `a fault is read with its part of the interface and its times`() throws {
        let fault = try CloudFault(parsing: "limited@bind,after=30s,for=1m")
        #expect(fault.kind == .limited && fault.api == "bind")
        #expect(fault.times.after == .seconds(30) && fault.times.lasting == .seconds(60))
        #expect(try CloudFault(parsing: "hang").times.lasting == nil)
    }

    @Test(arguments: ["", "nothing", "hang@nowhere", "hang,soon", "hang,after=x", "hang,before=1s"])
    func `what is no fault is refused`(text: String) {
        #expect(throws: SimulatorError.self) { try CloudFault(parsing: text) }
    }

    @Test func `flags make an account with its printers`() throws {
        let options = try ProgramOptions(arguments: [
            "--account-printer=P1S:ams@attic", "--printer=X1C@studio", "--sign-in=authenticator", "--cloud-fault=error",
        ])
        let printers = try options.namedPrinters()
        #expect(printers.map(\.isBound) == [true, false] && printers.map(\.hasLAN) == [false, true])
        #expect(options.fleet.account.way == .authenticator && options.cloudFaults.map(\.kind) == [.error])
    }

    @Test func `a request is taken as soon as it is whole`() {
        let text = "POST /x?a=1&b=2 HTTP/1.1\r\nContent-Length: 4\r\nCookie: a=1; b=2\r\n\r\nbodyGET"
        for cut in 0..<text.utf8.count - 3 {
            var buffer = Array(text.utf8.prefix(cut))
            #expect(CloudMessage.take(from: &buffer) == nil)
        }
        var buffer = Array(text.utf8)
        let message = CloudMessage.take(from: &buffer)
        #expect(
            message?.body == Array("body".utf8) && message?.query == ["a": "1", "b": "2"] && message?.cookie("b") == "2"
        )
        #expect(buffer == Array("GET".utf8))
    }

    @Test func `nothing is served without the token, and the form of the sign-in wants cookie and field`() {
        let account = SimulatedAccount()
        let bind = "/v1/iot-service/api/user/bind"
        #expect(account.answer(message("GET", bind)).status == 401)
        #expect(account.answer(message("GET", bind, "", ["authorization": "Bearer \(account.token)"])).status == 200)
        account.revoke()
        #expect(account.answer(message("GET", bind, "", ["authorization": "Bearer "])).status == 401)
        let tfa = "/api/sign-in/tfa"
        #expect(account.answer(message("POST", tfa, "{}")).body == "CSRF error: missing_cookie")
        #expect(
            account.answer(message("POST", tfa, "{}", ["cookie": "bbl_csrf_token=x"])).body
                == "CSRF error: missing_header")
    }
}
