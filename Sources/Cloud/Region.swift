/// Where an account is, and so which hosts know it.
package enum Region: String, CaseIterable, Sendable {
    case global, china

    /// The REST interface.
    package var api: String { self == .global ? "https://api.bambulab.com" : "https://api.bambulab.cn" }

    /// The site that people sign in at: it alone takes authenticator codes, and sends codes to telephones.
    package var site: String { self == .global ? "https://bambulab.com" : "https://bambulab.cn" }

    /// The broker.
    package var broker: String { self == .global ? "us.mqtt.bambulab.com" : "cn.mqtt.bambulab.com" }
}
