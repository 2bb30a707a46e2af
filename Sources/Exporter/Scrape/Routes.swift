import BambuMetrics
import HTTP
import OpenMetrics
import Platform

/// The HTTP handlers of the listener.
///
/// Called on the listener's thread. They read published snapshots and never block, except that a reload reads files.
struct Routes: Sendable {
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
    private let trimmer = MallocTrimmer()
    private let compressor = ExpositionCompressor()

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
        guard let path = site.route(request.path) else { return redirect(request.path) }
        if path == "/-/reload" { return reloadResponse(to: request) }
        guard let route = route(path) else { return Self.notFound }
        guard request.method == .get || request.method == .head else {
            return Response(
                .methodNotAllowed, text: "Method not allowed. Use GET or HEAD.\n", headers: ["Allow": "GET, HEAD"])
        }
        return route(request)
    }

    private func redirect(_ path: String) -> Response {
        guard let target = site.redirect(from: path) else { return Self.notFound }
        return Response(.found, text: "Moved to \(target).\n", headers: ["Location": target])
    }

    private func route(_ path: String) -> ((Request) -> Response)? {
        switch path {
        case telemetryPath: metrics
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
        return exposition(of: wanted.isEmpty ? registry.printers : [], with: exporter(), request)
    }

    private func probe(_ request: Request) -> Response {
        guard let target = request.query("target").first, !target.isEmpty else {
            return Response(
                .badRequest,
                text: "Missing target. Use /probe?target=NAME with a printer's name or serial number.\n")
        }
        guard let printer = registry.find(target) else {
            // Do not echo the target; it is untrusted input.
            return Response(
                .notFound, text: "No printer has this name or serial number. For a list of printers, see /sd.\n")
        }
        return exposition(of: [printer], with: nil, request)
    }

    private func exposition(
        of printers: [PrinterMailbox], with exporter: ExporterSnapshot?, _ request: Request
    ) -> Response {
        let (format, contentType) = ExpositionFormat.negotiated(request.headers["Accept"])
        let now = Instant.now()
        let exposition = Exposition(of: printers, exporter: exporter, in: format, at: now)
        var headers: Headers = ["Vary": "Accept, Accept-Encoding"]
        if AcceptList(request.headers["Accept-Encoding"]).acceptsGzip,
            let body = compressor.body(of: exposition, isKept: !printers.isEmpty && exporter != nil)
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
            origin: site.origin ?? Site.Origin(scheme: scheme(), host: request.host ?? "localhost"),
            path: site.externalPath, telemetryPath: telemetryPath,
            printers: registry.printers.compactMap { $0.read(at: Instant.now())?.snapshot })
        let list = "[" + groups.map(\.json).joined(separator: ",") + "]"
        return Response(.ok, type: "application/json", body: Array(list.utf8))
    }

    private func page(_ request: Request) -> Response {
        let printers = registry.printers.compactMap { $0.read(at: Instant.now()) }
        let html = StatusPage.html(
            of: printers, exporter: exporter(), path: site.externalPath, telemetryPath: telemetryPath,
            opened: request.query("printer").first, at: WallClock.now())
        return Response(.ok, type: "text/html; charset=utf-8", headers: Self.pageHeaders, body: Array(html.utf8))
    }

    private func healthy() -> Response {
        isHealthy()
            ? Response(.ok, text: "OK\n") : Response(.serviceUnavailable, text: "The event loop is not running.\n")
    }

    private func ready() -> Response {
        if isStopping() { return Response(.serviceUnavailable, text: "Shutting down.\n") }
        let now = Instant.now()
        let isTried = registry.printers.allSatisfy { !$0.hasSource || $0.read(at: now)?.isTried == true }
        return isTried || now - start >= .seconds(30)
            ? Response(.ok, text: "Ready.\n")
            : Response(.serviceUnavailable, text: "Starting: not every printer has been tried yet.\n")
    }

    private func reloadResponse(to request: Request) -> Response {
        guard let reload else {
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
