import COpenSSL

/// The fields of a peer's leaf certificate.
package struct PeerCertificate: Sendable, Equatable {
    package let fingerprint: Fingerprint
    /// The subject's common name, byte for byte; `nil` if there is not exactly one.
    package let commonName: [UInt8]?
    /// The end of the validity, in seconds since 1970; `nil` if the date is unreadable.
    package let expiry: Int64?

    init?(_ certificate: OpaquePointer) {
        guard let fingerprint = Fingerprint(certificate: certificate) else { return nil }
        self.fingerprint = fingerprint
        commonName = Self.commonName(of: certificate)
        expiry = Self.expiry(of: certificate)
    }

    /// The common name for messages; invalid UTF-8 is replaced and the length limited.
    package var readableName: String {
        guard let commonName else { return "no name" }
        return String(decoding: commonName.prefix(64), as: UTF8.self)
    }

    private static func commonName(of certificate: OpaquePointer) -> [UInt8]? {
        let subject = X509_get_subject_name(certificate)
        let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        // Certificates with several names are ambiguous, so reject them.
        guard index >= 0, X509_NAME_get_index_by_NID(subject, NID_commonName, index) < 0 else { return nil }
        guard let value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)) else { return nil }
        guard let data = ASN1_STRING_get0_data(value) else { return nil }
        return Array(UnsafeBufferPointer(start: data, count: Int(max(0, ASN1_STRING_length(value)))))
    }

    private static func expiry(of certificate: OpaquePointer) -> Int64? {
        guard let end = X509_get0_notAfter(certificate), let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, end) == 1 else { return nil }
        return Int64(days) * 86400 + Int64(seconds)
    }
}
