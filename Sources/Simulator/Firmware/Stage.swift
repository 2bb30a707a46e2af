/// The stage of a print. The raw value is `stg_cur`.
package enum Stage: Int, Sendable {
    case printing = 0
    case leveling = 1
    case heatingBed = 2
    case changingFilament = 4
    case pausedByRunOut = 6
    case heatingNozzle = 7
    case homing = 13
    case cleaningNozzle = 14
    case pausedByUser = 16
    case downloading = -1

    /// The duration during preparation, in seconds.
    var seconds: Double {
        switch self {
        case .downloading: 20
        case .heatingBed: 110
        case .homing: 16
        case .heatingNozzle: 60
        case .leveling: 90
        case .cleaningNozzle: 30
        default: 0
        }
    }
}
