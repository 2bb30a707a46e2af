import BambuMetrics
import FoundationEssentials
import HTTP
import OpenMetrics
import Platform
import Reactor

/// The HTTP handlers of the listener.
///
/// Called on the listener's thread. They read published snapshots and never block, except that a reload reads files.
final class Routes: Sendable {
    /// The parts of the program that the handlers use.
    struct Context: Sendable {
        let registry: Registry
        /// Returns the exporter's own current metrics.
        let exporter: @Sendable () -> ExporterSnapshot
        /// Whether the printers' event loop is running.
        let isHealthy: @Sendable () -> Bool
        /// Whether the process is shutting down.
        let isStopping: @Sendable () -> Bool
        /// Reloads the configuration; `nil` if reloading over HTTP is not enabled.
        let reload: (@Sendable () -> ConfigurationError?)?
        let telemetryPath: String
        let site: Site
        /// The scheme that clients use: http or https.
        let scheme: @Sendable () -> String
        let start: Instant
    }

    private let context: Context
    private let trimmer = MallocTrimmer()
    private let compressor: ExpositionCompressor

    init(_ context: Context) {
        self.context = context
        compressor = ExpositionCompressor(trimmer)
    }

    /// The page may run no script and load nothing but its icon, which it holds itself.
    private static let pageHeaders: Headers = [
        "Content-Security-Policy":
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
    ]

    /// Does not echo the requested path, which is untrusted input.
    private static let notFound = Response(
        .notFound, text: "Not found. For a list of paths, see /.\n",
        headers: ["X-Content-Type-Options": "nosniff"])

    func response(to request: Request) -> Response {
        guard let path = context.site.route(request.path) else { return redirect(request.path) }
        if path == "/-/reload" { return reload(request) }
        guard let route = route(path) else { return Self.notFound }
        guard request.method == .get || request.method == .head else {
            return Response(
                .methodNotAllowed, text: "Method not allowed. Use GET or HEAD.\n", headers: ["Allow": "GET, HEAD"])
        }
        return route(request)
    }

    private func redirect(_ path: String) -> Response {
        guard let target = context.site.redirect(from: path) else { return Self.notFound }
        return Response(.found, text: "Moved to \(target).\n", headers: ["Location": target])
    }

    private func route(_ path: String) -> ((Request) -> Response)? {
        switch path {
        case context.telemetryPath: metrics
        case "/probe": probe
        case "/sd": discovery
        case "/": page
        case "/-/healthy": { _ in self.healthy() }
        case "/-/ready": { _ in self.ready() }
        default: nil
        }
    }

    private func metrics(_ request: Request) -> Response {
        let wanted = request.query("collect[]") + request.query("collect")
        guard wanted.allSatisfy({ $0 == "exporter" }) else {
            return Response(.badRequest, text: "Invalid collect[]. The only value is exporter.\n")
        }
        let entries = wanted.isEmpty ? context.registry.all : []
        return exposition(of: entries, with: context.exporter(), request)
    }

    private func probe(_ request: Request) -> Response {
        guard let target = request.query("target").first, !target.isEmpty else {
            return Response(
                .badRequest,
                text: "Missing target. Use /probe?target=NAME with a printer's name or serial number.\n")
        }
        guard let entry = context.registry.find(target) else {
            // Do not echo the target; it is untrusted input.
            return Response(
                .notFound, text: "No printer has this name or serial number. For a list of printers, see /sd.\n")
        }
        return exposition(of: [entry], with: nil, request)
    }

    private func exposition(
        of entries: [Registry.Entry], with exporter: ExporterSnapshot?, _ request: Request
    ) -> Response {
        let (format, contentType) = ExpositionFormat.negotiated(request.headers["Accept"])
        let now = Instant.now()
        let exposition = Exposition(of: entries.map(\.mailbox), exporter: exporter, in: format, at: now)
        var headers: Headers = ["Vary": "Accept, Accept-Encoding"]
        if AcceptList(request.headers["Accept-Encoding"]).acceptsGzip,
            let body = compressor.body(of: exposition, isKept: !entries.isEmpty && exporter != nil)
        {
            headers.append("Content-Encoding", "gzip")
            return Response(.ok, type: contentType, headers: headers, body: body)
        }
        let body = exposition.body
        trimmer.trim(afterRendering: body.count, at: now)
        return Response(.ok, type: contentType, headers: headers, body: body)
    }

    private func discovery(_ request: Request) -> Response {
        let groups = ServiceDiscovery.targets(
            origin: context.site.origin
                ?? Site.Origin(scheme: context.scheme(), host: request.host ?? "localhost"),
            path: context.site.externalPath, telemetryPath: context.telemetryPath,
            printers: context.registry.all.compactMap { $0.mailbox.read(at: Instant.now())?.snapshot })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(groups) else {
            return Response(.internalServerError, text: "Cannot encode the list of printers.\n")
        }
        return Response(.ok, type: "application/json", body: Array(data))
    }

    private func page(_ request: Request) -> Response {
        let printers = context.registry.all.compactMap { $0.mailbox.read(at: Instant.now()) }
        let html = StatusPage.html(
            of: printers, exporter: context.exporter(), path: context.site.externalPath,
            telemetryPath: context.telemetryPath, opened: request.query("printer").first, at: WallClock.now())
        return Response(.ok, type: "text/html; charset=utf-8", headers: Self.pageHeaders, body: Array(html.utf8))
    }

    private func healthy() -> Response {
        context.isHealthy()
            ? Response(.ok, text: "OK\n") : Response(.serviceUnavailable, text: "The event loop is not running.\n")
    }

    private func ready() -> Response {
        if context.isStopping() { return Response(.serviceUnavailable, text: "Shutting down.\n") }
        let now = Instant.now()
        if now - context.start >= .seconds(30) || context.registry.isEveryPrinterTried(at: now) {
            return Response(.ok, text: "Ready.\n")
        }
        return Response(.serviceUnavailable, text: "Starting: not every printer has been tried yet.\n")
    }

    private func reload(_ request: Request) -> Response {
        guard let reload = context.reload else {
            return Response(
                .forbidden,
                text: "Reloading over HTTP is disabled. Start with --web.enable-lifecycle, or send SIGHUP.\n")
        }
        guard request.method == .post else {
            return Response(.methodNotAllowed, text: "Method not allowed. Use POST.\n", headers: ["Allow": "POST"])
        }
        if let error = reload() {
            return Response(
                .internalServerError,
                text: "Reloading failed. The previous configuration stays in use:\n\(error)\n")
        }
        return Response(.ok, text: "Configuration reloaded.\n")
    }
}

extension ExpositionFormat {
    private static let offers: [(MediaType, ExpositionFormat)] = [
        (MediaType("text/plain", parameters: ["version": "0.0.4"], isDefaultVersion: true), .text),
        // Without a version, a client gets 0.0.1.
        (MediaType("application/openmetrics-text", parameters: ["version": "1.0.0"]), .openMetrics),
    ]

    /// Returns the format that an Accept header prefers, and its Content-Type; text 0.0.4 if no format is acceptable.
    ///
    /// If the client names an `escaping`, the Content-Type names the one in use. All names here are valid under each.
    static func negotiated(_ accept: String?) -> (format: ExpositionFormat, contentType: String) {
        let best = AcceptList(accept).best(of: offers.map(\.0))
        let format = offers.first { $0.0 == best?.offer }?.1 ?? .text
        let namesEscaping = best?.item.parameters.contains { $0.name == "escaping" } ?? false
        return (format, format.contentType + (namesEscaping ? "; escaping=underscores" : ""))
    }
}
