/// How to decide whether a peer is the printer it should be.
///
/// A printer's certificate names its serial and nothing else: no address, no issuer that a system store knows. Hence
/// none of these asks for a host name.
package enum Trust: Sendable {
    /// The common name must be the serial, and the leaf must be `known` where there is one already.
    case firstUse(known: Fingerprint?)
    /// The chain must end in `store`, be valid today, and the common name must be the serial.
    case authority(TrustStore)
    /// The leaf must be this one, whatever it says.
    case pinned(Fingerprint)
    /// Anything goes.
    case unverified
}

/// Why a peer's certificate was refused.
package enum CertificateProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case missing
    case wrongName(found: String, wanted: String)
    case changed(known: Fingerprint, found: Fingerprint)
    case notPinned(found: Fingerprint)
    /// The chain does not end in the configured authority, or is not valid today; OpenSSL's words.
    case untrusted(String)

    package var description: String {
        switch self {
        case .missing:
            "it sent no certificate that can be read"
        case .wrongName(let found, let wanted):
            "its certificate is for \(found), not for \(wanted)"
        case .changed(let known, let found):
            "its certificate changed from \(known) to \(found)"
        case .notPinned(let found):
            "its certificate is \(found), not the pinned one"
        case .untrusted(let reason):
            "its certificate does not lead to the configured authority: \(reason)"
        }
    }
}
