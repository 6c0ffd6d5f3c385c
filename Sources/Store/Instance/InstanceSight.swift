/// What a starting server sees of the place it works at, and the judgement on it.
package struct InstanceSight: Sendable, Equatable {
    /// What is another here than it is on record.
    package enum Difference: String, Sendable, CaseIterable {
        case engine, name, mark, path, file, database, address
    }

    package var place: InstancePlace
    /// SQLite: what the file `instance` beside the database says; nil without one.
    package var mark: String?
    /// SQLite: at the path on record stands another file that is a database.
    package var originalStands = false
    /// The public address that the command line or the environment names.
    package var statedAddress: String?
    /// The public address that the owner has set in the admin: changing that is a deliberate act.
    package var storedAddress: String?

    package init(_ place: InstancePlace) { self.place = place }

    /// Nil where nothing speaks against this being the place on record.
    package func difference(from known: Instance) -> Difference? {
        guard let there = known.place else { return nil }
        if place.contradicts(there, .engine) { return .engine }
        if place.contradicts(there, .name) { return .name }
        if let difference = differenceOfFile(known.mark, there) { return difference }
        // A dump that is read back makes its tables anew; a copy of the whole server keeps all of these.
        let numbers: [InstancePlace.Fact] = [.system, .databaseNumber, .tableNumber]
        if numbers.contains(where: { place.contradicts(there, $0) }) { return .database }
        return addressContradicts(there) ? .address : nil
    }

    /// Whether nothing is left of what a hold was set for. An address that nobody states proves nothing.
    func dissolves(_ hold: InstanceHold, of known: Instance) -> Bool {
        switch hold.kind {
        case .copied: difference(from: known) == nil
        case .notConfirmed: difference(from: known) == nil && statedAddress != nil
        case .restored, .moved: false
        }
    }

    private func differenceOfFile(_ knownMark: String, _ there: InstancePlace) -> Difference? {
        let isElsewhere = place.contradicts(there, .path)
        if place[.born] != nil, there[.born] != nil {
            if place.contradicts(there, .born) { return isElsewhere ? .path : .file }
            // The same file under another name: it was renamed, or is mounted elsewhere. A snapshot of the disk keeps
            // everything, but leaves the original where it was.
            return isElsewhere && originalStands ? .path : nil
        }
        // A disk that does not say when a file was made: the path has to do, and the mark beside it.
        if isElsewhere { return .path }
        return there[.path] != nil && mark != knownMark ? .mark : nil
    }

    private func addressContradicts(_ there: InstancePlace) -> Bool {
        guard let statedAddress, let known = there[.address] else { return false }
        return statedAddress != known && statedAddress != storedAddress
    }
}
