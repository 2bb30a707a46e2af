/// A queue that serves clients in turn, so that a client with many entries does not delay the others.
package struct FairQueue<Client: Hashable, Element> {
    private var entries: [Client: [Element]] = [:]
    /// The clients that have entries, in the order of their turns.
    private var order: [Client] = []
    /// The number of entries of all clients.
    package private(set) var count = 0

    package init() {}

    package func count(of client: Client) -> Int { entries[client]?.count ?? 0 }

    package mutating func append(_ element: Element, of client: Client) {
        if entries[client] == nil { order.append(client) }
        entries[client, default: []].append(element)
        count += 1
    }

    /// Removes and returns the oldest entry of the client whose turn it is; `nil` if the queue is empty.
    package mutating func popFirst() -> Element? {
        guard !order.isEmpty else { return nil }
        let client = order.removeFirst()
        guard var own = entries.removeValue(forKey: client), !own.isEmpty else { return nil }
        let element = own.removeFirst()
        count -= 1
        if !own.isEmpty {
            entries[client] = own
            order.append(client)
        }
        return element
    }
}
