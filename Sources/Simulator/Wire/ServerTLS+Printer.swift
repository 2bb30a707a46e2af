import HTTP

extension ServerTLS {
    /// Creates the TLS context of a printer's server, which supports only TLS 1.2. The files are PEM.
    static func printer(certificateFile: String, keyFile: String) throws(Unusable) -> ServerTLS {
        var settings = Settings(certificateFile: certificateFile, keyFile: keyFile)
        settings.newest = .tls12
        return try ServerTLS(settings)
    }
}
