/// A message that a client sent to a printer.
package struct SimulatedRequest: Sendable, Equatable {
    package let payload: [UInt8]
    /// The quality of service of the message, 0 to 2.
    package let qualityOfService: Int

    /// The command, such as `pushing.pushall`; empty if the payload contains none.
    package var command: String {
        for (name, body) in JSONSlice(payload).members {
            guard let command = body.members.first(where: { $0.name == "command" })?.value.text else { continue }
            return "\(name).\(command)"
        }
        return ""
    }

    /// The `sequence_id` of the request, which the answer repeats; "0" if it has none.
    package var sequence: String {
        let body = JSONSlice(payload).members.first?.value.members ?? []
        return body.first { $0.name == "sequence_id" }?.value.text ?? "0"
    }
}
