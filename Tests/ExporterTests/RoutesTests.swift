import BambuMetrics
import Foundation
import HTTP
import Platform
import Testing

@testable import BambuProtocol
@testable import Exporter

@Suite("Routes")
struct RoutesTests {
    private let registry = Registry()
    private let mailbox = PrinterMailbox(name: "garage", serial: "01P00A000000001", hasSource: true)
    private let stopping = Locked(false)

    init() {
        mailbox.publish(snapshot(), isTried: true, freshUntil: Instant.now() + .seconds(60))
        registry.replace([mailbox])
    }

    private func snapshot(_ reports: String...) -> PrinterSnapshot {
        var printer = Printer(serial: "01P00A000000001")
        for report in reports + [#"{"print":{"nozzle_temper":21.5,"gcode_state":"RUNNING","subtask_name":"<b>&\"x"}}"#]
        {
            _ = Array(report.utf8).withUnsafeBytes { printer.apply($0, at: 1_700_000_000) }
        }
        var link = Link()
        link.isUp = true
        return PrinterSnapshot(name: "garage", transport: .lan, link: link, printer: printer)
    }

    private func routes(
        site: Site = Site(), isHealthy: Bool = true, reload: (@Sendable () -> ConfigurationError?)? = nil,
        start: Instant = Instant.now()
    ) -> Routes {
        let stopping = self.stopping
        return Routes(
            registry: registry, exporter: { ExporterSnapshot() }, isHealthy: { isHealthy },
            isStopping: { stopping.withLock { $0 } }, reload: reload, telemetryPath: "/metrics", site: site,
            scheme: { "http" }, start: start)
    }

    private func get(_ target: String, _ headers: Headers = ["Host": "exporter:10883"]) throws -> Response {
        try routes().response(to: Request(.get, RequestTarget(target), headers: headers))
    }

    private func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `metrics are text for curl and OpenMetrics for Prometheus`() throws {
        let plain = try get("/metrics")
        #expect(plain.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(text(plain).contains("bambu_nozzle_temperature_celsius{printer=\"garage\",nozzle=\"0\"} 21.5\n"))
        #expect(!text(plain).contains("# EOF"))
        let open = try get(
            "/metrics",
            [
                "Host": "a",
                "Accept":
                    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            ])
        #expect(
            open.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores")
        #expect(text(open).hasSuffix("# EOF\n"))
        #expect(open.headers["Vary"] == "Accept, Accept-Encoding")
    }

    @Test(arguments: [
        "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json", "garbage;;;q=q",
        "text/plain;version=0.0.4",
        "application/openmetrics-text;version=2.0.0,*/*;q=0.1", "application/openmetrics-text;version=1.0.0;q=0",
        "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4;q=0.3",
    ])
    func `clients that do not prefer OpenMetrics 1 get text 0_0_4, never 406`(accept: String) throws {
        let response = try get("/metrics", ["Host": "a", "Accept": accept])
        #expect(response.status == .ok)
        #expect(response.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func `gzip is used only if the client accepts it`() throws {
        let packed = try get("/metrics", ["Host": "a", "Accept-Encoding": "gzip"])
        #expect(packed.headers["Content-Encoding"] == "gzip")
        #expect(packed.body.prefix(2) == [0x1F, 0x8B])
        let refused = try get("/metrics", ["Host": "a", "Accept-Encoding": "gzip;q=0"])
        #expect(refused.headers["Content-Encoding"] == nil)
    }

    @Test(arguments: ["/metrics?collect[]=exporter", "/metrics?collect=exporter"])
    func `the exporter's own series are available separately`(target: String) throws {
        let body = text(try get(target))
        #expect(body.contains("bambu_exporter_build_info") && !body.contains("printer="))
    }

    @Test func `a probe returns one printer and no series of the exporter`() throws {
        for target in ["garage", "01P00A000000001"] {
            let body = text(try get("/probe?target=\(target)"))
            #expect(body.contains("bambu_up{printer=\"garage\"} 1") && !body.contains("bambu_exporter_"))
        }
        #expect(try get("/probe").status == .badRequest)
        #expect(try get("/probe?target=192.168.1.1").status == .notFound)
    }

    @Test func `service discovery has a target per printer and one for the exporter`() throws {
        let response = try get("/sd")
        #expect(response.contentType == "application/json")
        let parsed = try #require(
            try JSONSerialization.jsonObject(with: Data(response.body)) as? [[String: Any]])
        #expect(parsed.count == 2)
        #expect(parsed.allSatisfy { ($0["targets"] as? [String]) == ["exporter:10883"] })
        let labels = try #require(parsed.last?["labels"] as? [String: String])
        #expect(labels["instance"] == "garage" && labels["__param_target"] == "garage")
        // Two exporters differ by the address, which Prometheus uses if the label is missing.
        let own = try #require(parsed.first?["labels"] as? [String: String])
        #expect(own["instance"] == nil && own["__param_collect"] == "exporter")
        #expect(labels["__metrics_path__"] == "/probe" && labels["__meta_bambu_model"] == "P1S")
        #expect(labels["printer"] == nil)
        // Prometheus drops a whole response that contains one invalid label name.
        let names = parsed.flatMap { ($0["labels"] as? [String: String] ?? [:]).keys }
        #expect(names.allSatisfy { $0.allSatisfy { $0.isLetter || $0 == "_" } })
    }

