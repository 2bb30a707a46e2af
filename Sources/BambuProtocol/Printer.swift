import JSONScanning

/// The state of one printer, merged from its messages, and the counts of those messages.
package struct Printer: Sendable {
    /// Why a message was rejected.
    package enum Rejection: String, CaseIterable, Sendable {
        /// The message is not JSON.
        case json
        /// The message is larger than `messageLimit`.
        case oversize
        /// The message is JSON, but not an object, or its `print` is not an object.
        case shape
    }

    /// The type of one message.
    package struct MessageOutcome: Sendable, Equatable {
        /// Whether it is a report of the state, which shows that the printer is online.
        package var isReport = false
        /// Whether the report is full.
        package var isFull = false
        /// Whether earlier reports were lost.
        package var isAfterLoss = false
        /// Whether it is a version answer.
        package var isVersion = false
        /// Whether the printer connected to the cloud's broker or disconnected from it.
        package var presence: CloudPresence?
        package var rejection: Rejection?
    }

    /// The maximum size of a message in bytes. The largest report seen has 14 200 bytes.
    package static let messageLimit = 1 << 20

    package let serial: String
    /// The configured model, which overrides the serial number and the printer's own report.
    package let configuredModel: Model?
    /// The model, by the serial's prefix until the printer reports it.
    package private(set) var model: Model
    /// The merged reports; `nil` before the first one, and after `forget`.
    package private(set) var state: PrinterState?
    package private(set) var firmware = Firmware()
    package private(set) var jobs = JobTracker()
    package private(set) var filament = FilamentTracker()
    package private(set) var stateTimes: StateTimes
    package private(set) var printTimes = PrintTimes()
    /// The number of messages of all kinds on the report topic.
    package private(set) var messages = 0
    package private(set) var messageBytes = 0
    package private(set) var rejectedMessages: [Rejection: Int] = [:]
    package private(set) var rejectedFields = 0
    /// When the last report of the state arrived, in seconds since 1970.
    package private(set) var lastReport: Double?
    private var sequence: Int?
    private var forgottenJob: Job?

    /// Creates a printer that counts as down after 90 s without a report.
    package init(serial: String, model: Model? = nil) {
        self.init(serial: serial, model: model, staleAfter: 90)
    }

    /// - Parameters:
    ///   - model: overrides the serial number and the printer's own report.
    ///   - staleAfter: seconds without a report after which the printer counts as down.
    package init(serial: String, model: Model?, staleAfter: Double) {
        self.serial = serial
        configuredModel = model
        self.model = model ?? Model(serial: serial) ?? .unknown
        stateTimes = StateTimes(longestSpan: staleAfter)
    }

    /// The job of the last report that contained its state, also after `forget`; `nil` before the first report.
    package var lastJob: Job? {
        if let job = state?.job, job.state != nil { return job }
        return forgottenJob ?? state?.job
    }

    /// Merges one message of the report topic. A message that is not JSON changes only the counts.
    ///
    /// - Parameter time: seconds since 1970.
    package mutating func apply(_ payload: UnsafeRawBufferPointer, at time: Double) -> MessageOutcome {
        messages += 1
        messageBytes += payload.count
        guard payload.count <= Self.messageLimit else { return reject(.oversize) }
        var section = PrintSection(state ?? PrinterState(of: model))
        let message: ReportMessage
        do {
            message = try ReportMessage(payload, into: &section)
        } catch {
            return reject(.json)
        }
        rejectedFields += message.rejectedFields
        var outcome = message.isMisshapen ? reject(.shape) : MessageOutcome()
        outcome.presence = message.presence
        if let modules = message.modules {
            firmware.apply(modules)
            model = configuredModel ?? firmware.model ?? model
            updateModel()
            outcome.isVersion = true
        }
        if message.isReport {
            outcome.isReport = true
            outcome.isFull = section.isFull
            outcome.isAfterLoss = recordSequence(section.sequence)
            lastReport = time
            if outcome.isAfterLoss { jobs.interrupt() }
            merge(&section, at: time)
        }
        return outcome
    }

    /// Replaces the state by the one in a report.
    private mutating func merge(_ section: inout PrintSection, at time: Double) {
        if section.hasAMS { section.state.ams.inferKinds(from: firmware, on: model) }
        section.state.job.merge(section.course, isNew: false, at: time)
        let isOtherJob = jobs.observe(section.state.job, isNamed: section.namesJob, at: time)
        if isOtherJob { section.state.job.merge(section.course, isNew: true, at: time) }
        stateTimes.observe(section.state.job.state ?? .unknown, at: time)
        printTimes.observe(section.state.toolhead)
        let news = news(in: section.state)
        if section.hasAMS || !news.isEmpty {
            let isUnderWay = state?.job.state?.isActive == true
            filament.observe(section.state.ams, fedFrom: isUnderWay ? state?.activeSource(on: model) : nil, news: news)
        }
        if section.state.toolhead.rack.isFitted, configuredModel == nil, firmware.model == nil {
            model = model.withRack
        }
        state = section.state
    }

    /// The messages that were not active before; none if it is not known which were.
    private func news(in new: PrinterState) -> [HMSMessage] {
        guard let messages = new.hms, let known = state?.hms, messages != known else { return [] }
        return messages.filter { !known.contains($0) }
    }

    /// Updates the state with what the modules report of the printer.
    private mutating func updateModel() {
        state?.ams.inferKinds(from: firmware, on: model)
        state?.ams.update(isOfKnownModel: model.isKnown)
        state?.toolhead.update(nozzleCount: model.nozzleCount)
    }

    /// Counts a message that was too large to be delivered.
    package mutating func rejectOversize() {
        messages += 1
        _ = reject(.oversize)
    }

    private mutating func reject(_ reason: Rejection) -> MessageOutcome {
        rejectedMessages[reason, default: 0] += 1
        return MessageOutcome(rejection: reason)
    }

    /// Stores the sequence number of a report.
    ///
    /// P1 and A1 count by one. X1 and later always send the same number. A printer that restarts starts again.
    ///
    /// - Returns: whether the number jumped ahead, so that reports were lost.
    private mutating func recordSequence(_ number: Int?) -> Bool {
        defer { sequence = number ?? sequence }
        guard let number, let sequence else { return false }
        return number > sequence && number - 1 != sequence
    }

    /// Records that the connection was lost, so that the next sequence number need not follow the last one.
    package mutating func interrupt() {
        sequence = nil
        jobs.interrupt()
    }

    /// Drops the merged state, because reports may have been missed for too long. Counts, firmware and the last job are
    /// kept.
    package mutating func forget() {
        forgottenJob = lastJob
        state = nil
        interrupt()
    }

    /// Decides job ends that have waited long enough for a later report.
    package mutating func resolvePendingEnd(at time: Double) {
        jobs.resolvePendingEnd(at: time)
    }
}
