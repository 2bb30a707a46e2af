/// A print job with its requirements and its course.
package struct Job: Sendable, Equatable {
    /// The course of a print job. Most jobs finish.
    package enum Course: Sendable, Equatable {
        case finishes, pausedByUser, runsOut, fails, cancelled
    }

    package let name: String
    package let isCloud: Bool
    package let number: Int
    package let layers: Int
    package let seconds: Double
    package let grams: Double
    /// The number of filament changes if there are several filaments.
    package let changes: Int
    /// Tray numbers as in `tray_now`, in order of use.
    package let trays: [Int]
    package let course: Course
    /// The fraction of the print, 0 to 1, at which `course` takes effect.
    package let turningPoint: Double
    /// The fraction of the print at which an HMS message appears; it lasts for a tenth. `nil` for no message.
    package let warning: Double?

    private static let names = [
        "Cable clip 12 mm", "Gehäusedeckel für Würfelöfchen", "\"Benchy\" but taller", "Vase ✨ spiral",
        "Bracket_v7 (final)", "Étagère à épices", "Gridfinity 3×2", "Lüftergitter größer", "Hook \\ left",
        "Drachen 🐉 beweglich",
        "Spool holder",
    ]

    /// - Parameter number: the number of the job on this printer, from 1.
    static func random(number: Int, trays: [Int], using random: inout SeededGenerator) -> Job {
        let used = trays.shuffled(using: &random).prefix(random.happens(0.4) ? min(4, max(1, trays.count)) : 1)
        let layers = Int(random.number(in: 40...900))
        let seconds = Double(layers) * random.number(in: 18...45)
        let roll = random.fraction()
        let course: Course =
            switch roll {
            case ..<0.08: .cancelled
            case ..<0.16: .fails
            case ..<0.24: .pausedByUser
            case ..<0.30: .runsOut
            default: .finishes
            }
        return Job(
            name: names.randomElement(using: &random) ?? "Spool holder", isCloud: random.happens(0.5), number: number,
            layers: layers, seconds: seconds, grams: seconds / 3600 * random.number(in: 9...25),
            changes: used.count > 1 ? Int(random.number(in: 3...30)) : 0, trays: Array(used), course: course,
            turningPoint: random.number(in: 0.15...0.85),
            warning: random.happens(0.3) ? random.number(in: 0.1...0.8) : nil)
    }

    /// Returns a job that finishes, with one filament.
    package static func plain(number: Int, tray: Int, seconds: Double = 3600) -> Job {
        Job(
            name: "Test cube", isCloud: false, number: number, layers: 100, seconds: seconds, grams: 20, changes: 0,
            trays: [tray], course: .finishes, turningPoint: 0.5, warning: nil)
    }

    /// The tray in use when the fraction `part`, 0 to 1, is printed; 255 if the job has no trays.
    func tray(at part: Double) -> Int {
        guard let first = trays.first else { return 255 }
        guard changes > 0 else { return first }
        let turn = Int(part * Double(changes + 1))
        return trays[turn % trays.count]
    }
}
