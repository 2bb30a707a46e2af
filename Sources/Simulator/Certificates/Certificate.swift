import COpenSSL
import Glibc

/// An X.509 certificate. Sendable, because its `X509` does not change after `init`.
package final class Certificate: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Creates a certificate, whose validity is relative to `created`, in seconds since 1970.
    init(
        _ leaf: SimulatedAuthority.Leaf, isAuthority: Bool, issuer: String, created: Int, key: PrivateKey,
        signer: PrivateKey
    ) throws(SimulatorError) {
        guard let certificate = X509_new() else { throw .openSSL(operation: "X509_new") }
        pointer = certificate
        // The leaves of X1, P1 and A1 are X.509 version 1: no extensions, so no subjectAltName.
        X509_set_version(certificate, isAuthority || !leaf.hosts.isEmpty ? 2 : 0)
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), leaf.number)
        var origin = time_t(created)
        X509_time_adj(X509_getm_notBefore(certificate), min(-86_400, leaf.validFor - 86_400), &origin)
        X509_time_adj(X509_getm_notAfter(certificate), leaf.validFor, &origin)
        X509_set_pubkey(certificate, key.pointer)
        try Self.setName(X509_get_subject_name(certificate), to: leaf.commonName)
        try Self.setName(X509_get_issuer_name(certificate), to: issuer)
        if isAuthority { try addExtension(NID_basic_constraints, "critical,CA:TRUE") }
        if !leaf.hosts.isEmpty { try addExtension(NID_subject_alt_name, leaf.hosts.joined(separator: ",")) }
        guard X509_sign(certificate, signer.pointer, EVP_sha256()) > 0 else { throw .openSSL(operation: "X509_sign") }
    }

    deinit {
        X509_free(pointer)
    }

    private func addExtension(_ kind: Int32, _ value: String) throws(SimulatorError) {
        guard let added = X509V3_EXT_conf_nid(nil, nil, kind, value) else {
            throw .openSSL(operation: "X509V3_EXT_conf_nid")
        }
        defer { X509_EXTENSION_free(added) }
        X509_add_ext(pointer, added, -1)
    }

    private static func setName(_ name: OpaquePointer?, to text: String) throws(SimulatorError) {
        let utf8: Int32 = 0x1000  // MBSTRING_UTF8, a macro that Swift does not see
        let bytes = Array(text.utf8)
        guard X509_NAME_add_entry_by_NID(name, NID_commonName, utf8, bytes, Int32(clamping: bytes.count), -1, 0) == 1
        else { throw .openSSL(operation: "X509_NAME_add_entry_by_NID") }
    }

    package func pem() throws(SimulatorError) -> [UInt8] {
        try MemoryBIO.collect("PEM_write_bio_X509") { PEM_write_bio_X509($0, pointer) }
    }
}
