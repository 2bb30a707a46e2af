// Rules for the parser of Accept and Accept-Encoding, for any field: weights are in range, the choice is one of the
// offers and does not depend on types that are not offered, and a field written from the parsed items parses to the
// same items.

@testable import Exporter
@testable import HTTP
@testable import OpenMetrics

private let offers = [
    MediaType("text/plain", parameters: ["version": "0.0.4"]),
    MediaType("application/openmetrics-text", parameters: ["version": "1.0.0"]), MediaType("text/plain"),
]

extension AcceptList.Item {
    /// The item in its unambiguous written form.
    fileprivate var text: String {
        let all = parameters.map { parameter in
            // Compare bytes: a quote and a combining mark are one `Character`.
            let value = parameter.value.utf8.flatMap { "\\\"".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
            return ";\(parameter.name)=\"\(String(decoding: value, as: UTF8.self))\""
        }
        let places = String(weight % 1000)
        return name + all.joined() + ";q=\(weight / 1000)." + String(repeating: "0", count: 3 - places.count) + places
    }
}

private func isAccepted(_ item: AcceptList.Item, by type: String) -> Bool {
    item.weight > 0 && [type, "application/*", "*/*"].contains(item.name)
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let field = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    let list = AcceptList(field)
    check(
        list.items.allSatisfy { (0...1000).contains($0.weight) && !$0.name.isEmpty },
        "an item has no name or an invalid weight")
    let best = list.best(of: offers)?.offer
    if let best { check(offers.contains(best), "a type that was not offered was chosen") }

    let more = AcceptList(field + ",image/unknown;q=1")
    if more.items.dropLast() == list.items[...], more.items.count == list.items.count + 1 {
        check(more.best(of: offers)?.offer == best, "a type that is not offered changes the choice")
    }

    let written = list.items.map(\.text).joined(separator: ",")
    if written.utf8.count <= 8192 { check(AcceptList(written).items == list.items, "\(written) is parsed differently") }

    if case .openMetrics = ExpositionFormat.negotiated(field).format {
        check(
            list.items.contains { isAccepted($0, by: "application/openmetrics-text") },
            "OpenMetrics was chosen without being accepted")
    }
    if list.acceptsGzip {
        let codings = ["gzip", "x-gzip", "*"]
        check(
            list.items.contains { codings.contains($0.name) && $0.weight > 0 }, "gzip was chosen without being accepted"
        )
    }
    return 0
}
