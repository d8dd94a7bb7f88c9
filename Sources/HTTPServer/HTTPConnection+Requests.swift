import HTTP

/// From what was read to requests and their answers.
extension HTTPConnection {
    /// Answers what is complete, until one answer is outstanding or the turn is over.
    func process() {
        while case .reading = state {
            guard !turn.isOver(at: context.present) else {
                hasDeferredRequests = parser.progress != .idle
                return
            }
            switch parser.next() {
            case .needsMore: return
            case .expectsContinue: output.append(ResponseWriter.continueResponse)
            case .request(var request, let keepsAlive, let isHTTP10):
                requests += 1
                turn.count()
                request.peer = peer
                answer(request, Exchange(method: request.method, keepsAlive: keepsAlive, isHTTP10: isHTTP10))
            case .failure(let rejection): reject(rejection)
            }
            if output.count >= HTTPLimits.outputSize {
                flush()
                guard output.isEmpty else { return }
            }
        }
    }

    private func answer(_ request: HTTPRequest, _ exchange: Exchange) {
        switch context.handler(request) {
        case .response(let response): send(response, exchange)
        case .soon(let begin): wait(exchange, endsWithInput: false, begin)
        case .later(let begin): wait(exchange, endsWithInput: true, begin)
        }
    }

    private func wait(_ exchange: Exchange, endsWithInput: Bool, _ begin: @Sendable (Responder) -> Void) {
        let (id, post) = (id, context.post)
        let pending = PendingExchange { post(.completed(id, $0)) }
        state = .answering(exchange.at(.waiting(pending, since: context.now, endsWithInput: endsWithInput)))
        begin(Responder(pending))
    }

    /// Answers what is not a request, and reads no further.
    func reject(_ rejection: HTTPRejection) {
        var rejection = rejection
        rejection.peer = peer
        parser.discard()
        var response = context.rejected(rejection)
        (response.delivery, response.stream) = (.normal, nil)
        send(response, Exchange(method: rejection.method, keepsAlive: false, isHTTP10: false))
    }

    /// What did not arrive in time.
    var timeout: HTTPRejection {
        let isHead = parser.progress == .head
        return partial(
            HTTPRejection(
                .timeout,
                isHead
                    ? "the request head did not arrive within \(context.limits.headTime / 1000) s"
                    : "the request body arrives too slowly"))
    }

    /// The client sends nothing more, and the request is not whole.
    var incomplete: HTTPRejection {
        partial(
            HTTPRejection(
                .malformed,
                parser.progress == .head
                    ? "the connection ended within the request head"
                    : "the connection ended within the request body, before all that Content-Length or the chunks announce"
            ))
    }

    /// With what is known of the request so far.
    func partial(_ rejection: HTTPRejection) -> HTTPRejection {
        var rejection = rejection
        (rejection.method, rejection.path) = parser.partial
        return rejection
    }
}
