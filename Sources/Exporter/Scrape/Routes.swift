import BambuMetrics
import FoundationEssentials
import HTTP
import OpenMetrics
import Reactor

/// What the listener answers. Called on the listener's thread; reads what sessions left and waits for nobody,
/// but for the files of a reload.
final class Routes: Sendable {
    /// What routes need of the rest of the program.
    struct Context: Sendable {
        let registry: Registry
        /// The exporter's own series, as they are now.
        let exporter: @Sendable () -> ExporterSnapshot
        /// Whether the printers' event loop turns.
        let isHealthy: @Sendable () -> Bool
        /// Whether the process is on its way down.
        let isStopping: @Sendable () -> Bool
        /// Reads the configuration again; `nil` where nobody may ask for that over HTTP.
        let reload: (@Sendable () -> ConfigurationError?)?
        let telemetryPath: String
        let site: Site
        /// What clients put in front of an address: http or https.
        let scheme: @Sendable () -> String
        let start: Instant
    }

    private let context: Context
    private let gzip = Gzip()
    private let memory = MallocTrimmer()

    init(_ context: Context) {
        self.context = context
    }

    /// Below it, gzip makes an answer larger.
    private static let smallestCompressed = 1024

    /// The page may run no script and load nothing but its icon, which it holds itself.
    private static let pageHeaders: Headers = [
        "Content-Security-Policy":
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
    ]

    /// Not with the path that was asked for, which is the client's text.
    private static let notFound = Response(
        .notFound, text: "There is no such path here; / lists the paths.\n",
        headers: ["X-Content-Type-Options": "nosniff"])

    func answer(_ request: Request) -> Response {
        guard let path = context.site.route(request.path) else { return redirect(request.path) }
        if path == "/-/reload" { return reload(request) }
        guard let route = route(path) else { return Self.notFound }
        guard request.method == .get || request.method == .head else {
            return Response(
                .methodNotAllowed, text: "Only GET and HEAD are served here.\n", headers: ["Allow": "GET, HEAD"])
        }
        return route(request)
    }

    private func redirect(_ path: String) -> Response {
        guard let target = context.site.redirect(from: path) else { return Self.notFound }
        return Response(.found, text: "This is at \(target).\n", headers: ["Location": target])
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
            return Response(.badRequest, text: "collect[] takes exporter, and nothing else.\n")
        }
        let entries = wanted.isEmpty ? context.registry.all : []
        return exposition(of: entries, with: context.exporter(), request)
    }

    private func probe(_ request: Request) -> Response {
        guard let target = request.query("target").first, !target.isEmpty else {
            return Response(.badRequest, text: "Say which printer: /probe?target=NAME, by its name or serial number.\n")
        }
        guard let entry = context.registry.find(target) else {
            // Not what was asked for: that is anybody's text.
            return Response(
                .notFound, text: "No printer of that name or serial number is configured; /sd lists them.\n")
        }
        return exposition(of: [entry], with: nil, request)
    }

    private func exposition(
        of entries: [Registry.Entry], with exporter: ExporterSnapshot?, _ request: Request
    ) -> Response {
        let (format, contentType) = ExpositionFormat.negotiated(request.headers["Accept"])
        let now = Instant.now()
        let body = Self.body(of: entries.map(\.mailbox), exporter: exporter, in: format, at: now)
        memory.note(bytes: body.count, at: now)
        var headers: Headers = ["Vary": "Accept, Accept-Encoding"]
        var sent = body
        if body.count >= Self.smallestCompressed, AcceptList(request.headers["Accept-Encoding"]).acceptsGzip,
            let compressed = gzip.compress(body)
        {
            sent = compressed
            headers.append("Content-Encoding", "gzip")
        }
        return Response(.ok, type: contentType, headers: headers, body: sent)
    }

    /// The samples of printers, and those of the exporter where `exporter` is given.
    static func body(
        of mailboxes: [PrinterMailbox], exporter: ExporterSnapshot?, in format: ExpositionFormat, at now: Instant
    ) -> [UInt8] {
        var body: [UInt8] = []
        let blocks = mailboxes.compactMap { $0.block(at: now) }
        if !blocks.isEmpty { Catalogue.printerSchema.assemble(blocks, in: format, into: &body) }
        if let exporter {
            Catalogue.exporterSchema.assemble([Catalogue.exporter.block(of: exporter)], in: format, into: &body)
        }
        Schema.finish(&body, in: format)
        return body
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
            return Response(.internalServerError, text: "The list of printers could not be written.\n")
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
            ? Response(.ok, text: "OK\n") : Response(.serviceUnavailable, text: "The event loop does not turn.\n")
    }

    private func ready() -> Response {
        if context.isStopping() { return Response(.serviceUnavailable, text: "Shutting down.\n") }
        let now = Instant.now()
        if now - context.start >= .seconds(30) || context.registry.isEveryoneTried(at: now) {
            return Response(.ok, text: "Ready.\n")
        }
        return Response(.serviceUnavailable, text: "Not every printer has been tried yet.\n")
    }

    private func reload(_ request: Request) -> Response {
        guard let reload = context.reload else {
            return Response(.forbidden, text: "Start with --web.enable-lifecycle to allow this, or send SIGHUP.\n")
        }
        guard request.method == .post else {
            return Response(.methodNotAllowed, text: "Only POST is served here.\n", headers: ["Allow": "POST"])
        }
        if let error = reload() {
            return Response(.internalServerError, text: "The configuration was not changed:\n\(error)\n")
        }
        return Response(.ok, text: "The configuration was read again.\n")
    }
}

extension ExpositionFormat {
    private static let offers: [(MediaType, ExpositionFormat)] = [
        (MediaType("text/plain", parameters: ["version": "0.0.4"], isDefaultVersion: true), .text),
        // Without a version it would be 0.0.1.
        (MediaType("application/openmetrics-text", parameters: ["version": "1.0.0"]), .openMetrics),
    ]

    /// The format that an Accept header prefers, and its Content-Type; text 0.0.4 when it prefers none of ours.
    ///
    /// A client that names an `escaping` is told the one of this answer. Every name here is valid under all of them.
    static func negotiated(_ accept: String?) -> (format: ExpositionFormat, contentType: String) {
        let best = AcceptList(accept).best(of: offers.map(\.0))
        let format = offers.first { $0.0 == best?.offer }?.1 ?? .text
        let namesEscaping = best?.item.parameters.contains { $0.name == "escaping" } ?? false
        return (format, format.contentType + (namesEscaping ? "; escaping=underscores" : ""))
    }
}
