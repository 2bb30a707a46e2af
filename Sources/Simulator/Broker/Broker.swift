import Glibc
import Reactor

/// A mosquitto that plays the brokers of some printers. Confined to its loop's thread, with which it dies.
final class Broker {
    private let loop: EventLoop
    private let directory: WorkDirectory
    private let configurationName: String
    private var child: ChildProcess?
    private var unfinishedLine: [UInt8] = []
    /// What it said last, for when it fails.
    private var lastLines: [String] = []

    /// A client subscribed, the firmware's link included.
    var onSubscribe: ((BrokerLog.Subscription) -> Void)?
    /// It ended without having been told to; with what it said last.
    var onEnd: ((String) -> Void)?

    /// - Parameter name: tells its configuration file from those of other brokers in `directory`.
    init(loop: EventLoop, directory: WorkDirectory, name: String) {
        self.loop = loop
        self.directory = directory
        configurationName = "mosquitto-\(name).conf"
    }

    deinit {
        child?.terminate()
    }

    /// Starts mosquitto. A connection shows that it came up; `onEnd` reports that it failed.
    func start(_ configuration: BrokerConfiguration) throws {
        end()
        let file = try directory.write(Array(configuration.text.utf8), to: configurationName)
        let openSSL = try directory.write(Array(BrokerConfiguration.openSSLText.utf8), to: "openssl.cnf")
        let child = try ChildProcess(
            path: try Self.program(), arguments: ["-c", file], environment: ["OPENSSL_CONF=\(openSSL)"])
        self.child = child
        lastLines = []
        unfinishedLine = []
        try loop.watch(child.output, for: .read) { [weak self] _ in self?.read() }
    }

    /// Asks it to end without waiting; `end` waits.
    func beginEnd() {
        child?.terminate()
    }

    /// Ends it. Its clients see their connections closed.
    func end() {
        guard let child else { return }
        loop.unwatch(child.output)
        child.terminate()
        child.waitForEnd()
        self.child = nil
    }

    /// Kills it, as a power cut would but for the FIN that the kernel still sends.
    func kill() {
        child?.send(SIGKILL)
        end()
    }

    /// Stops it in its tracks: connections stand, nothing is answered.
    func pause() {
        child?.send(SIGSTOP)
    }

    func resume() {
        child?.send(SIGCONT)
    }

    private func read() {
        guard let child else { return }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        let count = Glibc.read(child.output, &chunk, chunk.count)
        if count > 0 {
            note(chunk.prefix(count))
        } else if count == 0 {
            end()
            onEnd?(lastLines.joined(separator: "; "))
        }
    }

    private func note(_ bytes: ArraySlice<UInt8>) {
        unfinishedLine += bytes
        let lines = unfinishedLine.split(separator: 10, omittingEmptySubsequences: false)
        unfinishedLine = Array(lines.last ?? [])
        for line in lines.dropLast() {
            let text = String(decoding: line, as: UTF8.self)
            if let subscription = BrokerLog.subscription(in: text) {
                onSubscribe?(subscription)
            } else {
                lastLines = lastLines.suffix(4) + [text]
            }
        }
    }

    /// Where mosquitto is.
    private static func program() throws(SimulatorError) -> String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        // Debian puts it where only root's PATH looks.
        for directory in path.split(separator: ":") + ["/usr/sbin", "/usr/local/sbin"] {
            let candidate = "\(directory)/mosquitto"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw .noBroker
    }
}
