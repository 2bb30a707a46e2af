import Exporter
import FoundationEssentials
import Glibc

exit(Application.run(CommandLine.arguments, environment: ProcessInfo.processInfo.environment))
