import FoundationEssentials
import FoundationNetworking
import Reactor

/// Sends requests to the account, each with a deadline and a limit on its answer, and tells what came of them.
///
/// It follows no redirection, keeps no cookie and no answer. What surrounds the process (`http_proxy`) holds.
package final class CloudClient: Sendable {
    /// Where each kind of host is, such as `https://api.bambulab.com`, without a slash at the end.
    package struct Hosts: Sendable, Equatable {
        package var api: String
        package var site: String

        package init(api: String, site: String) {
            self.api = api
            self.site = site
        }
    }

    /// The longest answer that is read.
    package static let limit = 8 << 20

    private let hosts: Hosts
    private let userAgent: String
    private let deadline: Duration
    private let configuration: URLSessionConfiguration
    private let session: URLSession
    private let receiver: Receiver

    /// - Parameter deadline: how long an answer may take, from the name server to the last byte.
    package init(hosts: Hosts, userAgent: String, deadline: Duration = .seconds(15)) {
        self.hosts = hosts
        self.userAgent = userAgent
        self.deadline = deadline
        receiver = Receiver()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        // The deadline is kept by the receiver; this one counts whole seconds, and from the last byte.
        configuration.timeoutIntervalForRequest = (deadline.inSeconds + 1).rounded(.up)
        self.configuration = configuration
        session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
    }

    /// Ends what is under way and lets the session go. What is answered after it is nobody's concern.
    package func close() {
        session.invalidateAndCancel()
    }

    /// Sends a request.
    ///
    /// - Parameter done: is called once, on some thread.
    package func send(
        _ request: CloudRequest, _ done: @escaping @Sendable (Result<CloudAnswer, CloudFailure>) -> Void
    ) {
        let base = request.host == .api ? hosts.api : hosts.site
        var components = URLComponents(string: base + request.path)
        if !request.query.isEmpty {
            components?.queryItems = request.query.sorted { $0.key < $1.key }.map {
                URLQueryItem(name: $0.key, value: $0.value)
            }
        }
        guard let url = components?.url else { return done(.failure(CloudFailure(.network, "the URL is none"))) }
        var wire = URLRequest(url: url)
        wire.httpMethod = request.method
        wire.timeoutInterval = session.configuration.timeoutIntervalForRequest
        wire.setValue(userAgent, forHTTPHeaderField: "User-Agent")
        wire.setValue("application/json", forHTTPHeaderField: "Accept")
        if let token = request.token { wire.setValue("Bearer \(token.revealed)", forHTTPHeaderField: "Authorization") }
        for (name, value) in request.headers { wire.setValue(value.revealed, forHTTPHeaderField: name) }
        if let body = request.body {
            wire.setValue("application/json", forHTTPHeaderField: "Content-Type")
            wire.httpBody = Data(body.revealed.utf8)
        }
        guard request.body != nil else { return start(wire, in: session, done) }
        // A connection of its own for what has a body: where the server closes one that was in use before, URLSession sends
        // the request again, does not get at its body any more, and spins until the deadline.
        let alone = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
        start(wire, in: alone, done)
        alone.finishTasksAndInvalidate()
    }

    private func start(
        _ request: URLRequest, in session: URLSession,
        _ done: @escaping @Sendable (Result<CloudAnswer, CloudFailure>) -> Void
    ) {
        let task = session.dataTask(with: request)
        receiver.expect(task, within: deadline, done)
        task.resume()
    }
}
