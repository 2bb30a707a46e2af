import CommandFlags
import Reactor
import Testing

@testable import Exporter

@Suite("Pictures")
struct SnapshotTests {
    @Test(arguments: [
        ("a.jpg", "a.jpg"), ("%p-%t.jpg", "042-20261125T142233044Z.jpg"), ("100%%.jpg", "100%.jpg"),
        ("%x%", "%x%"), ("%%p", "%p"),
    ])
    func `a name says time and percent where it is asked to`(template: String, name: String) {
        #expect(PictureName(template).text(time: "2026-11-25T14:22:33.044Z", percent: 42.9) == name)
    }

    @Test func `what is not known is said to be, and what no printer says is brought into bounds`() {
        #expect(PictureName("%p").text(time: "", percent: nil) == "unknown")
        #expect(PictureName("%p").text(time: "", percent: 1e300) == "100")
        #expect(PictureName("a%t").tellsPicturesApart && PictureName("a%p").hasPercent)
        #expect(!PictureName("a%%t").tellsPicturesApart && !PictureName("%t").hasPercent)
        #expect(PictureName("-").isStandardOutput)
    }

    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func `one picture is one`() {
        var plan = PicturePlan(.once)
        #expect(plan.isDue(at: start, percent: nil))
        plan.noteTaken(at: start, percent: nil)
        #expect(!plan.isDue(at: start, percent: nil) && plan.isOver)
    }

    @Test func `pictures come at an interval, and one that was late is not made up for`() {
        var plan = PicturePlan(.every(.seconds(2)))
        plan.noteTaken(at: start, percent: nil)
        #expect(!plan.isDue(at: start + .seconds(1), percent: nil))
        #expect(plan.isDue(at: start + .seconds(2), percent: nil))
        plan.noteTaken(at: start + .seconds(9), percent: nil)
        #expect(!plan.isDue(at: start + .seconds(8), percent: nil))
        #expect(plan.isDue(at: start + .seconds(9), percent: nil))
    }

    @Test func `a print gives a picture at each of its tenths, and the next print again`() {
        var plan = PicturePlan(.everyPercent(10))
        #expect(!plan.isDue(at: start, percent: nil))
        var taken: [Double] = []
        for percent in [3.0, 4, 9.9, 10, 11, 35, 99, 100, 100, 0, 1, 10] where plan.isDue(at: start, percent: percent) {
            plan.noteTaken(at: start, percent: percent)
            taken.append(percent)
        }
        #expect(taken == [3, 10, 35, 99, 100, 0, 10])
    }

    @Test(arguments: [
        (["snapshot"], "snapshot needs the name of a printer: bambu_exporter snapshot NAME -o FILE"),
        (["snapshot", "a"], "snapshot needs a file for the picture: bambu_exporter snapshot NAME -o FILE"),
        (
            ["snapshot", "a", "-o", "b", "--every-percent=0"],
            "--every-percent: expected a whole number from 1 to 100, found \"0\""
        ),
        (
            ["snapshot", "a", "-o", "b", "--every-percent=10"],
            "--every-percent needs %p or %t in the name of the file, to tell the pictures apart"
        ),
        (
            ["snapshot", "a", "-o", "%p", "--every-percent=10", "--follow"],
            "give --follow or --every-percent, not both"
        ),
        (
            ["snapshot", "a", "-o", "b", "--interval=soon"],
            "--interval: expected a duration such as 1s, found \"soon\""
        ),
    ])
    func `a wrong command line says what was wanted`(arguments: [String], message: String) {
        #expect(throws: UsageError(message)) { try Options(arguments: arguments) }
    }

    @Test func `a picture for standard output needs no name`() throws {
        let options = try Options(arguments: ["snapshot", "garage", "--follow", "--interval", "0s", "-o", "-"])
        #expect(options.command == .snapshot && options.operand == "garage" && options.follows)
        #expect(options.output == "-" && options.interval == .zero)
    }
}
