import MetaCloudAPI
import PluginKit
import Sandbox

/// Every plugin that comes with the program, in the order of its pages.
let bundledPlugins: [any Plugin] = [MetaCloudAPIPlugin(), SandboxPlugin()]
