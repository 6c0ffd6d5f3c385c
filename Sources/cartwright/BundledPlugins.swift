import MetaCloudAPI
import PluginKit

/// Every plugin that comes with the program, in the order of its pages.
let bundledPlugins: [any Plugin] = [MetaCloudAPI()]
