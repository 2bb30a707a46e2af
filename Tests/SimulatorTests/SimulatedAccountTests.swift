import CommandFlags
import HTTP
import Testing

@testable import Simulator

@Suite("The simulated account")
struct SimulatedAccountTests {
    private func message(
        _ method: HTTP.Request.Method, _ path: String, _ body: String = "", _ headers: [String: String] = [:]
    ) -> CloudMessage {
        CloudMessage(method: method, path: path, query: [:], headers: headers, body: Array(body.utf8))
    }

    @Test func `a fault is parsed with API, delay and duration`() throws {
        let fault = try CloudFault(parsing: "limited@bind,after=30s,for=1m")
        #expect(fault.kind == .limited && fault.target == "bind")
        #expect(fault.after == .seconds(30) && fault.lasting == .seconds(60))
        #expect(try CloudFault(parsing: "hang").lasting == nil)
    }

    @Test(arguments: ["", "nothing", "hang@nowhere", "hang,soon", "hang,after=x", "hang,before=1s"])
    func `an invalid fault is rejected`(text: String) {
        #expect(throws: UsageError.self) { try CloudFault(parsing: text) }
    }

    @Test func `flags configure an account with its printers`() throws {
        let options = try ProgramOptions(arguments: [
            "--account-printer=P1S:ams@attic", "--printer=X1C@studio", "--sign-in=authenticator", "--cloud-fault=error",
        ])
        let printers = try options.namedPrinters()
        #expect(printers.map(\.isBound) == [true, false] && printers.map(\.hasLAN) == [false, true])
        #expect(options.fleet.account.signInMethod == .authenticator && options.cloudFaults.map(\.kind) == [.error])
    }

    @Test func `query, cookies and body members are read from a request`() throws {
        let target = try RequestTarget("/x?a=1&b=2", method: .post)
        let request = try Request(.post, target, headers: ["Host": "x", "Cookie": "a=1; b=2"])
        let message = CloudMessage(request, body: Array(#"{"code":"1\"2"}"#.utf8))
        #expect(message.path == "/x" && message.query == ["a": "1", "b": "2"])
        #expect(message.cookie("b") == "2" && message.cookie("c") == nil && message.member("code") == "1\"2")
    }

    @Test func `requests need the token, and sign-in needs the CSRF cookie`() {
        let account = SimulatedAccount()
        let bind = "/v1/iot-service/api/user/bind"
        #expect(account.answer(message(.get, bind)).status == 401)
        #expect(account.answer(message(.get, bind, "", ["authorization": "Bearer \(account.token)"])).status == 200)
        account.revoke()
        #expect(account.answer(message(.get, bind, "", ["authorization": "Bearer "])).status == 401)
        let tfa = "/api/sign-in/tfa"
        #expect(account.answer(message(.post, tfa, "{}")).body == "CSRF error: missing_cookie")
        #expect(
            account.answer(message(.post, tfa, "{}", ["cookie": "bbl_csrf_token=x"])).body
                == "CSRF error: missing_header")
    }
}
