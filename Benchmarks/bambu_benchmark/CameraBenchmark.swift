import Camera
import Foundation
import Platform
import Reactor
import Simulator
import TLS

/// Counts the frames of many JPEG cameras at once, in this program and in Python.
///
/// The Python viewer uses one thread per camera, as home automation programs do. The cameras run in a separate process,
/// so that the results are those of the viewer only.
enum CameraBenchmark {
    private static let count = 100
    private static let rate = 30
    private static let pictureSize = 40_000
    private static let window = Duration.seconds(10)
    private static let serial = "01P00A900000001"
    private static let code = "12345678"

    /// The resources that a process used, as reported by the kernel.
    private struct Usage {
        var seconds: Double
        var residentBytes: Double
        var threads: Int
    }

    /// Serves cameras until standard input ends. Prints their ports on one line.
    static func serve(_ arguments: [String]) {
        let count = arguments.first.flatMap { Int($0) } ?? count
        let rate = arguments.dropFirst().first.flatMap { Double($0) } ?? Double(rate)
        Task {
            do {
                var options = StandaloneCameras.Options()
                options.rate = rate
                options.pictureSize = pictureSize
                options.serial = serial
                options.accessCode = code
                let stand = try await StandaloneCameras(count, options: options, key: PrivateKey())
                print(stand.ports.map(String.init).joined(separator: " "))
                fflush(nil)
                // Memory of this process holds frames that viewers have not read; it is not measured.
                withExtendedLifetime(stand) { while readLine() != nil {} }
                exit(0)
            } catch {
                print("no cameras: \(error)")
                exit(1)
            }
        }
        dispatchMain()
    }

    static func run() {
        print(
            "cameras: \(count) JPEG cameras with \(rate) frames per second of \(pictureSize) bytes, over TLS, for \(DurationFormat.seconds(window))"
        )
        do {
            try withCameras { ports in report("this program, one thread", try measure(at: ports)) }
            try withCameras { ports in report("Python, one thread per camera", try measurePython(at: ports)) }
        } catch {
            print("  not measured: \(error)")
        }
    }

    private static func report(_ name: String, _ result: (frames: Int, cameras: Int, usage: Usage)) {
        let seconds = window.inSeconds
        let cpu = result.usage.seconds / seconds * 100
        print(
            "  \(name): \(Int(Double(result.frames) / seconds)) frames per second from \(result.cameras) cameras, "
                + "\(Int(cpu.rounded())) % of a core, \(Int(result.usage.residentBytes / 1e6)) MB, \(result.usage.threads) threads"
        )
    }

    private static func withCameras(_ body: ([UInt16]) throws -> Void) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["cameras", "\(count)", "\(rate)"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw SystemError(EPIPE, "read") }
            line += String(decoding: data, as: UTF8.self)
        }
        try body(line.split { $0 == " " || $0 == "\n" }.compactMap { UInt16($0) })
    }

    /// Measures this process, without its usage before the start.
    private static func measure(at ports: [UInt16]) throws -> (frames: Int, cameras: Int, usage: Usage) {
        let before = usage(of: "self").seconds
        let loop = try EventLoop()
        let frames = Locked(0)
        var probes: [Probe] = []
        for port in ports {
            let address = try SocketAddress(numeric: "127.0.0.1", port: port)
            let tls = try TLSContext(name: serial, trust: .firstUse(known: nil), peer: .printer)
            probes.append(
                Probe(
                    loop: loop, address: address, window: window, decoder: JPEGStreamDecoder(accessCode: Secret(code)),
                    tls: tls
                ) { event in
                    guard case .ended(let statistics, let error) = event else { return }
                    if let error { print("  a camera failed: \(error)") }
                    frames.withLock { $0 += statistics.frames }
                })
        }
        for probe in probes { probe.start() }
        var last = usage(of: "self")
        // Shortly before the windows end, when all of them are open.
        loop.schedule(after: window - .milliseconds(200)) { last = usage(of: "self") }
        loop.schedule(after: window + .seconds(3)) { loop.stop() }
        loop.run()
        let end = usage(of: "self")
        return (
            frames.withLock { $0 }, ports.count,
            Usage(seconds: end.seconds - before, residentBytes: last.residentBytes, threads: last.threads)
        )
    }

    private static func measurePython(at ports: [UInt16]) throws -> (frames: Int, cameras: Int, usage: Usage) {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "peers/camera_viewer.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.path, "\(Int(window.inSeconds))", code] + ports.map(String.init)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let numbers = text.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
        guard numbers.count == 4 else { throw SystemError(ENOENT, "python3") }
        return (
            Int(numbers[0]), ports.count,
            Usage(seconds: numbers[1], residentBytes: numbers[2], threads: Int(numbers[3]))
        )
    }

    private static func usage(of process: String) -> Usage {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // The name in parentheses may contain spaces; the third field follows it.
        let fields = text.split(separator: ")").last?.split(separator: " ").compactMap { Double($0) } ?? []
        // The state is a letter, so the first number is the fourth field.
        guard fields.count > 20 else { return Usage(seconds: 0, residentBytes: 0, threads: 0) }
        return Usage(
            seconds: (fields[10] + fields[11]) / Double(sysconf(Int32(_SC_CLK_TCK))),
            residentBytes: fields[20] * Double(sysconf(Int32(_SC_PAGESIZE))), threads: Int(fields[16]))
    }
}

enum DurationFormat {
    static func seconds(_ duration: Duration) -> String { "\(Int(duration.inSeconds)) s" }
}
