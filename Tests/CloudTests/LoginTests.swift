import Platform
import Testing

@testable import Cloud

@Suite("Login")
struct LoginTests {
    private func answer(_ body: String, status: Int = 200, cookies: [String: String] = [:]) -> Result<
        CloudResponse, CloudFailure
    > {
        .success(CloudResponse(status: status, cookies: cookies, body: Array(body.utf8)))
    }

    private func sent(_ action: Login.Action) -> (path: String, body: String?) {
        guard case .send(let request) = action else { return ("\(action)", nil) }
        return (request.path, request.body?.revealed)
    }

    @Test func `a sufficient password returns the token and its lifetime`() {
        var login = Login(account: "a@b")
        #expect(login.start() == .ask(.password, hint: ""))
        let first = sent(login.answered(.password, Secret("pass\"wörd\n")))
        #expect(first.path == "/v1/user-service/user/login")
        #expect(first.body == #"{"account":"a@b","apiError":"","password":"pass\"wörd\n"}"#)
        #expect(
            login.received(
                answer(#"{"accessToken":"T","refreshToken":"R","expiresIn":7776000,"tfaKey":"","loginType":""}"#))
                == .finish(Secret("T"), lifetime: 7_776_000))
    }

    @Test func `requests a code by e-mail if the account requires it`() {
        var login = Login(account: "a@b")
        _ = login.answered(.password, Secret("password"))
        let request = sent(login.received(answer(#"{"accessToken":"","loginType":"verifyCode"}"#)))
        #expect(request.path == "/v1/user-service/user/sendemail/code")
        #expect(request.body == #"{"email":"a@b","type":"codeLogin"}"#)
        guard case .ask(.mailedCode, _) = login.received(answer("{}")) else {
            Issue.record("unexpected action"); return
        }
        #expect(sent(login.answered(.mailedCode, Secret("123456"))).body == #"{"account":"a@b","code":"123456"}"#)
        #expect(login.received(answer(#"{"accessToken":"T"}"#)) == .finish(Secret("T"), lifetime: nil))
    }

    @Test func `an empty password requests a code, six digits are one`() {
        var login = Login(account: "a@b")
        #expect(sent(login.answered(.password, Secret(""))).path == "/v1/user-service/user/sendemail/code")
        login = Login(account: "a@b")
        #expect(sent(login.answered(.password, Secret("123456"))).body == #"{"account":"a@b","code":"123456"}"#)
        login = Login(account: "13812345678")
        #expect(sent(login.answered(.password, Secret(""))).path == "/api/v1/user-service/user/sendsmscode")
    }

    @Test func `sends an authenticator code with key, cookie and CSRF token`() {
        var login = Login(account: "a@b")
        _ = login.answered(.password, Secret("password"))
        #expect(
            login.received(answer(#"{"accessToken":"","loginType":"tfa","tfaKey":"K"}"#))
                == .ask(.authenticatorCode, hint: ""))
        #expect(sent(login.answered(.authenticatorCode, Secret("654321"))).path == "/api/csrf")
        let action = login.received(answer("{}", cookies: ["bbl_csrf_token": "C"]))
        guard case .send(let request) = action else { Issue.record("unexpected action"); return }
        #expect(request.host == .site && request.path == "/api/sign-in/tfa")
        #expect(request.body?.revealed == #"{"tfaCode":"654321","tfaKey":"K"}"#)
        #expect(request.headers == ["Cookie": Secret("bbl_csrf_token=C"), "x-bbl-csrf-token": Secret("C")])
        #expect(login.received(answer("{}", cookies: ["token": "T"])) == .finish(Secret("T"), lifetime: nil))
    }

    /// A login that waits for the sign-in site's response to an authenticator code.
    private func loginWithAuthenticator() -> Login {
        var login = Login(account: "a@b")
        _ = login.answered(.password, Secret("password"))
        _ = login.received(answer(#"{"accessToken":"","loginType":"tfa","tfaKey":"K"}"#))
        _ = login.answered(.authenticatorCode, Secret("654321"))
        return login
    }

    @Test func `sends an authenticator code to the API host if blocked`() {
        let challenge = answer("<html>Just a moment...", status: 403)
        for isLate in [false, true] {
            var login = loginWithAuthenticator()
            if isLate { _ = login.received(answer("{}")) }
            let request = sent(login.received(challenge))
            #expect(request.path == "/v1/user-service/user/tfa/login")
            #expect(request.body == #"{"tfaCode":"654321","tfaKey":"K"}"#)
            var refused = login
            guard case .ask(.authenticatorCode, _) = refused.received(answer(#"{"code":5}"#, status: 400)) else {
                Issue.record("a wrong code is not requested again")
                return
            }
            #expect(
                login.received(answer(#"{"accessToken":"T","expiresIn":7776000}"#))
                    == .finish(Secret("T"), lifetime: 7_776_000))
        }
    }

    @Test func `suggests pasting a token if both hosts block the code`() {
        var login = loginWithAuthenticator()
        let challenge = answer("<html>Just a moment...", status: 403)
        _ = login.received(challenge)
        guard case .fail(let reason) = login.received(challenge) else {
            Issue.record("the login did not fail")
            return
        }
        #expect(reason.contains("paste a token by hand"))
    }

    @Test func `the third wrong code fails the login`() {
        var login = Login(account: "a@b")
        for round in 1...3 {
            _ = login.answered(.mailedCode, Secret("000000"))
            let action = login.received(answer(#"{"code":\#(round == 2 ? 1 : 2),"error":"x"}"#, status: 400))
            switch action {
            case .ask(.mailedCode, let hint):
                #expect(round < 3 && hint.hasPrefix(round == 2 ? "The code has expired." : "The code is wrong."))
            case .fail: #expect(round == 3)
            default: Issue.record("unexpected action")
            }
        }
    }

    @Test(arguments: [
        (400, #"{"code":1,"error":"Incorrect account or password"}"#, "is wrong"),
        (403, "<html>cloudflare</html>", "blocks this machine"),
        (500, "{}", "unexpected response"), (200, "<html>", "neither"), (200, "{}", "neither"),
    ])
    func `failures have a message without the password`(status: Int, body: String, words: String) {
        var login = Login(account: "a@b")
        _ = login.answered(.password, Secret("hunter2hunter2"))
        guard case .fail(let reason) = login.received(answer(body, status: status)) else {
            Issue.record("unexpected action"); return
        }
        #expect(reason.contains(words) || status == 200, "\(reason)")
        #expect(!reason.contains("hunter2"))
    }

    @Test func `printed actions contain no secret`() {
        var login = Login(account: "a@b")
        #expect(!"\(login.answered(.password, Secret("hunter2hunter2")))".contains("hunter2"))
        #expect(!"\(Login.Action.finish(Secret("TOKEN"), lifetime: nil))".contains("TOKEN"))
    }
}
