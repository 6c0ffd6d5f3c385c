import Templating

/// A browser in words, from what it says of itself: `Firefox on Linux`. A guess, good enough to know one's own again.
enum DeviceWords {
    /// The first that stands in the text counts: Edge and Opera also call themselves Chrome, Chrome also Safari.
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
        ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ]

    static func word(_ agent: String) -> Word {
        let browser = browsers.first { agent.contains($0.0) }?.1
        let system = systems.first { agent.contains($0.0) }?.1
        return switch (browser, system) {
        case (let browser?, let system?):
            Word("device.both", ["browser": .text(browser), "system": .text(system)])
        case (let name?, nil), (nil, let name?): Word("device.one", ["name": .text(name)])
        case (nil, nil): Word("device.unknown")
        }
    }
}
