import Foundation
import Platform
import Testing

@testable import Cloud
@testable import Simulator

@Suite("CloudClient with the simulated account", .timeLimit(.minutes(1)))
struct CloudClientTests {
    private let account = SimulatedAccount()
    private let server: CloudServer
    private let url: String

    init() throws {
        // A proxy of the environment cannot reach this machine's loopback.
        for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
        account.bind(
            SimulatedAccount.Device(serial: "01P00A900000001", name: "x", model: .p1s, accessCode: "12345678"))
        server = try CloudServer(account)
        url = "http://127.0.0.1:\(try server.start())"
    }

    private func send(
        _ request: CloudRequest, deadline: Duration = .seconds(5)
    ) async throws -> Result<CloudResponse, CloudFailure> {
        try await RunningClient.send(request, to: url, deadline: deadline)
    }

    private func bind(deadline: Duration = .seconds(5)) async throws -> CloudFailure? {
        let result = try await send(
            CloudRequest("/v1/iot-service/api/user/bind", token: Secret(account.token)), deadline: deadline)
        switch result {
        case .failure(let failure): return failure
        case .success(let answer): return answer.failure(at: 0)
        }
    }

    @Test func `a request has the user agent and the token`() async throws {
        let result = try await send(
            CloudRequest(
                "/v1/iot-service/api/user/device/version", query: ["dev_id": "01P00A900000001"],
                token: Secret(account.token)))
        let answer = try result.get()
        #expect(answer.status == 200 && answer.failure(at: 0) == nil)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(#""version":"01.08.02.00""#))
        let headers = try #require(account.requests.first?.message.headers)
        #expect(headers["user-agent"] == "bambu_exporter/test")
        #expect(headers["authorization"] == "Bearer \(account.token)")
        #expect(headers["cookie"] == nil)
        #expect(account.requests.first?.message.query == ["dev_id": "01P00A900000001"])
    }

    @Test func `a body arrives with its special characters`() async throws {
        let result = try await send(
            CloudRequest(
                post: "/v1/user-service/user/login", ["account": "a\"b\\c", "password": "wörd\n"]))
        #expect(try result.get().status == 400)
        let message = try #require(account.requests.first?.message)
        #expect(message.headers["content-type"] == "application/json")
        let body = try JSONDecoder().decode([String: String].self, from: Data(message.body))
        #expect(body == ["account": "a\"b\\c", "password": "wörd\n"])
    }

    @Test func `cookies are reported and not sent back`() async throws {
        var request = CloudRequest("/api/csrf")
        request.host = .site
        let answer = try await send(request).get()
        #expect(answer.cookies["locale"] == "en")
        #expect(answer.cookies["bbl_csrf_token"]?.isEmpty == false)
        _ = try await send(request)
        #expect(account.requests.allSatisfy { $0.message.headers["cookie"] == nil })
    }

    @Test(arguments: [
        (CloudFault.Kind.refused, CloudFailure.Kind.refused), (.unauthorized, .unauthorized), (.cloudflare, .limited),
        (.forbidden, .forbidden), (.teapot, .limited), (.limited, .limited), (.error, .server),
        (.unavailable, .limited),
        (.page, .shape), (.failed, .server), (.broken, .shape), (.cut, .network), (.redirect, .server),
        (.flood, .shape),
    ])
    func `every fault has its kind and no text of the response`(
        fault: CloudFault.Kind, kind: CloudFailure.Kind
    ) async throws {
        account.set(CloudFault(fault))
        let failure = try #require(await bind())
        #expect(failure.kind == kind, "\(failure)")
        #expect(failure.pause == (fault == .limited ? .seconds(120) : nil))
        #expect(!failure.detail.contains(account.token))
        #expect(account.requests.count == 1 || fault == .cut)
    }

    @Test(arguments: [CloudFault.Kind.hang, .drip])
    func `a missing or incomplete response ends at the deadline`(fault: CloudFault.Kind)
        async throws
    {
        account.set(CloudFault(fault))
        let start = ContinuousClock.now
        let failure = try await bind(deadline: .milliseconds(600))
        let time = ContinuousClock.now - start
        #expect(failure?.kind == .timeout && time >= .milliseconds(600), "\(time)")
    }

    @Test func `a closed port is a network failure`() async throws {
        server.stop()
        let failure = try #require(await bind())
        #expect(failure.kind == .network && failure.detail == "cannot connect to the host")
    }
}
