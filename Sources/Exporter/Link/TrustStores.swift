import Reactor

/// The authorities of the configuration in force, by file. The configuration's loader reads the files, so that no
/// connection waits for a disk. Confined to the event loop's thread.
final class TrustStores {
    private var stores: [String: TrustStore] = [:]

    /// Uses the authorities that were read with a configuration.
    func use(_ stores: [String: TrustStore]) {
        self.stores = stores
    }

    /// The authorities that the system trusts, opened once for all connections. OpenSSL reads each of them when a chain
    /// first needs it.
    func system() throws(TrustStore.Unreadable) -> TrustStore {
        if let store = stores[Self.systemKey] { return store }
        let store = try TrustStore()
        stores[Self.systemKey] = store
        return store
    }

    /// No file has this name.
    private static let systemKey = ""

    func store(of file: String) throws(TrustStore.Unreadable) -> TrustStore {
        guard let store = stores[file] else {
            throw TrustStore.Unreadable(description: "\(file) was not read with the configuration")
        }
        return store
    }
}
