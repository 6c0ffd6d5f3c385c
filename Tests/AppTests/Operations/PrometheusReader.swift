/// Reads Prometheus' text format strictly: anything that the format does not allow is an error with its line.
struct PrometheusReader {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    private(set) var samples: [Sample] = []
    private(set) var types: [String: String] = [:]
    private var helps: Set<String> = []
    private var current = ""

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(description: "the last line does not end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            do { try read(line) } catch let problem as Malformed {
                throw Malformed(description: "\(problem.description): \(line)")
            }
        }
        try checkHistograms()
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func read(_ line: Substring) throws {
        if let match = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\S.*)/) {
            current = String(match.1)
            guard helps.insert(current).inserted else { throw Malformed(description: "a second HELP") }
        } else if let match = line.wholeMatch(of: /# TYPE (\S+) (counter|gauge|histogram)/) {
            guard match.1 == current, types[current] == nil else { throw Malformed(description: "TYPE out of place") }
            types[current] = String(match.2)
            if match.2 == "counter", !current.hasSuffix("_total") { throw Malformed(description: "counter's name") }
        } else {
            try readSample(line)
        }
    }

    private mutating func readSample(_ line: Substring) throws {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? (\S+)/),
            let value = match.4 == "+Inf" ? .infinity : Double(match.4)
        else { throw Malformed(description: "no sample") }
        let name = String(match.1)
        let ends = types[current] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard ends.contains(where: { name == current + $0 }) else {
            throw Malformed(description: "a sample outside its family")
        }
        var labels: [String: String] = [:]
        var rest = match.3 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(,|$)/) else {
                throw Malformed(description: "no label")
            }
            guard labels.updateValue(String(label.2), forKey: String(label.1)) == nil else {
                throw Malformed(description: "a label twice")
            }
            rest = rest[label.range.upperBound...]
        }
        guard !samples.contains(where: { $0.name == name && $0.labels == labels }) else {
            throw Malformed(description: "a sample twice")
        }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    /// Buckets rise and end with `+Inf`, which is the count.
    private func checkHistograms() throws {
        for name in types.filter({ $0.value == "histogram" }).keys {
            let buckets = samples.filter { $0.name == name + "_bucket" }
            let bounds = buckets.compactMap { bucket in
                bucket.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) }
            }
            guard bounds.count == buckets.count, bounds == bounds.sorted(), bounds.last == .infinity,
                buckets.map(\.value) == buckets.map(\.value).sorted(),
                buckets.last?.value == value(name + "_count"), value(name + "_sum") != nil
            else { throw Malformed(description: "the histogram \(name)") }
        }
    }
}
