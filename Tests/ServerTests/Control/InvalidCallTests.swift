import Encodings
import TestSupport
import Testing

/// Which bodies and queries of calls are refused, and where the response points.
@Suite struct InvalidCallTests {
    /// The calls, one a line: method and path, body, pointer, and words of the detail. A pointer `-` is none: the query is what is wrong.
    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    static let clockAndTokens = lines(
        #"""
        PUT /clock | {} |  | at least one of them is required
        PUT /clock | {"advance": null} |  | at least one of them is required
        PUT /clock | {"advance": "-800000h"} | /advance | leads to a time before 1970 or after 9999
        PUT /clock | {"offset": "-800000h"} | /offset | leads to a time before 1970 or after 9999
        PUT /clock | {"now": "9999-12-31T23:59:59-14:00"} | /now | is after 9999-12-31T23:59:59Z
        PUT /clock | {"advance": 5} | /advance | is a number; expected a string: write "5s" for seconds
        PUT /clock | {"advance": "soon"} | /advance | expected a duration such as "13h"
        PUT /clock | {"offset": "soon"} | /offset | expected a duration such as "13h"
        PUT /clock | {"now": "1969-12-31T23:59:59Z"} | /now | is before 1970-01-01T00:00:00Z
        PUT /clock | {"now": "today"} | /now | "2026-11-21T10:00:00Z"
        PUT /clock | {"frozen": "yes"} | /frozen | is a string; expected true or false
        PUT /clock | {"frozen": true, "advnace": "1h"} | /advnace | did you mean "advance"?
        PUT /clock | {"advance": "1h", "now": "2027-01-01T00:00:00Z"} |  | expected only one of them
        POST /tokens | {} | /user | is missing
        POST /tokens | {"user": 5} | /user | is a number; expected a string
        POST /tokens | {"user": "svc", "app": {}} | /app | is an object; expected a string
        POST /tokens | {"user": "svc", "type": "acess"} | /type | did you mean "access"?
        POST /tokens | {"user": "svc", "format": "xml"} | /format | use "opaque" or "jwt"
        POST /tokens | {"user": "svc", "scopes": "openid"} | /scopes | is a string; expected an array
        POST /tokens | {"user": "svc", "scopes": ["openid", 5]} | /scopes/1 | is a number; expected a string
        POST /tokens | {"user": "svc", "audience": 5} | /audience | is a number; expected a string
        POST /tokens | {"user": "svc", "audience": [5]} | /audience/0 | is a number; expected a string
        POST /tokens | {"user": "svc", "roles": [null]} | /roles/0 | is null; expected a string
        POST /tokens | {"user": "svc", "project": []} | /project | is an array; expected a string
        POST /tokens | {"user": "svc", "expiresIn": "1 hour"} | /expiresIn | is "1 hour"; expected a duration
        POST /tokens | {"user": "svc", "claims": []} | /claims | is an array; expected an object
        POST /tokens | {"user": "svc", "amr": "pwd"} | /amr | is a string; expected an array
        POST /tokens | {"user": "svc", "defect": "expird"} | /defect | did you mean "expired"?
        POST /tokens | {"user": "svc", "role": ["reader"]} | /role | did you mean "roles"?
        POST /tokens | {"user": "svc", "roles": ["reader"]} | /roles | send app or project
        POST /tokens | {"user": "svc", "type": "pat", "app": "portal"} | /app | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "format": "jwt"} | /format | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "audience": []} | /audience | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "roles": []} | /roles | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "project": "a"} | /project | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "claims": {"a": 1}} | /claims | has no effect on a personal access token
        POST /tokens | {"user": "svc", "type": "pat", "amr": ["pwd"]} | /amr | has no effect on a personal access token
        POST /assertions | {} |  | expected exactly one of "app" or "user"
        POST /assertions | {"app": "a", "user": "svc"} |  | expected exactly one of "app" or "user"
        POST /assertions | {"user": false} | /user | is a boolean; expected a string
        POST /assertions | {"user": "svc", "key": 5} | /key | is a number; expected a string
        POST /assertions | {"user": "svc", "privateKey": 5} | /privateKey | is a number; expected a string
        POST /assertions | {"user": "svc", "audience": {}} | /audience | is an object; expected a string
        POST /assertions | {"user": "svc", "issuedAt": "now"} | /issuedAt | is "now"; expected a duration
        POST /assertions | {"user": "svc", "expiresIn": true} | /expiresIn | is a boolean; expected a string
        POST /assertions | {"user": "svc", "algorithm": "RS255"} | /algorithm | did you mean "RS256"?
        POST /assertions | {"user": "svc", "claims": "x"} | /claims | is a string; expected an object
        POST /assertions | {"user": "svc", "defect": "none at all"} | /defect | is not a defect
        POST /assertions | {"user": "svc", "x": 1, "nothing": 1} | /x | unknown member; known are app, user
        POST /explain | {} |  | expected exactly one of "token", "assertion" or "authorization"
        POST /explain | {"token": 5} | /token | is a number; expected a string
        POST /explain | {"assertion": "a", "token": "b"} |  | expected exactly one of
        POST /explain | {"assertion": "a", "caller": "b"} | /caller | is for token only
        POST /explain | {"authorization": "a", "caller": "b"} | /caller | is for token only
        POST /explain | {"token": "a", "caller": 5} | /caller | is a number; expected a string
        """#)

    static let faults = lines(
        #"""
        POST /faults | {} | /do | is missing
        POST /faults | {"do": null} | /do | is missing
        POST /faults | {"do": "close"} | /do | is a string; expected an object
        POST /faults | {"match": {"header": {"a": "", "b": "", "c": "", "d": "", "e": "", "f": "", "g": "", "h": "", "i": "", "j": "", "k": "", "l": "", "m": "", "n": "", "o": "", "p": "", "q": ""}}, "do": {"status": 500}} | /match/header | has 17 headers; at most 16 are compared
        POST /faults | {"do": {}} | /do | at least one of them is required
        POST /faults | {"do": {"status": null}} | /do | at least one of them is required
        POST /faults | {"do": {"x-note": 1}} | /do | at least one of them is required
        POST /faults | {"do": {"status": 199}} | /do/status | from 200 to 599
        POST /faults | {"do": {"status": 600}} | /do/status | from 200 to 599
        POST /faults | {"do": {"status": 200.5}} | /do/status | from 200 to 599
        POST /faults | {"do": {"status": "503"}} | /do/status | is a string; expected a whole number
        POST /faults | {"do": {"body": 5}} | /do/body | is a number; expected a string
        POST /faults | {"do": {"headers": "A: b"}} | /do/headers | is a string; expected an object
        POST /faults | {"do": {"headers": {"A": 1}}} | /do/headers/A | is a number; expected a string
        POST /faults | {"do": {"headers": {"A": null}}} | /do/headers/A | is null; expected a string
        POST /faults | {"do": {"headers": {"": "b"}}} | /do/headers/ | is not the name of a header field
        POST /faults | {"do": {"headers": {"A b": "c"}}} | /do/headers/A b | is not the name of a header field
        POST /faults | {"do": {"headers": {"X": "y", "a/b": "c"}}} | /do/headers/a~1b | is not the name of a header field
        POST /faults | {"do": {"headers": {"Content-Length": "5"}}} | /do/headers/Content-Length | is written by the server itself
        POST /faults | {"do": {"headers": {"transfer-encoding": "x"}}} | /do/headers/transfer-encoding | is written by the server itself
        POST /faults | {"do": {"headers": {"CONNECTION": "x"}}} | /do/headers/CONNECTION | is written by the server itself
        POST /faults | {"do": {"refuse": 5}} | /do/refuse | is a number; expected a string
        POST /faults | {"do": {"refuse": "invalid_grnat"}} | /do/refuse | "invalid_grnat" is not an OAuth error; did you mean "invalid_grant"?
        POST /faults | {"do": {"delay": 5}} | /do/delay | is a number; expected
        POST /faults | {"do": {"delay": "soon"}} | /do/delay | is "soon"; expected a duration from 0s to 1h
        POST /faults | {"do": {"delay": "-1s"}} | /do/delay | expected a duration from 0s to 1h
        POST /faults | {"do": {"delay": "61m"}} | /do/delay | expected a duration from 0s to 1h
        POST /faults | {"do": {"delay": {"min": "2s", "max": "1s"}}} | /do/delay | min not above max
        POST /faults | {"do": {"delay": {"min": "1s"}}} | /do/delay | min not above max
        POST /faults | {"do": {"delay": {"min": "-1s", "max": "1s"}}} | /do/delay/min | expected a duration from 0s to 1h
        POST /faults | {"do": {"delay": {"max": "2h"}}} | /do/delay/max | expected a duration from 0s to 1h
        POST /faults | {"do": {"delay": {"max": "1s", "mean": "1s"}}} | /do/delay/mean | unknown member
        POST /faults | {"do": {"trickle": 10}} | /do/trickle | is a number; expected a string
        POST /faults | {"do": {"trickle": "fast"}} | /do/trickle | expected a rate such as "10B/s" or "2KB/s"
        POST /faults | {"do": {"trickle": "0B/s"}} | /do/trickle | expected a rate such as
        POST /faults | {"do": {"truncate": -1}} | /do/truncate | from 0 to 1000000000
        POST /faults | {"do": {"close": "softly"}} | /do/close | use "before-answer", "reset" or "hang"
        POST /faults | {"do": {"garbage": 1}} | /do/garbage | is a number; expected true or false
        POST /faults | {"do": {"retryAfter": "soon"}} | /do/retryAfter | expected a duration
        POST /faults | {"do": {"instanceNotFound": "x"}} | /do/instanceNotFound | expected true or false
        POST /faults | {"do": {"staleKeys": "x"}} | /do/staleKeys | expected true or false
        POST /faults | {"do": {"stauts": 503}} | /do/stauts | did you mean "status"?
        POST /faults | {"do": {"status": 503, "refuse": "invalid_grant"}} | /do | "status" and "refuse"; expected only one of them
        POST /faults | {"do": {"retryAfter": "1s", "garbage": true}} | /do | "garbage"; expected only one of them
        POST /faults | {"do": {"instanceNotFound": true, "status": 404}} | /do | expected only one of them
        POST /faults | {"do": {"status": 503}, "match": []} | /match | is an array; expected an object
        POST /faults | {"do": {"status": 503}, "match": {"endpoint": "tokn"}} | /match/endpoint | did you mean "token"?
        POST /faults | {"do": {"status": 503}, "match": {"endpoint": "health"}} | /match/endpoint | is not an endpoint
        POST /faults | {"do": {"status": 503}, "match": {"grant": "none at all"}} | /match/grant | is not a grant
        POST /faults | {"do": {"status": 503}, "match": {"client": 5}} | /match/client | is a number; expected a string
        POST /faults | {"do": {"status": 503}, "match": {"user": 5}} | /match/user | is a number; expected a string
        POST /faults | {"do": {"status": 503}, "match": {"header": {"A": ["b"]}}} | /match/header/A | is an array; expected a string
        POST /faults | {"do": {"status": 503}, "match": {"token": 5}} | /match/token | is a number; expected a string
        POST /faults | {"do": {"status": 503}, "match": {"path": "/"}} | /match/path | unknown member
        POST /faults | {"do": {"status": 503}, "when": "once"} | /when | is a string; expected an object
        POST /faults | {"do": {"status": 503}, "when": {"after": -1}} | /when/after | from 0 to 1000000000
        POST /faults | {"do": {"status": 503}, "when": {"times": 0}} | /when/times | from 1 to 1000000000
        POST /faults | {"do": {"status": 503}, "when": {"pass": 0}} | /when/pass | from 1 to 1000000
        POST /faults | {"do": {"status": 503}, "when": {"pass": 1, "fail": 1000001}} | /when/fail | from 1 to 1000000
        POST /faults | {"do": {"status": 503}, "when": {"fail": 1}} | /when/fail | needs pass
        POST /faults | {"do": {"status": 503}, "when": {"pass": null, "fail": 1}} | /when/fail | needs pass
        POST /faults | {"do": {"status": 503}, "when": {"probability": 1.01}} | /when/probability | is 1.01; expected a number from 0
        POST /faults | {"do": {"status": 503}, "when": {"probability": "1"}} | /when/probability | is a string; expected a number from 0
        POST /faults | {"do": {"status": 503}, "when": {"until": "tomorrow"}} | /when/until | "2026-11-21T10:00:00Z"
        POST /faults | {"do": {"status": 503}, "when": {"until": 5}} | /when/until | is a number; expected a string
        POST /faults | {"do": {"status": 503}, "when": {"time": 5}} | /when/time | did you mean "times"?
        POST /faults | {"do": {"status": 503}, "match": {"endpoint": "token"}, "wehn": {}} | /wehn | did you mean "when"?
        """#)

    static let scenarios = lines(
        #"""
        PUT /scenarios/key-rotation | {"staleFor": "soon"} | /staleFor | expected a duration
        PUT /scenarios/key-rotation | {"staleFor": 60} | /staleFor | is a number; expected a string
        PUT /scenarios/key-rotation | {"pass": 1} | /pass | unknown member; known are staleFor
        PUT /scenarios/introspection-flaps | {"pass": 0} | /pass | from 1 to 1000000
        PUT /scenarios/introspection-flaps | {"fail": 0} | /fail | from 1 to 1000000
        PUT /scenarios/introspection-flaps | {"status": 199} | /status | from 200 to 599
        PUT /scenarios/introspection-flaps | {"status": "503"} | /status | is a string; expected a whole number
        PUT /scenarios/introspection-flaps | {"after": 1} | /after | unknown member
        PUT /scenarios/role-revoked | {} | /user | is missing
        PUT /scenarios/role-revoked | {"user": null} | /user | is missing
        PUT /scenarios/role-revoked | {"user": ""} | /user | is empty
        PUT /scenarios/role-revoked | {"user": 5} | /user | is a number; expected a string
        PUT /scenarios/role-revoked | {"user": "svc", "project": 5} | /project | is a number; expected a string
        PUT /scenarios/role-revoked | {"user": "svc", "roles": "reader"} | /roles | is a string; expected an array
        PUT /scenarios/role-revoked | {"user": "svc", "roles": [""]} | /roles/0 | is empty
        PUT /scenarios/role-revoked | {"user": "svc", "roles": ["raeder"]} | /roles | did you mean "reader"?
        PUT /scenarios/role-revoked | {"user": "svc", "in": "5s"} | /in | unknown member
        PUT /scenarios/role-revoked | {"user": "svc", "role": ["reader"]} | /role | did you mean "roles"?
        PUT /scenarios/clock-skew | {"offset": "a bit"} | /offset | expected a duration
        PUT /scenarios/clock-skew | {"ofset": "5m"} | /ofset | did you mean "offset"?
        PUT /scenarios/clock-skew | {"user": "svc"} | /user | unknown member; known are offset
        PUT /scenarios/pat-expires | {} | /user | is missing
        PUT /scenarios/pat-expires | {"user": null} | /user | is missing
        PUT /scenarios/pat-expires | {"user": true} | /user | is a boolean; expected a string
        PUT /scenarios/pat-expires | {"user": "svc", "in": "later"} | /in | expected a duration
        PUT /scenarios/pat-expires | {"user": "svc", "roles": ["reader"]} | /roles | unknown member
        PUT /scenarios/idp-down | {"status": 399} | /status | from 400 to 599
        PUT /scenarios/idp-down | {"status": 600} | /status | to 599
        PUT /scenarios/idp-down | {"close": "softly"} | /close | use "before-answer", "reset" or "hang"
        PUT /scenarios/idp-down | {"status": 503, "close": "hang"} | /close | send one of them
        PUT /scenarios/idp-down | {"offset": "1m"} | /offset | unknown member
        PUT /scenarios/idp-down | {"nothing": 1} | /nothing | unknown member; known are status, close
        PUT /scenarios/rate-limited | {"after": -1} | /after | from 0 to 1000000000
        PUT /scenarios/rate-limited | {"retryAfter": "soon"} | /retryAfter | expected a duration
        PUT /scenarios/rate-limited | {"client": ""} | /client | is empty
        PUT /scenarios/rate-limited | {"status": 429} | /status | unknown member
        PUT /scenarios/sunshine | {"nothing": 1} | /nothing | unknown member; known are staleFor
        """#)

    static let others = lines(
        #"""
        POST /requests/verify | {"match": "all"} | /match | is a string; expected an object
        POST /requests/verify | {"match": {"endpoint": "tokn"}} | /match/endpoint | did you mean "token"?
        POST /requests/verify | {"match": {"method": "FETCH"}} | /match/method | is not a method
        POST /requests/verify | {"match": {"client": 5}} | /match/client | is a number; expected a string
        POST /requests/verify | {"match": {"user": 5}} | /match/user | is a number; expected a string
        POST /requests/verify | {"match": {"grant": "none at all"}} | /match/grant | is not a grant
        POST /requests/verify | {"match": {"reason": "bad_secrt"}} | /match/reason | did you mean "bad_secret"?
        POST /requests/verify | {"match": {"outcome": "good"}} | /match/outcome | is not an outcome; use "ok"
        POST /requests/verify | {"match": {"status": 99}} | /match/status | from 100 to 599
        POST /requests/verify | {"match": {"since": "today"}} | /match/since | "2026-11-21T10:00:00Z"
        POST /requests/verify | {"match": {"form": []}} | /match/form | is an array; expected an object
        POST /requests/verify | {"match": {"form": {"scope": 5}}} | /match/form/scope | is a number; expected a string
        POST /requests/verify | {"match": {"path": "/"}} | /match/path | unknown member
        POST /requests/verify | {"times": 1} | /times | is a number; expected an object
        POST /requests/verify | {"times": {"min": -1}} | /times/min | from 0 to 1000000
        POST /requests/verify | {"times": {"max": 1000001}} | /times/max | from 0 to 1000000
        POST /requests/verify | {"times": {"min": 2, "max": 1}} | /times/min | is above max
        POST /requests/verify | {"times": {"exactly": 1}} | /times/exactly | unknown member; known are
        POST /requests/verify | {"time": {"min": 1}} | /time | did you mean "times"?
        POST /signingKeys/rotate | {"algorithm": "RS255"} | /algorithm | did you mean "RS256"?
        POST /signingKeys/rotate | {"algorithm": 256} | /algorithm | is a number; expected a string
        POST /signingKeys/rotate | {"id": "1"} | /id | unknown member; known are algorithm
        PATCH /signingKeys/1 | {} | /state | is missing
        PATCH /signingKeys/1 | {"state": "asleep"} | /state | is not a state; use "initial", "active" or "inactive"
        PATCH /signingKeys/1 | {"state": "active", "algorithm": "RS256"} | /algorithm | unknown member; known are state
        POST /signingKeys | {"state": "asleep"} | /state | is not a state
        POST /signingKeys | {"algorithm": 5} | /algorithm | is a number; expected a string
        POST /deviceAuthorizations/ABCD-EFGH | {} | /decision | is missing
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "perhaps"} | /decision | use "approve" or "deny"
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "approve"} | /user | is missing; expected the user who approves
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "approve", "user": null} | /user | is missing; expected the user who approves
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "approve", "user": 5} | /user | is a number; expected a string
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "approve", "user": "svc"} | /user | is not an active human
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "deny", "user": "alice"} | /user | is for approve only
        POST /deviceAuthorizations/ABCD-EFGH | {"decision": "deny", "usr": "alice"} | /usr | did you mean "user"?
        POST /instances | {"name": 5} | /name | is a number; expected a string
        POST /instances | {"name": ""} | /name | is 
        POST /instances | {"name": "-a"} | /name | is "-a"; expected 1 to 63 of a-z, 0-9 and -, with a letter, as in host names
        POST /instances | {"name": "127"} | /name | with a letter
        POST /instances | {"name": "A.b"} | /name | expected 1 to 63 of a-z
        POST /instances | {"seed": []} | /seed | is an array; expected an object
        POST /instances | {"copy": "yes"} | /copy | is a string; expected true or false
        POST /instances | {"idleTimeout": "soon"} | /idleTimeout | expected a duration
        POST /instances | {"idleTimeout": "999ms"} | /idleTimeout | 1s to 168h
        POST /instances | {"idleTimeout": "169h"} | /idleTimeout | 1s to 168h
        POST /instances | {"seed": {}, "copy": true} | /copy | is sent with seed; send one of them
        POST /instances | {"host": "a"} | /host | unknown member
        POST /reset | {"only": "tokens"} | /only | is a string; expected an array
        POST /reset | {"only": ["tokns"]} | /only/0 | did you mean "tokens"?
        POST /reset | {"parts": []} | /parts | unknown member; known are only
        PUT /snapshots/one | {"name": "two"} | /name | unknown member
        POST /users/svc/clientSecret | {"clientSecret": 5} | /clientSecret | is a number; expected a string
        POST /users/svc/clientSecret | {"clientSecret": ""} | /clientSecret | is empty
        POST /users/svc/clientSecret | {"secret": "x"} | /secret | unknown member; known are clientSecret
        POST /apps/270000000000000302/clientSecret | {"clientSecret": []} | /clientSecret | is an array; expected a string
        PUT /users/alice/metadata/a | {} |  | expected exactly one of "value" or "base64"
        PUT /users/alice/metadata/a | {"value": "b", "base64": "Yg=="} |  | expected exactly one of
        PUT /users/alice/metadata/a | {"value": 5} | /value | is a number; expected a string
        PUT /users/alice/metadata/a | {"base64": 5} | /base64 | is a number; expected a string
        PUT /users/alice/metadata/a | {"base64": "b"} | /base64 | is not base64
        POST /users/svc/keys | {"id": 5} | /id | is a number; expected
        POST /users/svc/keys | {"id": "five"} | /id | is not an id
        POST /users/svc/keys | {"expirationDate": 5} | /expirationDate | is a number; expected
        POST /users/svc/keys | {"expirationDate": "tomorrow"} | /expirationDate | expected
        POST /users/svc/keys | {"algorithm": "RS256"} | /algorithm | unknown member; known are
        POST /users/svc/keys | {"publicKye": "x"} | /publicKye | did you mean "publicKey"?
        POST /apps/270000000000000302/keys | {"expires": 5} | /expires | unknown member
        """#)

    static let queries = lines(
        #"""
        GET /requests?limit=0 |  | - | limit is 0; expected a whole number from 1 to 1000
        GET /requests?limit=1001 |  | - | limit is 1001; expected a whole number from 1 to 1000
        GET /requests?limit=x |  | - | limit is "x"; expected a whole number from 1 to 1000
        GET /requests?limit= |  | - | limit is ""; expected a whole number from 1 to 1000
        GET /requests?limit=1&limit=0 |  | - | limit is 0
        GET /requests?count=0 |  | - | count is 0; expected a whole number from 1 to 1000
        GET /requests?wait=61s |  | - | wait is "61s"; expected a duration up to 60s
        GET /requests?wait=-1s |  | - | expected a duration up to 60s
        GET /requests?wait=long |  | - | wait is "long"; expected a duration
        GET /requests?endpoint=tokn |  | - | did you mean "token"?
        GET /requests?method=FETCH |  | - | is not a method
        GET /requests?grant=none |  | - | is not a grant
        GET /requests?reason=none |  | - | is not a reason
        GET /requests?outcome=good |  | - | "good" is not an outcome; use "ok"
        GET /requests?since=today |  | - | "2026-11-21T10:00:00Z"
        GET /requests?client=%00 |  | - | holds the character U+0000
        GET /requests/events?since=today |  | - | "2026-11-21T10:00:00Z"
        GET /requests/events?wait=1s |  | - | unknown parameter "wait"
        GET /tokens?active=perhaps |  | - | use "true" or "false"
        GET /tokens?limit=0 |  | - | limit is 0
        DELETE /tokens?limit=1 |  | - | unknown parameter "limit"
        GET /users?limit=99999999999999999999 |  | - | expected a whole number from 1 to 1000
        GET /users?after=nobody |  | - | after is "nobody"; expected the id of an item, as next gave it
        GET /sessions?usr=alice |  | - | did you mean user?
        GET /seed?signingKeys=yes |  | - | use "true" or "false"
        PUT /snapshots/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | {} | - | has 101 bytes; expected 1 to 100
        """#)

    @Test("an invalid call is refused with a pointer to the wrong member")
    func isRefused() throws {
        let call = ControlCaller(server: try TestServer())
        for line in Self.clockAndTokens + Self.faults + Self.scenarios + Self.others + Self.queries {
            let parts = line.split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
            try #require(parts.count == 4, "\(line)")
            let target = parts[0].split(separator: " ").map(String.init)
            let body = parts[1].isEmpty ? nil : try JSONDocument.parse(Array(parts[1].utf8), verb: "send")
            let problem = try call(target[0], target[1], body, expect: 400)
            let isAboutQuery = parts[2] == "-"
            #expect(
                problem["type"]?.string == "/mock/problems/\(isAboutQuery ? "invalid-parameter" : "invalid-body")",
                "\(line)")
            #expect(problem["pointer"]?.string == (isAboutQuery ? nil : parts[2]), "\(line): \(problem.text)")
            #expect(problem["detail"]?.string?.contains(parts[3]) == true, "\(line): \(problem.text)")
        }
        #expect(try call("GET", "/faults").items.isEmpty)
        #expect(try call("GET", "/scenarios").items.allSatisfy { $0["active"] == .bool(false) })
        #expect(try call("GET", "/snapshots").items.isEmpty)
        #expect(try call("GET", "/clock")["mode"] == "real")
    }

    /// Calls with null for what is left out, one a line: status, method and path, body.
    static let withNulls = lines(
        #"""
        200 PUT /clock | {"advance": null, "offset": null, "now": null, "frozen": false}
        201 POST /tokens | {"user": "svc", "app": null, "type": null, "format": null, "scopes": null, "audience": null, "roles": null, "project": null, "expiresIn": null, "claims": null, "amr": null, "defect": null}
        200 POST /assertions | {"user": "svc", "app": null, "key": null, "privateKey": null, "audience": null, "issuedAt": null, "expiresIn": null, "algorithm": null, "claims": null, "defect": null}
        200 POST /explain | {"token": "x", "caller": null, "assertion": null, "authorization": null}
        201 POST /faults | {"match": null, "when": null, "do": {"status": 503.0, "body": null, "headers": null, "refuse": null, "delay": null, "trickle": null, "truncate": null, "close": null, "garbage": null, "retryAfter": null, "instanceNotFound": null, "staleKeys": null}}
        201 POST /faults | {"match": {"endpoint": null, "grant": null, "client": null, "user": null, "header": null, "token": null}, "when": {"after": null, "times": null, "pass": null, "fail": null, "probability": null, "until": null}, "do": {"delay": {"min": null, "max": null}}}
        204 DELETE /faults |
        200 PUT /scenarios/key-rotation | {"staleFor": null}
        200 PUT /scenarios/introspection-flaps | {"pass": null, "fail": null, "status": null}
        200 PUT /scenarios/role-revoked | {"user": "svc", "project": null, "roles": null}
        200 PUT /scenarios/clock-skew | {"offset": null}
        200 PUT /scenarios/pat-expires | {"user": "svc", "in": null}
        200 PUT /scenarios/idp-down | {"status": null, "close": null}
        200 PUT /scenarios/rate-limited | {"after": null, "retryAfter": null, "client": null}
        200 POST /requests/verify | {"match": null, "times": {"min": 0, "max": null}}
        200 POST /requests/verify | {"match": {"endpoint": null, "method": null, "client": null, "user": null, "grant": null, "reason": null, "outcome": null, "status": null, "since": null, "form": null}, "times": {"min": 0}}
        201 POST /signingKeys/rotate | {"algorithm": null}
        201 POST /signingKeys | {"id": null, "algorithm": null, "privateKey": null, "state": null}
        204 POST /reset | {"only": null}
        200 POST /users/svc/clientSecret | {"clientSecret": null}
        204 PUT /users/alice/metadata/a | {"value": "b", "base64": null}
        201 POST /users/svc/keys | {"id": null, "expirationDate": null}
        """#)

    @Test("null counts as an absent member, and members with names that start with x- are accepted")
    func isAccepted() throws {
        let call = ControlCaller(server: try TestServer())
        for line in Self.withNulls {
            let parts = line.split(separator: " |", omittingEmptySubsequences: false).map(String.init)
            let target = parts[0].split(separator: " ").map(String.init)
            let status = try #require(Int(target[0]))
            guard parts.count == 2, !parts[1].isEmpty else {
                try call(target[1], target[2], expect: status)
                continue
            }
            let body = try JSONDocument.parse(Array(parts[1].utf8), verb: "send")
            try call(target[1], target[2], body, expect: status)
            var noted = body.object ?? [:]
            noted.append("x-note", .bool(true))
            try call(target[1], target[2], .object(noted), expect: status)
        }
    }
}
