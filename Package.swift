// swift-tools-version: 6.2
import PackageDescription

/// The language settings of the whole house: warnings are errors from the first commit.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A door to C and C++ libraries: thin functions of our own names, imported by exactly one target.
func door(_ name: String, links: [String], flags: [String] = []) -> Target {
    .target(
        name: name,
        cSettings: [.unsafeFlags(flags)],
        cxxSettings: [.unsafeFlags(flags)],
        linkerSettings: links.map { .linkedLibrary($0) })
}

func library(_ name: String, _ dependencies: [String], path: String? = nil) -> Target {
    .target(
        name: name, dependencies: dependencies.map { .byName(name: $0) }, path: path,
        swiftSettings: strict)
}

/// Bundled plugins see the plugin contract and the plain layers below it, never the host's insides.
let pluginMaySee = ["PluginKit", "Domain", "Core", "SQL", "Text", "Crypto", "HTTP", "Templating", "Localization"]
func plugin(_ name: String) -> Target {
    library(name, pluginMaySee, path: "Sources/Plugins/\(name)")
}

func tests(_ name: String, _ dependencies: [String]) -> Target {
    .testTarget(
        name: name, dependencies: (dependencies + ["TestSupport"]).map { .byName(name: $0) },
        swiftSettings: strict)
}

let plugins = ["WooCommerce", "MetaCloudAPI", "Sandbox", "OrderNotifications", "DemoShop"]
let lower = [
    "Core", "SQL", "Text", "Crypto", "Database", "HTTP", "Templating", "Localization", "Assets", "Archive",
]

let package = Package(
    name: "cartwright",
    products: [.executable(name: "cartwright", targets: ["cartwright"])],
    targets: [
        door("CDatabase", links: ["sqlite3", "pq"], flags: ["-I/usr/include/postgresql"]),
        door("CCrypto", links: ["crypto", "argon2"]),
        door("CNet", links: ["curl"]),
        door(
            "CText", links: ["phonenumber", "simdjson", "csv", "xml2", "zip", "stdc++"],
            flags: ["-I/usr/include/libxml2"]),
        door("CLocale", links: ["icui18n", "icuuc", "gettextpo"]),
        door("CFiles", links: ["z", "brotlienc", "brotlidec", "magic", "qrencode"]),
        door("CArchive", links: ["archive"]),

        library("Core", []),
        library("SQL", ["Core"]),
        library("Text", ["CText", "Core"]),
        library("Crypto", ["CCrypto", "Core"]),
        library("Database", ["CDatabase", "SQL", "Core"]),
        library("HTTP", ["CNet", "Crypto", "Core"]),
        library("Localization", ["CLocale", "Core"]),
        library("Templating", ["Localization", "Core"]),
        library("Assets", ["CFiles", "Core"]),
        library("Archive", ["CArchive", "Core"]),
        library("Domain", ["Core", "Text"]),
        library("PluginKit", ["Domain", "Core", "SQL", "Text", "Crypto", "HTTP", "Templating", "Localization"]),
        library("Store", ["Domain"] + lower),
        library("Messaging", ["Store", "PluginKit", "Domain"] + lower),
        library("App", ["Messaging", "Store", "PluginKit", "Domain"] + lower),
    ] + plugins.map(plugin) + [
        .executableTarget(
            name: "cartwright", dependencies: (["App", "PluginKit"] + plugins).map { .byName(name: $0) },
            swiftSettings: strict),

        .target(
            name: "TestSupport",
            dependencies: (["App", "Messaging", "Store", "PluginKit", "Domain"] + lower + ["CTestTLS"])
                .map { .byName(name: $0) },
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "ShopDouble", dependencies: ["TestSupport", "HTTP", "Text", "Core"], path: "Tests/ShopDouble",
            swiftSettings: strict),
        tests("TestSupportTests", ["Text", "Crypto", "HTTP", "Core"]),
        tests("ArchitectureTests", []),
        tests("CoreTests", ["Core"]),
        tests("DatabaseTests", ["Database", "SQL", "Core"]),
        tests("TextTests", ["Text", "Core"]),
        tests("CryptoTests", ["Crypto", "Core"]),
        tests("HTTPTests", ["HTTP", "Core", "RequestOracle"]),
        tests("LocalizationTests", ["Localization", "Core"]),
        tests("TemplatingTests", ["Templating", "Localization", "Text", "Core", "TemplateOracle"]),
        tests("AssetsTests", ["Assets", "Core"]),
        tests("ArchiveTests", ["Archive", "Core"]),
        tests("StoreTests", ["Store", "Domain"] + lower),
        tests("MessagingTests", ["Messaging", "Store", "PluginKit", "Domain"] + lower),
        tests("AppTests", ["App", "Messaging", "Store", "PluginKit", "Domain"] + lower + plugins),
        tests("PluginTests", ["App", "Messaging", "Store", "PluginKit", "Domain"] + lower + plugins),
        tests("BlackBoxTests", ["App", "Store", "PluginKit", "Domain"] + lower),
        .executableTarget(
            name: "Bench",
            dependencies: (["App", "Messaging", "Store", "PluginKit", "Domain", "CAllocations"] + lower)
                .map { .byName(name: $0) },
            path: "Tests/Bench",
            swiftSettings: strict),
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .target(
            name: "CTestTLS", path: "Tests/CTestTLS",
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(
            name: "CHTTPParser", path: "Tests/CHTTPParser", linkerSettings: [.linkedLibrary("http_parser")]),
        library("RequestOracle", ["HTTP", "CHTTPParser"], path: "Tests/RequestOracle"),
        .target(
            name: "CMarkup", path: "Tests/CMarkup", cSettings: [.unsafeFlags(["-I/usr/include/libxml2"])],
            linkerSettings: [.linkedLibrary("xml2")]),
        library("TemplateOracle", ["Templating", "Core", "CMarkup"], path: "Tests/TemplateOracle"),
    ],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)

// libFuzzer brings its own main function, so its targets only stand where they are asked for (Tests/Fuzz*,
// `make soak NAME=fuzz` and `NAME=templates`).
func fuzzer(_ name: String, _ oracle: Target.Dependency, path: String, exclude: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: [oracle], path: path, exclude: exclude,
        swiftSettings: strict + [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])
}

if Context.environment["FUZZ"] != nil {
    package.targets += [
        fuzzer("FuzzRequest", "RequestOracle", path: "Tests/Fuzz", exclude: ["Corpus"]),
        fuzzer(
            "FuzzTemplates", "TemplateOracle", path: "Tests/FuzzTemplates",
            exclude: ["Corpus", "run.sh", "templates.dict"]),
    ]
}
