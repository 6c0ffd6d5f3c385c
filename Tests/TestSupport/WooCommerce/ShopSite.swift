import Core
import HTTP
import Synchronization

extension WooCommerceDouble {
    /// What the server's threads share. The lock is held while a request is answered, never while one is sent.
    final class Site: Sendable {
        struct Switches {
            var losesWebhooks = false
            var refusesOddAddresses = false
            var allowsPlainCallback = true
            var counts: [String: Int] = [:]
            var lost = 0
        }

        struct State {
            var home = ""
            var shop: ShopState
            var switches = Switches()
        }

        let state: Mutex<State>
        private let clock: any Clock
        private let profile: Profile
        private let isEncrypted: Bool
        private let send: @Sendable (ShopDelivery) -> Int?

        init(clock: any Clock, profile: Profile, isEncrypted: Bool, send: @escaping @Sendable (ShopDelivery) -> Int?) {
            self.clock = clock
            self.profile = profile
            self.isEncrypted = isEncrypted
            self.send = send
            state = Mutex(State(shop: ShopState(offset: profile.offset)))
        }

        func answer(_ received: Received) -> Behaviour {
            let request = ShopRequest(received)
            let answer: ShopAnswer
            if request.path.hasPrefix("/wc-auth/v1/") {
                answer = signIn(request)
            } else {
                answer = rest(request)
            }
            return .answer(answer.status, headers: answer.headers, body: answer.body)
        }

        private func rest(_ request: ShopRequest) -> ShopAnswer {
            let now = clock.now()
            let (answer, ping) = state.withLock { state -> (ShopAnswer, ShopHooks.Hook?) in
                let resource = request.resource ?? []
                state.switches.counts["\(request.method) \(resource.joined(separator: "/"))", default: 0] += 1
                let place = ShopPlace(home: state.home, profile: profile)
                if request.path == "/wp-json/" || request.path == "/wp-json" { return (place.index, nil) }
                guard !resource.isEmpty else {
                    return (ShopAnswer(html: "<!doctype html><title>Page not found</title>", status: 404), nil)
                }
                do throws(ShopError) {
                    try state.shop.keys.admit(request, isEncrypted: isEncrypted, home: state.home, at: now)
                    let before = state.shop.hooks.lastID
                    let answer = try ShopREST(home: state.home, profile: profile, now: now)
                        .answer(request, &state.shop)
                    let made = state.shop.hooks.lastID > before ? state.shop.hooks.hooks[before + 1] : nil
                    return (answer, made)
                } catch {
                    return (ShopAnswer(error.body, status: error.status), nil)
                }
            }
            // Whatever becomes of the ping, the webhook is active.
            if let ping { _ = leave(ShopHooks.ping(ping)) }
            return answer
        }

        private func signIn(_ request: ShopRequest) -> ShopAnswer {
            let (home, isPlainAllowed) = state.withLock { ($0.home, $0.switches.allowsPlainCallback) }
            switch ShopSignIn(home: home, allowsPlainCallback: isPlainAllowed).step(request) {
            case .page(let answer): return answer
            case .grant(let key, let secret, let permission, let url, let body, let answer):
                state.withLock { $0.shop.keys.add(key, secret, permission) }
                let delivery = ShopDelivery(
                    url: url, topic: "keys", headers: ["Content-Type": "application/json;charset=UTF-8"], body: body)
                if send(delivery) == 200 { return answer }
                state.withLock { $0.shop.keys.remove(key) }
                return ShopSignIn.undelivered
            }
        }

        func deliver() {
            let now = clock.now()
            for pending in state.withLock({ $0.shop.hooks.takePending() }) {
                let request = state.withLock { state -> ShopDelivery? in
                    guard let hook = state.shop.hooks.hooks[pending.hook], hook.isActive else { return nil }
                    if state.switches.losesWebhooks {
                        state.switches.lost += 1
                        return nil
                    }
                    let body = state.shop.payload(of: pending).encoded
                    return ShopHooks.request(hook, topic: pending.topic, body: body, home: state.home, at: now)
                }
                guard let request else { continue }
                let status = leave(request)
                state.withLock { $0.shop.hooks.settle(pending.hook, status: status) }
            }
        }

        private func leave(_ delivery: ShopDelivery) -> Int? {
            let isPicky = state.withLock { $0.switches.refusesOddAddresses }
            return isPicky && !ShopPost.isAllowed(delivery.url) ? nil : send(delivery)
        }
    }
}
