Benchmark.runAll()
