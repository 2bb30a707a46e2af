import Glibc
import Reactor

/// A mosquitto process that serves as the broker of some printers.
///
/// Confined to its loop's thread. The kernel kills the process when that thread ends.
final class Broker {
    private let loop: EventLoop
    private let directory: WorkDirectory
    private let configurationName: String
    private var child: ChildProcess?
    private var unfinishedLine: [UInt8] = []
    /// The last lines of its output, for error messages.
    private var lastLines: [String] = []

    /// Called when a client subscribes, including the firmware's link.
    var onSubscribe: ((BrokerLog.Subscription) -> Void)?
    /// Called with the last output if mosquitto ends without having been stopped.
    var onEnd: ((String) -> Void)?

    /// - Parameter name: makes its configuration file distinct from those of other brokers in `directory`.
    init(loop: EventLoop, directory: WorkDirectory, name: String) {
        self.loop = loop
        self.directory = directory
        configurationName = "mosquitto-\(name).conf"
    }

    deinit {
        child?.terminate()
    }

    /// Starts mosquitto. A successful connection shows that it is up; `onEnd` reports a failure.
    func start(_ configuration: BrokerConfiguration) throws {
        end()
        let file = try directory.write(Array(configuration.text.utf8), to: configurationName)
        // Limits the broker to TLS 1.2, as on printers; mosquitto has no option to disable 1.3.
        let openSSL = try directory.write(PackageResources.openssl_cnf, to: "openssl.cnf")
        let child = try ChildProcess(
            path: try Self.program(), arguments: ["-c", file], environment: ["OPENSSL_CONF=\(openSSL)"])
        self.child = child
        lastLines = []
        unfinishedLine = []
        try loop.watch(child.output, for: .read) { [weak self] _ in self?.read() }
    }

    /// Requests termination without waiting; `end` waits.
    func beginEnd() {
        child?.terminate()
    }

    /// Terminates mosquitto, which closes the connections of its clients.
    func end() {
        guard let child else { return }
        loop.unwatch(child.output)
        child.terminate()
        child.waitForEnd()
        self.child = nil
    }

    /// Kills mosquitto, like a power cut, except that the kernel still sends FIN.
    func kill() {
        send(SIGKILL)
        end()
    }

    func send(_ signal: Int32) {
        child?.send(signal)
    }

    private func read() {
        guard let child else { return }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        let count = Glibc.read(child.output, &chunk, chunk.count)
        if count > 0 {
            recordOutput(chunk.prefix(count))
        } else if count == 0 {
            end()
            onEnd?(lastLines.joined(separator: "; "))
        }
    }

    private func recordOutput(_ bytes: ArraySlice<UInt8>) {
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

    private static func program() throws(SimulatorError) -> String {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        // Debian installs it in a directory that is only in root's PATH.
        for directory in path.split(separator: ":") + ["/usr/sbin", "/usr/local/sbin"] {
            let candidate = "\(directory)/mosquitto"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw .noBroker
    }
}
