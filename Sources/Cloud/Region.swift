/// The region of an account, which determines its hosts.
package enum Region: String, CaseIterable, Sendable {
    case global, china

    /// The base URL of the REST API.
    package var api: String { self == .global ? "https://api.bambulab.com" : "https://api.bambulab.cn" }

    /// The base URL of the website for signing in. Only it accepts authenticator codes and sends codes by text message.
    package var site: String { self == .global ? "https://bambulab.com" : "https://bambulab.cn" }

    package var broker: String { self == .global ? "us.mqtt.bambulab.com" : "cn.mqtt.bambulab.com" }
}
