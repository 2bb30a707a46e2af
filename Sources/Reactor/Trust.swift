/// How to decide whether a peer is the printer, or the broker, it should be.
///
/// A printer's certificate names its serial and nothing else: no address, no issuer that a system store knows. Hence
/// only `host`, which is for brokers, asks for a host name.
package enum Trust: Sendable {
    /// The common name must be the serial, and the leaf must be `known` where there is one already.
    case firstUse(known: Fingerprint?)
    /// The chain must end in `store`, be valid today, and the common name must be the serial.
    case authority(TrustStore)
    /// The leaf must be this one, whatever it says.
    case pinned(Fingerprint)
    /// The chain must end in `store`, be valid today, and be for the host's name or address.
    case host(TrustStore)
    /// Anything goes.
    case unverified
}

/// Why a peer's certificate was refused.
package enum CertificateProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case missing
    case wrongName(found: String, wanted: String)
    case wrongHost(wanted: String)
    case changed(known: Fingerprint, found: Fingerprint)
    case notPinned(found: Fingerprint)
    /// The chain does not end in a trusted authority, or is not valid today; OpenSSL's words.
    case untrusted(String)

    package var description: String {
        switch self {
        case .missing:
            "it sent no certificate that can be read"
        case .wrongName(let found, let wanted):
            "its certificate is for \(found), not for \(wanted)"
        case .wrongHost(let wanted):
            "its certificate is not for \(wanted)"
        case .changed(let known, let found):
            "its certificate changed from \(known) to \(found)"
        case .notPinned(let found):
            "its certificate is \(found), not the pinned one"
        case .untrusted(let reason):
            "its certificate does not lead to a trusted authority: \(reason)"
        }
    }
}
