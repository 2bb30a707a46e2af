import Exporter
import Glibc
import Platform

exit(Application.run(CommandLine.arguments, environment: EnvironmentVariables.all))
