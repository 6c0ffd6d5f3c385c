import HTTP
import PluginKit

extension Form {
    /// What was typed into a field of one line, without what no keyboard types.
    func line(_ name: String) -> String {
        let typed = (self[name] ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(typed)).trimmingSpaces
    }
}
