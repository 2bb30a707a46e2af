import HTTP

extension ServerTLS {
    /// TLS as printers serve it: 1.2 alone.
    ///
    /// - Parameters:
    ///   - certificateFile: the leaf and its issuer, as PEM.
    ///   - keyFile: the leaf's key, as PEM.
    static func printer(certificateFile: String, keyFile: String) throws(Unusable) -> ServerTLS {
        var settings = Settings(certificateFile: certificateFile, keyFile: keyFile)
        settings.newest = .tls12
        return try ServerTLS(settings)
    }
}
