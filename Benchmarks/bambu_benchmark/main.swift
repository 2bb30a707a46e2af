// `bambu_benchmark` measures everything, `bambu_benchmark look` the cameras alone; `bambu_benchmark cameras N RATE` is what
// those are measured against, in a process of its own.
if CommandLine.arguments.dropFirst().first == "cameras" {
    CameraBenchmark.serve(Array(CommandLine.arguments.dropFirst(2)))
} else if CommandLine.arguments.dropFirst().first == "look" {
    CameraBenchmark.run()
} else {
    Benchmark.runAll()
}
