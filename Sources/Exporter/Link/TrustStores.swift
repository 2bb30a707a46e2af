import Reactor

/// The authorities that have been read from files, each once, however many printers trust them. Confined to the loop's
/// thread.
final class TrustStores {
    private var stores: [String: TrustStore] = [:]

    func store(of file: String) throws(TrustStore.Unreadable) -> TrustStore {
        if let store = stores[file] { return store }
        let store = try TrustStore(file: file)
        stores[file] = store
        return store
    }

    /// Has every file read again when it is needed next.
    func forget() {
        stores = [:]
    }
}
