import App
import Glibc

exit(Program(plugins: bundledPlugins).run(Array(CommandLine.arguments.dropFirst())))
