import HTTP

/// How a response is sent.
extension HTTPConnection {
    /// Begins to send a response, as its delivery says.
    func send(_ response: HTTPResponse, _ exchange: Exchange) {
        let delivery = response.delivery
        if delivery.delay > 0 {
            var later = response
            later.delivery.delay = 0
            state = .answering(exchange.at(.delayed(later, until: context.now + delivery.delay)))
            return
        }
        switch delivery.ending {
        case .hang:
            response.stream?.clientIsGone()
            state = .answering(exchange.at(.hanging(since: context.now)))
        case .closeBeforeAnswer:
            response.stream?.clientIsGone()
            state = .closing
        case .reset:
            response.stream?.clientIsGone()
            transport.reset()
            close()
        case .complete: begin(response, response.body, exchange, isWhole: true)
        case .truncated(let count):
            begin(response, Array(response.body.prefix(max(0, count))), exchange, isWhole: false)
        }
    }

    /// - Parameter isWhole: whether the body is all that the head announces.
    private func begin(_ response: HTTPResponse, _ body: [UInt8], _ exchange: Exchange, isWhole: Bool) {
        let hasBody = exchange.method != "HEAD" && !HTTPResponse.isBodiless(response.status)
        let stream = hasBody && isWhole ? response.stream : nil
        let framing: ResponseWriter.Framing =
            response.stream == nil ? .length(response.body.count) : exchange.isHTTP10 ? .connectionEnd : .chunked
        let keepsAlive = exchange.keepsAlive && isWhole && !(exchange.isHTTP10 && response.stream != nil)
        let writer = ResponseWriter(isHTTP10: exchange.isHTTP10, keepsAlive: keepsAlive, date: context.date())
        output.append(writer.head(of: response, framing))
        state = keepsAlive ? .reading : .closing
        if stream == nil { response.stream?.clientIsGone() }
        guard hasBody else { return }
        if let stream {
            let continued = Exchange(method: exchange.method, keepsAlive: keepsAlive, isHTTP10: exchange.isHTTP10)
            let isChunked = !exchange.isHTTP10
            append(body, isChunked: isChunked)
            state = .answering(continued.at(.streaming(stream, isChunked: isChunked)))
            let (id, post) = (id, context.post)
            stream.attach { post(.streamReady(id)) }
        } else if let pace = response.delivery.bytesPerSecond, !body.isEmpty {
            let paced = Exchange.PacedBody(
                bytes: body, bytesPerSecond: Int64(pace), start: context.now, keepsAlive: keepsAlive)
            state = .answering(exchange.at(.paced(paced)))
        } else {
            output.append(body)
        }
    }

    private func append(_ bytes: [UInt8], isChunked: Bool) {
        guard !bytes.isEmpty else { return }
        if isChunked { output.append(Array("\(String(bytes.count, radix: 16))\r\n".utf8)) }
        output.append(bytes)
        if isChunked { output.append([13, 10]) }
    }

    /// Continues when the time has come.
    func continueExchange(_ exchange: Exchange) {
        switch exchange.step {
        case .delayed(let response, _): send(response, exchange)
        case .paced(var body):
            let due = max(body.sent, body.due(at: context.now))
            output.append(Array(body.bytes[body.sent..<due]))
            body.sent = due
            if due < body.bytes.count {
                state = .answering(exchange.at(.paced(body)))
            } else {
                state = body.keepsAlive ? .reading : .closing
            }
        case .waiting(let pending, _, _):
            pending.clientIsGone()
            var response = context.rejected(HTTPRejection(.overloaded, "the application gave no answer in time"))
            (response.delivery, response.stream) = (.normal, nil)
            send(response, Exchange(method: exchange.method, keepsAlive: false, isHTTP10: exchange.isHTTP10))
        case .begun, .streaming, .hanging: close()
        }
    }

    /// Takes from a stream what the client can be given now.
    func pump(_ exchange: Exchange) {
        guard case .streaming(let stream, let isChunked) = exchange.step else { return }
        let (bytes, isEnd) = stream.take(atMost: HTTPLimits.outputSize)
        append(bytes, isChunked: isChunked)
        guard isEnd else { return }
        if isChunked { output.append(Array("0\r\n\r\n".utf8)) }
        state = exchange.keepsAlive ? .reading : .closing
    }
}

extension HTTPConnection {
    /// Refuses a connection over the limit, without waiting for its request.
    func refuseOverLimit() {
        let rejection = HTTPRejection(.overloaded, "too many connections; try again later")
        send(context.rejected(rejection), Exchange(method: "", keepsAlive: false, isHTTP10: false))
        writable()
        close()
    }
}
