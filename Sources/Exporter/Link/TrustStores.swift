import Reactor

/// The certificate authorities of the current configuration, by file.
///
/// The loader reads the files, so that no connection waits for a disk. Confined to the event loop's thread.
final class TrustStores {
    private var stores: [String: TrustStore] = [:]

    /// Replaces the authorities with those of a new configuration.
    func use(_ stores: [String: TrustStore]) {
        self.stores = stores
    }

    /// The system's authorities, opened once for all connections. OpenSSL reads each one when a chain first needs it.
    func system() throws(TrustStore.Unreadable) -> TrustStore {
        if let store = stores[Self.systemKey] { return store }
        let store = try TrustStore(file: nil)
        stores[Self.systemKey] = store
        return store
    }

    /// Cannot be the name of a file.
    private static let systemKey = ""

    func store(of file: String) throws(TrustStore.Unreadable) -> TrustStore {
        guard let store = stores[file] else {
            throw TrustStore.Unreadable(description: "\(file) was not read with the configuration")
        }
        return store
    }
}
