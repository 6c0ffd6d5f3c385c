import Core

/// How a field is read from the row that a register holds.
///
/// A row is known by its address and nothing is copied out of it but the field. The address stands for a value of the
/// type whose shape the compiler resolved the name in, and only such rows are put into the field's register; the
/// closures therefore take it for that type.
enum FieldReader: Sendable {
    case text(@Sendable (UnsafeRawPointer) -> String?)
    case flag(@Sendable (UnsafeRawPointer) -> Bool)
    case integer(@Sendable (UnsafeRawPointer) -> Int64?)
    case money(@Sendable (UnsafeRawPointer) -> Money?)
    case time(@Sendable (UnsafeRawPointer) -> Timestamp?)
    case word(@Sendable (UnsafeRawPointer) -> Word?)
    case html(@Sendable (UnsafeRawPointer) -> SafeHTML?)
    case rows(RowsReader)
}

/// Reads a value that stands at an address without copying it: a type that may not be copyable never is.
func reading<Row: ~Copyable, Value>(_ address: UnsafeRawPointer, _ read: (borrowing Row) -> Value) -> Value {
    read(address.assumingMemoryBound(to: Row.self).pointee)
}

/// How the rows of a list are walked over, or the one row of an object.
struct RowsReader: Sendable {
    /// Calls with the address of each row, which holds during the call.
    let each: @Sendable (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void
    let isEmpty: @Sendable (UnsafeRawPointer) -> Bool

    init(
        each: @escaping @Sendable (UnsafeRawPointer, (UnsafeRawPointer) -> Void) -> Void,
        isEmpty: @escaping @Sendable (UnsafeRawPointer) -> Bool
    ) {
        self.each = each
        self.isEmpty = isEmpty
    }
}

/// A field of one shape, as compiled templates hold it.
struct FieldReference: Sendable, Hashable {
    let shape: ObjectIdentifier
    let index: Int
    let reader: FieldReader
    /// Where in the row the value that has the field begins.
    let offset: Int

    func value(in row: UnsafeRawPointer) -> FieldValue {
        let row = row + offset
        switch reader {
        case .text(let read): return read(row).map(FieldValue.text) ?? .missing
        case .flag(let read): return .flag(read(row))
        case .integer(let read): return read(row).map(FieldValue.integer) ?? .missing
        case .money(let read): return read(row).map(FieldValue.money) ?? .missing
        case .time(let read): return read(row).map(FieldValue.time) ?? .missing
        case .word(let read): return read(row).map(FieldValue.word) ?? .missing
        case .html(let read): return read(row).map(FieldValue.html) ?? .missing
        case .rows: return .missing
        }
    }

    static func == (a: FieldReference, b: FieldReference) -> Bool { a.shape == b.shape && a.index == b.index }

    func hash(into hasher: inout Hasher) {
        hasher.combine(shape)
        hasher.combine(index)
    }
}
