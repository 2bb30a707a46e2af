import CommandFlags
import Platform
import Testing

@testable import Exporter

@Suite("Pictures")
struct PictureCommandTests {
    @Test(arguments: [
        ("a.jpg", "a.jpg"), ("%p-%t.jpg", "042-20261125T142233044Z.jpg"), ("100%%.jpg", "100%.jpg"),
        ("%x%", "%x%"), ("%%p", "%p"),
    ])
    func `the placeholders of a name are replaced by time and percent`(template: String, name: String) {
        #expect(PictureName(template).text(time: "2026-11-25T14:22:33.044Z", percent: 42.9) == name)
    }

    @Test func `an unknown percent is written as such, and others are clamped`() {
        #expect(PictureName("%p").text(time: "", percent: nil) == "unknown")
        #expect(PictureName("%p").text(time: "", percent: 1e300) == "100")
        #expect(PictureName("a%t").isUniquePerPicture && PictureName("a%p").hasPercent)
        #expect(!PictureName("a%%t").isUniquePerPicture && !PictureName("%t").hasPercent)
        #expect(PictureName("-").isStandardOutput)
    }

    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func `a single picture is taken once`() {
        var plan = PicturePlan(.once)
        #expect(plan.isDue(at: start, percent: nil))
        plan.recordPicture(at: start, percent: nil)
        #expect(!plan.isDue(at: start, percent: nil) && plan.isOver)
    }

    @Test func `pictures are taken at an interval, without catching up`() {
        var plan = PicturePlan(.every(.seconds(2)))
        plan.recordPicture(at: start, percent: nil)
        #expect(!plan.isDue(at: start + .seconds(1), percent: nil))
        #expect(plan.isDue(at: start + .seconds(2), percent: nil))
        plan.recordPicture(at: start + .seconds(9), percent: nil)
        #expect(!plan.isDue(at: start + .seconds(8), percent: nil))
        #expect(plan.isDue(at: start + .seconds(9), percent: nil))
    }

    @Test func `a picture is taken at each tenth of a print, and of the next`() {
        var plan = PicturePlan(.everyPercent(10))
        #expect(!plan.isDue(at: start, percent: nil))
        var taken: [Double] = []
        for percent in [3.0, 4, 9.9, 10, 11, 35, 99, 100, 100, 0, 1, 10] where plan.isDue(at: start, percent: percent) {
            plan.recordPicture(at: start, percent: percent)
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
            "--every-percent needs %p or %t in the file name, so that each picture has its own file"
        ),
        (
            ["snapshot", "a", "-o", "%p", "--every-percent=10", "--follow"],
            "--follow and --every-percent cannot be combined"
        ),
        (
            ["snapshot", "a", "-o", "b", "--interval=soon"],
            "--interval: expected a duration such as 1s, found \"soon\""
        ),
    ])
    func `a wrong command line is rejected with the expected value`(arguments: [String], message: String) {
        #expect(throws: UsageError(message)) { try Options(arguments: arguments) }
    }

    @Test func `a picture for standard output needs no file name`() throws {
        let options = try Options(arguments: ["snapshot", "garage", "--follow", "--interval", "0s", "-o", "-"])
        #expect(options.command == .snapshot && options.operand == "garage" && options.follows)
        #expect(options.output == "-" && options.interval == .zero)
    }
}
