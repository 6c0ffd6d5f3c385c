import Core
import Glibc
import TestSupport

// The doubled shop as a program of its own, for tests in other languages: prints its address and its keys, and runs
// until its standard input ends.

let desk = ControlDesk()
let shop = try WooCommerceDouble(clock: SystemClock(), desk: { desk.answer($0) })
desk.open(shop)
print("listening on \(shop.url)")
print("keys \(shop.consumerKey) \(shop.consumerSecret.reveal())")
fflush(nil)
while getchar() != EOF {}
shop.stop()
