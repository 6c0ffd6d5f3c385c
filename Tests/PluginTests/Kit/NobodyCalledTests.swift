import App
import Core
import DemoShop
import HTTP
import MetaCloudAPI
import OrderNotifications
import Sandbox
import TestSupport
import Testing
import WooCommerce

/// There is no telemetry: a program that nobody has set up calls nobody, however long it runs.
@Suite struct `A fresh program` {
    @Test(arguments: [false, true])
    func `calls nobody in two days of work`(demo: Bool) throws {
        let client = RecordingHTTPClient()
        let house = try TestHost(
            plugins: [
                WooCommercePlugin(), MetaCloudAPIPlugin(), OrderNotificationsPlugin(), SandboxPlugin(),
                DemoShopPlugin(),
            ], client: client, options: { $0.demo = demo })
        let owner = try house.person(.owner)
        var jobs = 0
        for _ in 0..<48 {
            try house.runJobs()
            try house.work()
            jobs += 1
            house.clock.advance(by: .hours(1))
        }
        for page in ["/admin", "/admin/plugins", "/admin/settings/site", "/admin/doctor", "/admin/privacy", "/metrics"]
        {
            #expect(try house.get(page, as: owner).status == 200, "\(page)")
        }
        #expect(jobs == 48)
        #expect(client.requests.isEmpty, "\(client.requests.map(\.url))")
    }
}