    @Test func `a client that names an escaping gets the one of the response`() throws {
        let accepts = [
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.2",
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
            ),
            (
                "text/plain;version=0.0.4;escaping=underscores",
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
            ),
            (
                "application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.3",
                "text/plain; version=0.0.4; charset=utf-8"
            ),
            ("application/openmetrics-text", "text/plain; version=0.0.4; charset=utf-8"),
            (
                "application/openmetrics-text;version=1.0.0,*/*;escaping=values;q=0.1",
                "application/openmetrics-text; version=1.0.0; charset=utf-8"
            ),
        ]
        for (accept, type) in accepts {
            #expect(try get("/metrics", ["Host": "a", "Accept": accept]).contentType == type)
        }
    }

    private func external(_ url: String, prefix: String? = nil) -> Site {
        Site(external: ExternalURL(url), routePrefix: prefix)
    }

    private func labels(_ routes: Routes, _ target: String) throws -> [String] {
        let response = try routes.response(to: Request(.get, RequestTarget(target), headers: ["Host": "inside:1"]))
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [[String: Any]])
        return parsed.map { group in
            let labels = group["labels"] as? [String: String] ?? [:]
            let host = (group["targets"] as? [String])?.first ?? ""
            return "\(labels["__scheme__"] ?? "")://\(host)\(labels["__metrics_path__"] ?? "")"
        }
    }

    @Test func `behind a proxy, service discovery returns the external URL`() throws {
        let kept = routes(site: external("https://metrics.lan/bambu/"))
        #expect(
            try labels(kept, "/bambu/sd") == ["https://metrics.lan/bambu/metrics", "https://metrics.lan/bambu/probe"])
        let stripped = routes(site: external("https://metrics.lan:8443/bambu", prefix: ""))
        #expect(
            try labels(stripped, "/sd")
                == ["https://metrics.lan:8443/bambu/metrics", "https://metrics.lan:8443/bambu/probe"])
        let inside = routes(site: Site(routePrefix: "/x"))
        #expect(try labels(inside, "/x/sd") == ["http://inside:1/x/metrics", "http://inside:1/x/probe"])
    }

    @Test func `the prefix applies to every path, and the root redirects to it`() throws {
        let routes = routes(site: external("https://metrics.lan/bambu"))
        func get(_ path: String) throws -> Response {
            try routes.response(to: Request(.get, RequestTarget(path), headers: ["Host": "a"]))
        }
        for path in ["/bambu/metrics", "/bambu/", "/bambu/-/healthy", "/bambu/-/ready", "/bambu/probe?target=garage"] {
            #expect(try get(path).status == .ok)
        }
        for path in ["/metrics", "/-/healthy", "/bambux", "/bambu//metrics"] {
            #expect(try get(path).status == .notFound)
        }
        for path in ["/", "/bambu"] {
            #expect(try get(path).headers["Location"] == "https://metrics.lan/bambu/")
        }
        #expect(text(try get("/bambu/")).contains("href=\"/bambu/metrics\""))
    }

    @Test func `a hang of the printers' event loop is unhealthy`() throws {
        let request = try Request(.get, RequestTarget("/-/healthy"), headers: ["Host": "a"])
        #expect(routes(isHealthy: false).response(to: request).status == .serviceUnavailable)
        #expect(routes(isHealthy: true).response(to: request).status == .ok)
    }

    @Test func `an unknown path is not echoed, and the page allows no frame`() throws {
        let missing = try get("/<script>")
        #expect(!text(missing).contains("script") && missing.headers["X-Content-Type-Options"] == "nosniff")
        #expect(try get("/").headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
    }

    @Test func `the page may run no script, and load nothing but the icon that it holds itself`() throws {
        let policy = try #require(try get("/").headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'; img-src data:;") && !policy.contains("script-src"))
    }

    @Test func `a query opens the card of a printer`() throws {
        #expect(text(try get("/?printer=garage")).contains("<h2>garage <small><a href=\"/\">close</a>"))
        for other in ["/", "/?printer=", "/?printer=%3Cb%3E"] { #expect(!text(try get(other)).contains("close</a>")) }
    }

    @Test func `the page escapes text from printers`() throws {
        let page = text(try get("/"))
        #expect(page.contains("&lt;b&gt;&amp;&quot;x") && !page.contains("<b>&"))
    }

    @Test func `other methods get 405 with Allow, other paths get 404`() throws {
        let post = try routes().response(to: Request(.post, RequestTarget("/metrics"), headers: ["Host": "a"]))
        #expect(post.status == .methodNotAllowed && post.headers["Allow"] == "GET, HEAD")
        for path in ["/nothing", "//metrics", "/metrics/", "/-/quit"] { #expect(try get(path).status == .notFound) }
    }

    @Test func `it is ready when every printer has been tried or after 30 s`() throws {
        #expect(try get("/-/ready").status == .ok)
        mailbox.publish(snapshot(), isTried: false, freshUntil: nil)
        #expect(try get("/-/ready").status == .serviceUnavailable)
        let old = routes(start: Instant.now() + .seconds(-31))
        #expect(try old.response(to: Request(.get, RequestTarget("/-/ready"), headers: ["Host": "a"])).status == .ok)
        stopping.withLock { $0 = true }
        #expect(try get("/-/ready").status == .serviceUnavailable)
        #expect(try get("/-/healthy").status == .ok)
    }

    @Test func `a reload must be enabled and reports errors`() throws {
        let post = try Request(.post, RequestTarget("/-/reload"), headers: ["Host": "a"])
        #expect(routes().response(to: post).status == .forbidden)
        #expect(routes(reload: { nil }).response(to: post).status == .ok)
        let failed = routes(reload: { ConfigurationError("file:3", "broken") }).response(to: post)
        #expect(failed.status == .internalServerError && text(failed).contains("file:3: broken"))
        let get = try routes(reload: { nil }).response(
            to: Request(.get, RequestTarget("/-/reload"), headers: ["Host": "a"]))
        #expect(get.status == .methodNotAllowed && get.headers["Allow"] == "POST")
    }

    @Test func `values of a hanging session are not served as current`() throws {
        mailbox.publish(snapshot(), isTried: true, freshUntil: Instant.now() + .seconds(-10))
        let body = text(try get("/metrics"))
        #expect(body.contains("bambu_up{printer=\"garage\"} 0"))
        #expect(body.contains("bambu_down_reason_info{printer=\"garage\",reason=\"silent\"} 1"))
        #expect(!body.contains("bambu_nozzle_temperature_celsius"))
    }

    @Test func `a new report appears in the next scrape`() throws {
        let routes = routes()
        let request = try Request(.get, RequestTarget("/metrics"), headers: ["Host": "a"])
        _ = routes.response(to: request)
        mailbox.publish(
            snapshot(#"{"print":{"bed_temper":60}}"#), isTried: true, freshUntil: Instant.now() + .seconds(60))
        #expect(text(routes.response(to: request)).contains("bambu_bed_temperature_celsius{printer=\"garage\"} 60\n"))
    }
}
