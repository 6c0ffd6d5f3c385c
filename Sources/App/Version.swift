/// This program's release.
package enum Version {
    package static let text = "0.1.0"
}
