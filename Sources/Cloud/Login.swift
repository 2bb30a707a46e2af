package import Platform

/// The steps of signing in to an account. It performs no input and output: it receives answers and returns actions.
///
/// Source: OpenBambuAPI cloud-http.md:13-37; bambuddy bambu_cloud.py:419-500.
package struct Login: Sendable {
    package enum Question: Sendable, Equatable {
        case password
        /// The code in the e-mail or the text message that was sent.
        case mailedCode
        /// The code of an authenticator app.
        case authenticatorCode
    }

    package enum Action: Sendable, Equatable {
        case ask(Question, hint: String)
        case send(CloudRequest)
        /// - Parameter lifetime: The lifetime of the token in seconds; `nil` if the response does not contain it.
        case finish(Secret, lifetime: Double?)
        case fail(String)
    }

    private enum Stage: Sendable {
        case password, codeRequest, code, csrf(code: Secret), authenticator(code: Secret), authenticatorAtAPI
    }

    /// The number of wrong codes after which signing in fails.
    private static let tries = 3

    private let account: String
    private var stage = Stage.password
    private var tfaKey = Secret("")
    private var wrongCodes = 0

    package init(account: String) {
        self.account = account
    }

    private var isTelephone: Bool { !account.contains("@") }

    package mutating func start() -> Action {
        .ask(.password, hint: "")
    }

    package mutating func answered(_ question: Question, _ text: Secret) -> Action {
        switch question {
        case .password where text.revealed.isEmpty: return requestCode()
        // Every code has six digits, and no password consists of six digits only.
        case .password where !Self.isCode(text.revealed):
            stage = .password
            return post(Self.loginPath, ["account": account, "password": text.revealed, "apiError": ""])
        case .password, .mailedCode:
            stage = .code
            return post(Self.loginPath, ["account": account, "code": text.revealed])
        case .authenticatorCode:
            stage = .csrf(code: text)
            var request = CloudRequest("/api/csrf")
            request.host = .site
            return .send(request)
        }
    }

    private static let loginPath = "/v1/user-service/user/login"

    private static func isCode(_ text: String) -> Bool {
        text.utf8.count == 6 && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    private mutating func requestCode() -> Action {
        stage = .codeRequest
        return isTelephone
            ? post("/api/v1/user-service/user/sendsmscode", ["phone": account, "type": "codeLogin"], to: .site)
            : post("/v1/user-service/user/sendemail/code", ["email": account, "type": "codeLogin"])
    }

    private func post(_ path: String, _ members: [String: String], to host: CloudRequest.Host = .api) -> Action {
        .send(CloudRequest(post: path, members, host: host))
    }

    package mutating func received(_ result: Result<CloudResponse, CloudFailure>) -> Action {
        switch result {
        case .failure(let failure): .fail("The account is not reachable: \(failure). Try again.")
        case .success(let answer):
            switch stage {
            case .password: passwordAnswered(answer)
            case .codeRequest: codeRequested(answer)
            case .code: codeAnswered(answer)
            case .csrf(let code): csrfAnswered(answer, code)
            case .authenticator(let code): authenticatorAnswered(answer, code)
            case .authenticatorAtAPI: authenticatorAnswered(answer, nil)
            }
        }
    }

    private mutating func passwordAnswered(_ answer: CloudResponse) -> Action {
        guard let body = LoginBody(answer) else {
            let isRefusal = [400, 401].contains(answer.status) && answer.envelope != nil
            return .fail(
                isRefusal
                    ? "The account or its password is wrong. If you leave the password empty, a code is sent instead."
                    : Self.words(for: answer))
        }
        return proceed(body)
    }

    private mutating func proceed(_ body: LoginBody) -> Action {
        if let token = body.token { return .finish(Secret(token), lifetime: body.expiresIn) }
        if let key = body.tfaKey, !key.isEmpty, body.loginType == "tfa" || body.loginType == nil || body.loginType == ""
        {
            tfaKey = Secret(key)
            return .ask(.authenticatorCode, hint: "")
        }
        return body.loginType == "verifyCode"
            ? requestCode() : .fail("The response of the account contains neither a token nor a question.")
    }

    private mutating func codeRequested(_ answer: CloudResponse) -> Action {
        guard (200..<300).contains(answer.status), answer.failure(at: 0)?.kind != .limited else {
            return .fail("The code could not be sent. " + Self.words(for: answer))
        }
        let way = isTelephone ? "by text message" : "by e-mail"
        return .ask(.mailedCode, hint: "A code was sent \(way). If you got several, use the latest one.")
    }

    private mutating func codeAnswered(_ answer: CloudResponse) -> Action {
        if let body = LoginBody(answer) { return proceed(body) }
        guard [400, 401].contains(answer.status), let envelope = answer.envelope else {
            return .fail(Self.words(for: answer))
        }
        // 1: expired, 2: wrong.
        return askAgain(.mailedCode, envelope.code == 1 ? "The code has expired." : "The code is wrong.")
    }

    private mutating func askAgain(_ question: Question, _ reason: String) -> Action {
        wrongCodes += 1
        return wrongCodes < Self.tries
            ? .ask(question, hint: "\(reason) Try again:")
            : .fail("\(reason) Run `bambu_exporter login` again to get a new one.")
    }

    private mutating func csrfAnswered(_ answer: CloudResponse, _ code: Secret) -> Action {
        if Self.isChallenge(answer) { return sendToAPI(code) }
        stage = .authenticator(code: code)
        var request = CloudRequest(
            post: "/api/sign-in/tfa", ["tfaKey": tfaKey.revealed, "tfaCode": code.revealed], host: .site)
        // The site requires both since 2026. Without the cookie, send the request as before.
        if let csrf = answer.cookies["bbl_csrf_token"], csrf.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3B }) {
            request.headers = ["Cookie": Secret("bbl_csrf_token=\(csrf)"), "x-bbl-csrf-token": Secret(csrf)]
        }
        return .send(request)
    }

    /// Whether the sign-in site, or Cloudflare in front of it, blocked the request.
    private static func isChallenge(_ answer: CloudResponse) -> Bool {
        answer.status == 403 || answer.failure(at: 0)?.kind == .limited
    }

    /// Sends the code to the API host, which accepts it without the challenges of the sign-in site. Source:
    /// filament-manager, pull request 62.
    private mutating func sendToAPI(_ code: Secret) -> Action {
        stage = .authenticatorAtAPI
        return post("/v1/user-service/user/tfa/login", ["tfaKey": tfaKey.revealed, "tfaCode": code.revealed])
    }

    /// - Parameter code: The code, for another attempt at the API host; `nil` if this was that attempt.
    private mutating func authenticatorAnswered(_ answer: CloudResponse, _ code: Secret?) -> Action {
        let body = LoginBody(answer)
        if (200..<300).contains(answer.status), let token = answer.cookies["token"] ?? body?.token, !token.isEmpty {
            return .finish(Secret(token), lifetime: body?.expiresIn)
        }
        if let code, Self.isChallenge(answer) { return sendToAPI(code) }
        if answer.status == 403, String(decoding: answer.body.prefix(1024), as: UTF8.self).hasInfix("CSRF") {
            return .fail(
                "The sign-in site rejected the form (CSRF); it may have changed. You can paste a token by hand.")
        }
        guard (200..<300).contains(answer.status) || [400, 401].contains(answer.status), answer.envelope != nil else {
            return .fail(Self.words(for: answer))
        }
        return askAgain(.authenticatorCode, "The code is wrong.")
    }

    private static func words(for answer: CloudResponse) -> String {
        guard let failure = answer.failure(at: 0) else { return "The account sent an unusable response." }
        return failure.kind == .limited
            ? "The account's site blocks this machine for now (\(failure)). Wait some minutes, or paste a token by hand."
            : "The account sent an unexpected response (\(failure))."
    }
}

/// The body of a response to a login.
private struct LoginBody {
    let token: String?
    let tfaKey: String?
    let loginType: String?
    let expiresIn: Double?

    /// - Returns: `nil` if the response reports an error or has no body of this kind.
    init?(_ answer: CloudResponse) {
        guard (200..<300).contains(answer.status), let members = JSONMembers(answer.body) else { return nil }
        token = members.text("accessToken").flatMap { $0.isEmpty ? nil : $0 }
        tfaKey = members.text("tfaKey")
        loginType = members.text("loginType")
        expiresIn = members.number("expiresIn")
    }
}
