import Glibc
import HTTP
import Reactor

/// A simulated account: its sign-in, its token, the printers that are bound to it, and its faults. May be used from any
/// thread.
package final class SimulatedAccount: Sendable {
    private struct State {
        var token: String
        var devices: [Device] = []
        var faults: [CloudFault] = []
        var requests: [(api: String, message: CloudMessage)] = []
        var mails = 0
        var csrf: Set<String> = []
        var tfaKeys: Set<String> = []
    }

    /// The parts of the REST interface.
    package static let apis = [
        "login", "code", "csrf", "tfa", "bind", "version", "print", "tasks", "preference", "ttcode",
    ]

    /// Answers of `ttcode` that must not be exported.
    package static let cameraSecrets = ["TTCODE0123456789ABCD", "authkey-7890", "passwd-4321"]

    package let options: AccountOptions
    private let state: Locked<State>

    package init(_ options: AccountOptions = AccountOptions()) {
        self.options = options
        state = Locked(State(token: Self.token(options)))
    }

    /// The token that is accepted now.
    package var token: String { state.withLock { $0.token } }

    /// Every request so far, with the part of the interface that it went to; "" for none.
    package var requests: [(api: String, message: CloudMessage)] { state.withLock { $0.requests } }

    package func count(_ api: String) -> Int { state.withLock { $0.requests.count { $0.api == api } } }

    /// E-mails and text messages that were asked for.
    package var mails: Int { state.withLock { $0.mails } }

    package func bind(_ device: Device) { state.withLock { $0.devices.append(device) } }

    package func unbind(_ serial: String) { state.withLock { $0.devices.removeAll { $0.serial == serial } } }

    package func change(_ serial: String, _ body: (inout Device) -> Void) {
        state.withLock { state in
            guard let index = state.devices.firstIndex(where: { $0.serial == serial }) else { return }
            body(&state.devices[index])
        }
    }

    /// Accepts the token no longer; `renew` makes another one.
    package func revoke() { state.withLock { $0.token = "" } }

    /// Makes another token, which alone is accepted from now on.
    package func renew() { state.withLock { $0.token = Self.token(options) } }

    /// Lets a fault of the interface begin or end.
    package func set(_ fault: CloudFault, _ isOn: Bool = true) {
        state.withLock { state in
            state.faults.removeAll { $0.kind == fault.kind && $0.target == fault.target }
            if isOn { state.faults.append(fault) }
        }
    }

    package func clearFaults() { state.withLock { $0.faults = [] } }

    private static func noise() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    /// A token as the cloud issues it: three parts, of which the middle one names owner and end; or an opaque one.
    private static func token(_ options: AccountOptions) -> String {
        let noise = noise() + noise()
        guard options.hasOpenToken else { return "AADB" + noise + noise }
        let claims = #"{"exp":\#(time(nil) + 7_776_000),"username":"u_\#(options.uid)","n":"\#(noise)"}"#
        return "eyJhbGciOiJub25lIn0."
            + Base64.text(of: Array(claims.utf8)).filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
            + ".c2ln" + noise
    }

    /// Answers a request.
    func answer(_ message: CloudMessage) -> CloudReply {
        let api = Self.api(of: message)
        return state.withLock { state in
            state.requests.append((api, message))
            guard !api.isEmpty else { return CloudReply(404, code: 404, error: "not found") }
            let isSignIn = ["login", "code", "csrf", "tfa", "apiTFA"].contains(api)
            if let fault = state.faults.first(where: { $0.target.map { $0 == api } ?? !isSignIn }) {
                return CloudReply(fault.kind, secret: state.token)
            }
            if isSignIn { return signIn(api, message, &state) }
            if api == "texts" { return SimulatedCatalogue.answer(message) }
            guard !state.token.isEmpty, message.headers["authorization"] == "Bearer \(state.token)" else {
                return CloudReply(.refused, secret: "")
            }
            return serve(api, message, state)
        }
    }

    private static func api(of message: CloudMessage) -> String {
        switch (message.method, message.path) {
        case (.post, "/v1/user-service/user/login"): "login"
        case (.post, "/v1/user-service/user/sendemail/code"), (.post, "/api/v1/user-service/user/sendsmscode"): "code"
        case (.get, "/api/csrf"): "csrf"
        case (.post, "/api/sign-in/tfa"): "tfa"
        case (.post, "/v1/user-service/user/tfa/login"): "apiTFA"
        case (.get, "/v1/iot-service/api/user/bind"): "bind"
        case (.get, "/v1/iot-service/api/user/device/version"): "version"
        case (.get, "/v1/iot-service/api/user/print"): "print"
        case (.get, "/v1/user-service/my/tasks"): "tasks"
        case (.get, "/v1/design-user-service/my/preference"): "preference"
        case (.post, "/v1/iot-service/api/user/ttcode"): "ttcode"
        case (.get, "/query.php"): "texts"
        default: ""
        }
    }

    private func signIn(_ api: String, _ message: CloudMessage, _ state: inout State) -> CloudReply {
        switch api {
        case "login": return logIn(message, &state)
        case "apiTFA":
            let isRight =
                state.tfaKeys.contains(message.member("tfaKey"))
                && message.member("tfaCode") == options.authenticatorCode
            return isRight ? welcome(state) : CloudReply(400, code: 5, error: "Incorrect code")
        case "code":
            guard [message.member("email"), message.member("phone")].contains(options.email) else {
                return CloudReply(400, code: 3, error: "no such account")
            }
            state.mails += 1
            return CloudReply(#"{"message":"success","code":null,"error":null}"#)
        case "csrf":
            let csrf = Self.noise()
            state.csrf.insert(csrf)
            let cookie = "bbl_csrf_token=\(csrf); Path=/; HttpOnly; SameSite=Lax"
            return CloudReply(
                #"{"ok":true}"#, headers: [("Set-Cookie", "locale=en; Path=/"), ("Set-Cookie", cookie)])
        default: return authenticate(message, &state)
        }
    }

    private func logIn(_ message: CloudMessage, _ state: inout State) -> CloudReply {
        guard message.member("account") == options.email else {
            return CloudReply(400, code: 1, error: "Incorrect account or password")
        }
        let code = message.member("code")
        if !code.isEmpty {
            // A code that was never sent cannot be right.
            guard state.mails > 0 else { return CloudReply(400, code: 1, error: "Code has expired") }
            return code == options.mailedCode ? welcome(state) : CloudReply(400, code: 2, error: "Incorrect code")
        }
        guard message.member("password") == options.password else {
            return CloudReply(400, code: 1, error: "Incorrect account or password")
        }
        switch options.way {
        case .password: return welcome(state)
        case .code:
            return CloudReply(
                #"{"accessToken":"","refreshToken":"","expiresIn":0,"tfaKey":"","loginType":"verifyCode"}"#)
        case .authenticator:
            let key = Self.noise()
            state.tfaKeys.insert(key)
            return CloudReply(
                #"{"accessToken":"","refreshToken":"","expiresIn":0,"tfaKey":"\#(key)","accessMethod":"tfa","loginType":"tfa"}"#
            )
        }
    }

    private func welcome(_ state: State) -> CloudReply {
        CloudReply(
            #"{"success":true,"accessToken":"\#(state.token)","refreshToken":"\#(state.token)","expiresIn":7776000,"tfaKey":"","accessMethod":"","loginType":""}"#
        )
    }

    private func authenticate(_ message: CloudMessage, _ state: inout State) -> CloudReply {
        guard let cookie = message.cookie("bbl_csrf_token") else {
            return CloudReply("CSRF error: missing_cookie", status: 403)
        }
        guard let field = message.headers["x-bbl-csrf-token"] else {
            return CloudReply("CSRF error: missing_header", status: 403)
        }
        guard cookie == field, state.csrf.contains(cookie) else {
            return CloudReply("CSRF error: mismatch", status: 403)
        }
        guard state.tfaKeys.contains(message.member("tfaKey")), message.member("tfaCode") == options.authenticatorCode
        else { return CloudReply(400, code: 2, error: "Incorrect code") }
        return CloudReply(
            #"{"ok":true}"#, headers: [("Set-Cookie", "token=\(state.token); Path=/; Secure; HttpOnly")])
    }

    private func serve(_ api: String, _ message: CloudMessage, _ state: State) -> CloudReply {
        let head = #""message":"success","code":null,"error":null"#
        func device(_ serial: String) -> Device? { state.devices.first { $0.serial == serial } }
        switch api {
        case "bind": return CloudReply("{\(head),\"devices\":[\(state.devices.map(\.bound).joined(separator: ","))]}")
        case "print":
            return CloudReply("{\(head),\"devices\":[\(state.devices.map(\.printing).joined(separator: ","))]}")
        case "version":
            // Without a serial number, every device of the account.
            let found = message.query["dev_id"].map { serial in state.devices.filter { $0.serial == serial } }
            let versions = (found ?? state.devices).map(\.version).joined(separator: ",")
            return CloudReply("{\(head),\"devices\":[\(versions)]}")
        case "tasks":
            let task = device(message.query["deviceId"] ?? "")?.task ?? ""
            return CloudReply("{\"total\":\(task.isEmpty ? 0 : 1),\"hits\":[\(task)]}")
        case "preference": return CloudReply("{\(head),\"uid\":\(options.uid),\"name\":\"maker\",\"handle\":\"maker\"}")
        default:
            guard device(message.member("dev_id")) != nil else { return CloudReply(403, code: 8, error: "not yours") }
            let secrets = Self.cameraSecrets
            return CloudReply(
                #"{\#(head),"ttcode":"\#(secrets[0])","authkey":"\#(secrets[1])","passwd":"\#(secrets[2])","region":"us","type":"tutk","streams":null,"peers":null}"#
            )
        }
    }
}
