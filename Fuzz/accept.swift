// What must hold of the reader of Accept and Accept-Encoding for any field: weights are in range, the choice is one of
// the offers and is not swayed by things that are not offered, and a field written anew from what was read says the same.

@testable import Exporter
@testable import HTTP
@testable import OpenMetrics

private let offers = [
    MediaType("text/plain", parameters: ["version": "0.0.4"]),
    MediaType("application/openmetrics-text", parameters: ["version": "1.0.0"]), MediaType("text/plain"),
]

extension AcceptList.Item {
    /// The item as a client would write it that leaves nothing to be guessed.
    fileprivate var text: String {
        let all = parameters.map { parameter in
            // Byte by byte: a quote and a mark that combines with it are one character.
            let value = parameter.value.utf8.flatMap { "\\\"".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
            return ";\(parameter.name)=\"\(String(decoding: value, as: UTF8.self))\""
        }
        let places = String(weight % 1000)
        return name + all.joined() + ";q=\(weight / 1000)." + String(repeating: "0", count: 3 - places.count) + places
    }
}

private func isTaken(_ item: AcceptList.Item, by type: String) -> Bool {
    item.weight > 0 && [type, "application/*", "*/*"].contains(item.name)
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let field = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    let list = AcceptList(field)
    check(list.items.allSatisfy { (0...1000).contains($0.weight) && !$0.name.isEmpty }, "no name, or no weight")
    let best = list.best(of: offers)?.offer
    if let best { check(offers.contains(best), "what was not offered is chosen") }

    let more = AcceptList(field + ",image/nobody;q=1")
    if more.items.dropLast() == list.items[...], more.items.count == list.items.count + 1 {
        check(more.best(of: offers)?.offer == best, "what is not offered sways the choice")
    }

    let written = list.items.map(\.text).joined(separator: ",")
    if written.utf8.count <= 8192 { check(AcceptList(written).items == list.items, "\(written) is read otherwise") }

    if case .openMetrics = ExpositionFormat.negotiated(field) {
        check(list.items.contains { isTaken($0, by: "application/openmetrics-text") }, "OpenMetrics unasked")
    }
    if list.acceptsGzip {
        let codings = ["gzip", "x-gzip", "*"]
        check(list.items.contains { codings.contains($0.name) && $0.weight > 0 }, "gzip unasked")
    }
    return 0
}
