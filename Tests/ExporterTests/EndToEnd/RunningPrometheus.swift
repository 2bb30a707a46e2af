import Foundation
import Platform

/// A real Prometheus on a free port of loopback.
final class RunningPrometheus: @unchecked Sendable {
    // Sendable: `Process` is started once and only signalled afterwards.
    private let process = Process()
    private let host: String

    init(_ configuration: String, folder: TemporaryFolder) async throws {
        let program = URL(filePath: "/usr/bin/prometheus")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw RunningExporter.Failure(description: "prometheus is missing: run `make tools`")
        }
        let file = try folder.write("prometheus.yml", configuration)
        let port = try FreePort.find()
        host = "127.0.0.1:\(port)"
        process.executableURL = program
        process.arguments = [
            "--config.file=\(file)", "--web.listen-address=\(host)", "--storage.tsdb.path=\(folder.url.path)/tsdb",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try await eventually("Prometheus is ready") { [host, process] in
            guard process.isRunning else { throw RunningExporter.Failure(description: "Prometheus ended") }
            return (try? Loopback.request("GET", "/-/ready", host: host).status) == 200
        }
    }

    deinit {
        stop()
    }

    func stop() {
        if process.isRunning { process.terminate() }
    }

    /// The value of the first series of an expression; `nil` if it returns none.
    func query(_ expression: String) throws -> String? {
        let escaped = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let body = try Loopback.request("GET", "/api/v1/query?query=\(escaped)", host: host).body
        struct Response: Decodable {
            struct Data: Decodable {
                struct Series: Decodable {
                    let value: [Value]
                }
                let result: [Series]
            }
            let data: Data
        }
        let response = try JSONDecoder().decode(Response.self, from: Data(body.utf8))
        guard case .text(let text)? = response.data.result.first?.value.last else { return nil }
        return text
    }

    /// Prometheus encodes a time as a number and a value as a string.
    private enum Value: Decodable {
        case time(Double)
        case text(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .time(try container.decode(Double.self))
            }
        }
    }
}

/// Finds ports of loopback that are not in use.
enum FreePort {
    static func find() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let loopback = try SocketAddress(numeric: "127.0.0.1", port: 0)
        guard loopback.withPointer({ bind(descriptor, $0, $1) }) == 0, let bound = SocketAddress(boundTo: descriptor)
        else {
            throw SystemError(errno, "bind")
        }
        return bound.port
    }
}
