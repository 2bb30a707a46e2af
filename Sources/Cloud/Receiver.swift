import Dispatch
import FoundationEssentials
import FoundationNetworking
import Reactor

import class Foundation.NSError
import class Foundation.NSObject
import struct Foundation.URLError

/// Takes in what comes for the requests of one session, piece by piece, so that none can grow or last without end.
final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
    private struct Pending {
        let done: @Sendable (Result<CloudAnswer, CloudFailure>) -> Void
        var body: [UInt8] = []
    }

    private let pending = Locked<[ObjectIdentifier: Pending]>([:])

    func expect(
        _ task: URLSessionDataTask, within deadline: Duration,
        _ done: @escaping @Sendable (Result<CloudAnswer, CloudFailure>) -> Void
    ) {
        // By object: the numbers of tasks are those of one session, and there are several.
        let id = ObjectIdentifier(task)
        pending.withLock { $0[id] = Pending(done: done) }
        // The session's own time-out starts again with every byte. Weak: a task that is through would keep its session's
        // descriptors open until then.
        DispatchQueue.global().asyncAfter(deadline: .now() + deadline.inSeconds) { [weak self, weak task] in
            guard let self, let task else { return }
            self.end(task, CloudFailure(.timeout, "no answer in time"))
        }
    }

    /// Ends a request that is still under way, for a reason of our own. Its end is told here and now, whatever the session
    /// makes of it.
    private func end(_ task: URLSessionTask, _ verdict: CloudFailure) {
        guard let pending = pending.withLock({ $0.removeValue(forKey: ObjectIdentifier(task)) }) else { return }
        task.cancel()
        pending.done(.failure(verdict))
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        // A token is for the host that it was sent to.
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = pending.withLock { pending in
            pending[ObjectIdentifier(dataTask)]?.body += data
            return pending[ObjectIdentifier(dataTask)]?.body.count ?? 0 > CloudClient.limit
        }
        if isTooLong { end(dataTask, CloudFailure(.shape, "an answer that is too long")) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        guard let pending = pending.withLock({ $0.removeValue(forKey: ObjectIdentifier(task)) }) else { return }
        if let error { return pending.done(.failure(Self.failure(error))) }
        guard let response = task.response as? HTTPURLResponse else {
            return pending.done(.failure(CloudFailure(.network, "the connection was closed")))
        }
        pending.done(.success(Self.answer(response, pending.body)))
    }

    private static func answer(_ response: HTTPURLResponse, _ body: [UInt8]) -> CloudAnswer {
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            headers["\(name)".lowercased()] = "\(value)"
        }
        let fields = response.allHeaderFields.reduce(into: [String: String]()) { $0["\($1.key)"] = "\($1.value)" }
        let cookies = response.url.map { HTTPCookie.cookies(withResponseHeaderFields: fields, for: $0) } ?? []
        return CloudAnswer(
            status: response.statusCode, headers: headers,
            cookies: Dictionary(cookies.map { ($0.name, $0.value) }) { _, last in last }, body: body)
    }

    private static func failure(_ error: any Error) -> CloudFailure {
        let error = error as NSError
        switch error.code {
        case URLError.Code.timedOut.rawValue: return CloudFailure(.timeout, "no answer in time")
        case URLError.Code.cannotFindHost.rawValue: return CloudFailure(.network, "no address is known for the host")
        case URLError.Code.cannotConnectToHost.rawValue: return CloudFailure(.network, "nothing answers at the host")
        case URLError.Code.networkConnectionLost.rawValue: return CloudFailure(.network, "the connection was lost")
        default: return CloudFailure(.network, String(error.localizedDescription.prefix(200)))
        }
    }
}
