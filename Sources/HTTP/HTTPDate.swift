package import Core

extension Timestamp {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form in which HTTP writes times (RFC 9110, 5.6.7).
    package var httpDate: String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let civil = CalendarTime(self)
        // Day 0, 1 January 1970, was a Thursday; times before it do not occur in answers.
        let weekday = days[Int(max(0, milliseconds) / 86_400_000 % 7)]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(weekday), \(two(civil.day)) \(months[civil.month - 1]) \(civil.year) "
            + "\(two(civil.hour)):\(two(civil.minute)):\(two(civil.second)) GMT"
    }
}
