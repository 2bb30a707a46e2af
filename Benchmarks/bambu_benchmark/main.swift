// The driver, Benchmarks/bench.py, calls the rest; see there.
BenchmarkCommand.run(Array(CommandLine.arguments.dropFirst()))
