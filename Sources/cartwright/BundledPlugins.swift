import DemoShop
import MetaCloudAPI
import OrderNotifications
import PluginKit
import Sandbox
import WooCommerce

/// Every plugin that comes with the program, in the order of its pages.
let bundledPlugins: [any Plugin] = [
    WooCommercePlugin(), MetaCloudAPIPlugin(), SandboxPlugin(), OrderNotificationsPlugin(), DemoShopPlugin(),
]
