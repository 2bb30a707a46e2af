/// The changes since the last report, as P1 and A1 send them.
struct DeltaReport {
    /// All values that a delta can contain, at one time.
    struct Content: Equatable {
        fileprivate let fields: [ReportField]
        fileprivate let units: [AMSUnit]
        fileprivate let version: Int
        fileprivate let messages: [HealthMessage]
        fileprivate let isLightOn: Bool

        init(of machine: Machine) {
            fields = ReportField.all(of: machine)
            units = machine.filament.units
            version = machine.filament.version
            messages = machine.messages
            isLightOn = machine.fittings.isLightOn
        }

        static func == (left: Content, right: Content) -> Bool {
            left.fields == right.fields && left.version == right.version && left.messages == right.messages
                && left.isLightOn == right.isLightOn
        }
    }

    let machine: Machine
    let before: Content
    let now: Content
    let sequence: Int

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.object("print") { writer in
                for (old, new) in zip(before.fields, now.fields) where old != new { new.write(to: &writer) }
                if before.version != now.version { writeFilament(to: &writer) }
                if before.messages != now.messages { HealthSection(machine: machine).write(to: &writer) }
                if before.isLightOn != now.isLightOn { LightSection(machine: machine).write(to: &writer) }
                writer.field("command", "push_status")
                writer.field("msg", 1)
                writer.quoted("sequence_id", sequence)
            }
        }
    }

    private func writeFilament(to writer: inout JSONWriter) {
        let section = FilamentSection(machine: machine)
        writer.object("ams") { writer in
            // Units are complete in a delta, without the bits.
            if isDifferent(before.units, now.units) { section.writeUnits(to: &writer) }
            section.writeScalars(to: &writer)
        }
    }

    /// Whether the difference is visible on the wire, which has humidity as an integer and weight in percent.
    private func isDifferent(_ old: [AMSUnit], _ new: [AMSUnit]) -> Bool {
        guard old.count == new.count else { return true }
        return zip(old, new).contains { old, new in
            Int(old.humidity) != Int(new.humidity) || (old.drying == nil) != (new.drying == nil)
                || zip(old.slots, new.slots).contains { old, new in
                    old?.remain != new?.remain || old?.tag != new?.tag || old?.filament != new?.filament
                }
        }
    }
}
