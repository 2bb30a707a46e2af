import TLS

/// The certificate authorities of the current configuration, by file.
///
/// The loader reads the files, so that no connection waits for a disk. Confined to the event loop's thread.
final class TrustStores {
    private var stores: [String: TrustStore] = [:]

    /// Replaces the authorities with those of a new configuration.
    func use(_ stores: [String: TrustStore]) {
        self.stores = stores
    }

    /// - Parameter file: a `ca_file`; `nil` for the system's authorities.
    func store(of file: String?) throws(TrustStore.Unreadable) -> TrustStore {
        guard let store = stores[file ?? Self.system] else {
            throw TrustStore.Unreadable(
                description: "\(file ?? "the file of the system's authorities") was not read with the configuration")
        }
        return store
    }

    /// The key of the system's authorities, which cannot be the name of a file.
    static let system = ""
}
