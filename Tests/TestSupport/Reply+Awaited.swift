public import HTTP
import System

extension Reply {
    /// The response, which is waited for when it is made by another thread; nil for one that waits for something.
    public var awaited: HTTPResponse? {
        switch self {
        case .response(let response): return response
        case .soon(let begin):
            let answer = Monitor<HTTPResponse?>(nil)
            begin(Responder(PendingExchange { response in answer.change { $0 = response } }))
            return answer.wait(milliseconds: 60_000) { $0 }
        case .later: return nil
        }
    }
}
