// Called by the driver in Benchmarks/bench, which documents the commands.
BenchmarkCommand.run(Array(CommandLine.arguments.dropFirst()))
