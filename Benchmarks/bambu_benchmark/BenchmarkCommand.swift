/// The commands of `bambu_benchmark`.
enum BenchmarkCommand {
    static func run(_ arguments: [String]) {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "ingest": IngestBenchmark.run(rest)
        case "repeat": IngestBenchmark.repeat(rest)
        case "render": RenderBenchmark.run(rest)
        case "look": CameraBenchmark.run()
        // The cameras of `look`, in a separate process.
        case "cameras": CameraBenchmark.serve(rest)
        default:
            print(
                "usage: bambu_benchmark ingest WAY FILE... | ingest alternating FILE FILE | repeat WAY FILE RUNS | render FILE... | look"
            )
        }
    }
}
