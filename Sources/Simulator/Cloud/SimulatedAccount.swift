import Glibc
import HTTP
import Platform

/// A simulated account: sign-in, token, bound printers and faults. May be used from any thread.
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

    package static let apis = [
        "login", "code", "csrf", "tfa", "bind", "version", "print", "tasks", "preference", "ttcode",
    ]

    /// Secrets in the answers of `ttcode`, which must not be exported.
    package static let cameraSecrets = ["TTCODE0123456789ABCD", "authkey-7890", "passwd-4321"]

    package let options: AccountOptions
    private let state: Locked<State>

    package init(_ options: AccountOptions = AccountOptions()) {
        self.options = options
        state = Locked(State(token: Self.token(options)))
    }

    package var token: String { state.withLock { $0.token } }

    /// All requests so far, with the part of the API that each was sent to; "" for none.
    package var requests: [(api: String, message: CloudMessage)] { state.withLock { $0.requests } }

    package func count(_ api: String) -> Int { state.withLock { $0.requests.count { $0.api == api } } }

    /// The number of e-mails and text messages that were requested.
    package var mails: Int { state.withLock { $0.mails } }

    package func bind(_ device: Device) { state.withLock { $0.devices.append(device) } }

    package func unbind(_ serial: String) { state.withLock { $0.devices.removeAll { $0.serial == serial } } }

    package func change(_ serial: String, _ body: (inout Device) -> Void) {
        state.withLock { state in
            guard let index = state.devices.firstIndex(where: { $0.serial == serial }) else { return }
            body(&state.devices[index])
        }
    }

    /// Revokes the token; `renew` creates another one.
    package func revoke() { state.withLock { $0.token = "" } }

    /// Creates another token; the old one is no longer accepted.
    package func renew() { state.withLock { $0.token = Self.token(options) } }

    package func set(_ fault: CloudFault, _ isOn: Bool = true) {
        state.withLock { state in
            state.faults.removeAll { $0.kind == fault.kind && $0.target == fault.target }
            if isOn { state.faults.append(fault) }
        }
    }

    package func clearFaults() { state.withLock { $0.faults = [] } }

    private static func noise() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    /// A token as the cloud issues it: a JWT with owner and expiry, or an opaque string.
    private static func token(_ options: AccountOptions) -> String {
        let noise = noise() + noise()
        guard options.hasOpenToken else { return "AADB" + noise + noise }
        let claims = #"{"exp":\#(time(nil) + 7_776_000),"username":"u_\#(options.uid)","n":"\#(noise)"}"#
        return "eyJhbGciOiJub25lIn0."
            + Base64.text(of: Array(claims.utf8)).filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
            + ".c2ln" + noise
    }

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
            return hasCode(message, state) ? tokenReply(state) : CloudReply(400, code: 5, error: "Incorrect code")
        case "code":
            guard [message.member("email"), message.member("phone")].contains(options.email) else {
                return CloudReply(400, code: 3, error: "no such account")
            }
            state.mails += 1
            return CloudReply(body: #"{"message":"success","code":null,"error":null}"#)
        case "csrf":
            let csrf = Self.noise()
            state.csrf.insert(csrf)
            let cookie = "bbl_csrf_token=\(csrf); Path=/; HttpOnly; SameSite=Lax"
            return CloudReply(
                body: #"{"ok":true}"#, headers: [("Set-Cookie", "locale=en; Path=/"), ("Set-Cookie", cookie)])
        default: return authenticate(message, &state)
        }
    }

    private func logIn(_ message: CloudMessage, _ state: inout State) -> CloudReply {
        let refusal = CloudReply(400, code: 1, error: "Incorrect account or password")
        guard message.member("account") == options.email else { return refusal }
        let code = message.member("code")
        if !code.isEmpty {
            // A code is valid only after it was sent.
            guard state.mails > 0 else { return CloudReply(400, code: 1, error: "Code has expired") }
            return code == options.mailedCode ? tokenReply(state) : CloudReply(400, code: 2, error: "Incorrect code")
        }
        guard message.member("password") == options.password else { return refusal }
        switch options.signInMethod {
        case .password: return tokenReply(state)
        case .code:
            return CloudReply(
                body: #"{"accessToken":"","refreshToken":"","expiresIn":0,"tfaKey":"","loginType":"verifyCode"}"#)
        case .authenticator:
            let key = Self.noise()
            state.tfaKeys.insert(key)
            return CloudReply(
                body: """
                    {"accessToken":"","refreshToken":"","expiresIn":0,"tfaKey":\(key),\
                    "accessMethod":"tfa","loginType":"tfa"}
                    """)
        }
    }

    private func tokenReply(_ state: State) -> CloudReply {
        CloudReply(
            body: """
                {"success":true,"accessToken":\(state.token),"refreshToken":\(state.token),"expiresIn":7776000,\
                "tfaKey":"","accessMethod":"","loginType":""}
                """)
    }

    private func authenticate(_ message: CloudMessage, _ state: inout State) -> CloudReply {
        func refusal(_ reason: String) -> CloudReply {
            CloudReply(body: "CSRF error: \(verbatim: reason)", status: 403)
        }
        guard let cookie = message.cookie("bbl_csrf_token") else { return refusal("missing_cookie") }
        guard let field = message.headers["x-bbl-csrf-token"] else { return refusal("missing_header") }
        guard cookie == field, state.csrf.contains(cookie) else { return refusal("mismatch") }
        guard hasCode(message, state) else { return CloudReply(400, code: 2, error: "Incorrect code") }
        return CloudReply(
            body: #"{"ok":true}"#, headers: [("Set-Cookie", "token=\(state.token); Path=/; Secure; HttpOnly")])
    }

    private func hasCode(_ message: CloudMessage, _ state: State) -> Bool {
        state.tfaKeys.contains(message.member("tfaKey")) && message.member("tfaCode") == options.authenticatorCode
    }

    private func serve(_ api: String, _ message: CloudMessage, _ state: State) -> CloudReply {
        func device(_ serial: String?) -> Device? { state.devices.first { $0.serial == serial } }
        func list(_ elements: [JSONText]) -> CloudReply { CloudReply(success: #""devices":[\#(elements)]"#) }
        switch api {
        case "bind": return list(state.devices.map(\.bound))
        case "print": return list(state.devices.map(\.printing))
        case "version":
            // A request without a serial number returns every device of the account.
            let serial = message.query["dev_id"]
            return list(state.devices.filter { serial == nil || $0.serial == serial }.map(\.version))
        case "tasks":
            let task = device(message.query["deviceId"])?.task ?? ""
            return CloudReply(body: #"{"total":\#(task.isEmpty ? 0 : 1),"hits":[\#(verbatim: task)]}"#)
        case "preference":
            return CloudReply(success: #""uid":\#(options.uid),"name":"maker","handle":"maker""#)
        default:
            guard device(message.member("dev_id")) != nil else { return CloudReply(403, code: 8, error: "not yours") }
            let secrets = Self.cameraSecrets
            return CloudReply(
                success: """
                    "ttcode":\(secrets[0]),"authkey":\(secrets[1]),"passwd":\(secrets[2]),"region":"us","type":"tutk",\
                    "streams":null,"peers":null
                    """)
        }
    }
}
