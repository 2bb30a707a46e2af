import Reactor

/// The authorities of the configuration in force, by file. The configuration's loader reads the files, so that no
/// connection waits for a disk. Confined to the loop's thread.
final class TrustStores {
    private var stores: [String: TrustStore] = [:]

    /// Uses the authorities that were read with a configuration.
    func use(_ stores: [String: TrustStore]) {
        self.stores = stores
    }

    func store(of file: String) throws(TrustStore.Unreadable) -> TrustStore {
        guard let store = stores[file] else {
            throw TrustStore.Unreadable(description: "\(file) was not read with the configuration")
        }
        return store
    }
}
