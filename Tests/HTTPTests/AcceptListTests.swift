import Testing

@testable import HTTP

@Suite("AcceptList")
struct AcceptListTests {
    private static let text = MediaType(
        "text/plain", parameters: ["version": "0.0.4"], isDefaultVersion: true)
    private static let openMetrics = MediaType("application/openmetrics-text", parameters: ["version": "1.0.0"])

    private static func best(_ field: String?) -> MediaType? {
        AcceptList(field).best(of: [text, openMetrics])?.offer
    }

    private static let protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"

    @Test(arguments: [
        // Prometheus 2.42, without and with native histograms
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "\(protobuf),application/openmetrics-text;version=1.0.0;q=0.8,"
            + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        // Prometheus 2.53
        "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        // Prometheus 3.5, without and with native histograms
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        "\(protobuf);q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
            + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    ])
    func `every version of Prometheus gets OpenMetrics`(field: String) {
        #expect(Self.best(field) == Self.openMetrics)
    }

    @Test(arguments: [
        "text/plain;version=0.0.4;q=1,*/*;q=0.1",  // vmagent
        "*/*",  // curl
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",  // browsers
        "text/*", "application/openmetrics-text;q=0,*/*", "application/openmetrics-text;version=0.0.1,text/plain;q=0.1",
        "text/plain;version=1.0.0,text/plain;version=0.0.4;q=0.1", "TEXT/Plain ; Q=0.5",
        "text/plain,application/openmetrics-text",
    ])
    func `the text format wins if its weight is the highest`(field: String) {
        #expect(Self.best(field) == Self.text)
    }

    @Test(arguments: [
        "application/openmetrics-text;version=\"1.0.0\"",
        "application/*,text/plain;q=0.9", "text/plain;q=0.5,application/openmetrics-text;version=1.0.0;q=0.501",
        "application/openmetrics-text;version=1.0.0,text/plain", "*/*,text/plain;q=0",
        "text/plain;q=2,application/openmetrics-text;version=1.0.0;q=0.1",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.50,text/plain;q=0.6",
        "x;p=\"a,b\\\",\",application/openmetrics-text;version=1.0.0",
    ])
    func `OpenMetrics wins by weight, or by order if weights are equal`(field: String) {
        #expect(Self.best(field) == Self.openMetrics)
    }

    @Test(arguments: [
        nil, "", ",,,", "image/png", "text/plain;version=2", "*/*;q=0", "text/plain;q=", "text/plain;q=1.5",
        "text/plain;q=0.1234", "text/plain;q=-1", "text/plain;q=nan", "text/plain;q=1e0", "te xt/plain",
        "application/openmetrics-text;version=0.0.1", "application/openmetrics-text;version=2.0.0",
        "application/openmetrics-text", "*", "text/plain;q=0,application/openmetrics-text;q=0.000",
        String(repeating: "a/b,", count: 64) + "text/plain", "text/plain;x=" + String(repeating: "a", count: 8192),
    ])
    func `returns nil if no offer is acceptable`(field: String?) {
        #expect(Self.best(field) == nil)
    }

    @Test func `parses weights with up to three decimals`() {
        let list = AcceptList("a/a;q=0.123, b/b;q=1.000;x=y, c/c;q=0, d/d;q=1., e/e;q=0.5;level=1")
        #expect(list.items.map(\.weight) == [123, 1000, 0, 1000, 500])
        #expect(list.items.last?.parameters == [AcceptList.Parameter(name: "level", value: "1")])
    }

    @Test(arguments: [
        (nil, false), ("gzip", true), ("GZIP;q=0.1", true), ("gzip;q=0", false), ("*", true), ("*;q=0", false),
        ("gzip;q=0, *", false), ("deflate, br", false), ("identity", false), ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
        ("gzipped", false), ("x-gzip", true), ("", false),
    ])
    func `accepts gzip only if the field allows it`(field: String?, accepts: Bool) {
        #expect(AcceptList(field).acceptsGzip == accepts)
    }
}
