/// How a peer's certificate is verified.
///
/// A printer's certificate contains its serial number as common name, but no address, and its issuer is in no system
/// store. So only `host`, which is for brokers, verifies the host name.
package enum CertificatePolicy: Sendable {
    /// The common name must be the serial number, and the leaf must be `known` unless that is `nil`.
    case firstUse(known: Fingerprint?)
    /// The chain must end in `store` and be valid today, and the common name must be the serial number.
    case authority(TrustStore)
    /// The leaf must have this fingerprint; its content is not checked.
    case pinned(Fingerprint)
    /// The chain must end in `store`, be valid today and match the host's name or address.
    case host(TrustStore)
    case unverified
}

/// Why a peer's certificate was rejected.
package enum CertificateProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case missing
    case wrongName(found: String, wanted: String)
    case wrongHost(wanted: String)
    case changed(known: Fingerprint, found: Fingerprint)
    case notPinned(found: Fingerprint)
    /// The chain does not end in a trusted authority or is not valid today; OpenSSL's reason.
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
