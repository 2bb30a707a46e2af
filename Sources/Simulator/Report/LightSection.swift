/// `print.lights_report`.
struct LightSection {
    let machine: Machine

    func write(to writer: inout JSONWriter) {
        var lights = [("chamber_light", machine.fittings.isLightOn ? "on" : "off")]
        if machine.model.facts.dialect != .delta {
            lights.append(("work_light", machine.state == .running ? "flashing" : "off"))
        }
        writer.objects("lights_report", lights) { writer, light in
            writer.field("mode", light.1)
            writer.field("node", light.0)
        }
    }
}
