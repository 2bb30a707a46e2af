/// One message that a client sent to a printer.
package struct SimulatedRequest: Sendable, Equatable {
    package let payload: [UInt8]
    /// The quality of service it was published with, 0 to 2.
    package let qualityOfService: Int

    package init(payload: [UInt8], qualityOfService: Int) {
        self.payload = payload
        self.qualityOfService = qualityOfService
    }

    /// Such as `pushing.pushall`; empty where the payload names no command.
    package var command: String {
        for (name, body) in JSONSlice(payload).members {
            guard let command = body.members.first(where: { $0.name == "command" })?.value.text else { continue }
            return "\(name).\(command)"
        }
        return ""
    }

    /// The request's own number, which the answer repeats; "0" where there is none.
    package var sequence: String {
        let body = JSONSlice(payload).members.first?.value.members ?? []
        return body.first { $0.name == "sequence_id" }?.value.text ?? "0"
    }
}
