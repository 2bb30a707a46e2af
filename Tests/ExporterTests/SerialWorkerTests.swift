import Platform
import Reactor
import Testing

@testable import Exporter

@Suite("SerialWorker")
struct SerialWorkerTests {
    @Test func `work runs in order on another thread, results on the loop`() throws {
        let loop = try EventLoop()
        let worker = try SerialWorker(named: "files")
        var results: [Int] = []
        loop.schedule(after: .zero) {
            for number in 1...3 {
                worker.run({ number * 10 }, on: loop) { result in
                    results.append(result)
                    if number == 3 { loop.stop() }
                }
            }
            #expect(results.isEmpty)
        }
        loop.run()
        #expect(results == [10, 20, 30])
    }

    @Test func `waiting for slow work ends at its limit`() throws {
        let worker = try SerialWorker(named: "files")
        let release = CountingSemaphore()
        worker.perform { release.wait() }
        #expect(!worker.finish(within: .milliseconds(20)))
        release.signal()
        #expect(worker.finish(within: .seconds(30)))
    }

    @Test func `queued work is done after the worker is released`() throws {
        let done = CountingSemaphore()
        try SerialWorker(named: "files").perform { done.signal() }
        #expect(done.wait(within: .seconds(30)))
    }
}
