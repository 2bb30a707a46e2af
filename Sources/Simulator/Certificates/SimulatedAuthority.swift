import Glibc

/// The authority that signs the certificates of simulated printers, instead of Bambu Lab's.
package final class SimulatedAuthority: Sendable {
    package struct Leaf: Sendable, Hashable {
        /// The common name; the serial on a real printer.
        package var commonName: String
        /// The number of the certificate; another number creates another leaf with another fingerprint.
        package var number = 1
        /// Seconds from the creation of the authority to the end of its validity; negative for an expired certificate.
        /// The default is ten years, as on real printers.
        package var validFor = 315_360_000
        /// The subject alternative names, such as `DNS:localhost`; empty for a printer.
        package var hosts: [String] = []
    }

    private let name: String
    private let key: PrivateKey
    private let created: Int
    package let certificate: Certificate

    /// - Parameters:
    ///   - key: may also be the key of the printers: creating one is slow, and nothing here is secret.
    ///   - created: seconds since 1970; the same key and time create identical certificates.
    package init(
        name: String = "Simulated Printer CA", key: PrivateKey, created: Int = time(nil)
    ) throws(SimulatorError) {
        self.name = name
        self.key = key
        self.created = created
        let leaf = Leaf(commonName: name, validFor: 20 * 31_536_000)
        certificate = try Certificate(leaf, isAuthority: true, issuer: name, created: created, key: key, signer: key)
    }

    package func issue(_ leaf: Leaf, for key: PrivateKey) throws(SimulatorError) -> Certificate {
        try Certificate(leaf, isAuthority: false, issuer: name, created: created, key: key, signer: self.key)
    }
}
