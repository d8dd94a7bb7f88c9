#!/usr/bin/env bash
# Measures a release build on loopback and prints one table: start time, memory, and requests per second next to `openssl speed` of the same machine.
#
#   Benchmarks/benchmark.sh [PROGRAM]
#
# Needs wrk, openssl and curl. PROGRAM defaults to .build-release/release/mock-zitadel. SECONDS_EACH (default 5) is how long each row is loaded,
# CONNECTIONS (default 32) and THREADS (default 1) are wrk's. Server and load generator share the machine, so compare rows of one run only.
set -euo pipefail
cd "$(dirname "$0")/.."
PROGRAM=$(realpath "${1:-.build-release/release/mock-zitadel}")
EACH=${SECONDS_EACH:-5} CONNECTIONS=${CONNECTIONS:-32} THREADS=${THREADS:-1}
WORK=$(mktemp -d)
SERVER=
trap '[ -z "$SERVER" ] || kill "$SERVER" 2>/dev/null || true; rm -rf "$WORK"' EXIT
for tool in wrk openssl curl; do command -v "$tool" >/dev/null || { echo "benchmark: $tool is missing"; exit 1; }; done

now() { date +%s%N; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

# start PORTFILE ARGS...: starts the server and waits for the line that tells its port.
start() {
    "$PROGRAM" serve --port 0 --json --log-format off --seed seed "$@" >"$WORK/line" 2>"$WORK/log" &
    SERVER=$!
    until [ -s "$WORK/line" ]; do kill -0 "$SERVER" || { cat "$WORK/log"; exit 1; }; done
    BASE=$(sed -E 's/.*"baseUrl":"([^"]*)".*/\1/; s/localhost/127.0.0.1/' "$WORK/line")
}
stop() { kill "$SERVER"; wait "$SERVER" || true; SERVER=; }

# milliseconds from the start of the process to the first answer of PATH
first_answer() {
    local path=$1 database=$2 begin port
    port=$((20000 + RANDOM % 20000))
    begin=$(now)
    "$PROGRAM" serve --port "$port" --log-format off --seed seed --database "$database" >/dev/null 2>&1 &
    SERVER=$!
    until (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$path" "$port" >&3 && grep -q '200 OK' <&3) 2>/dev/null; do :; done
    echo $((($(now) - begin) / 100000))
    stop
}

echo "machine: $(nproc) processors, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo); wrk -t$THREADS -c$CONNECTIONS, $EACH s a row, server and wrk on the same processors"

echo
first=$(for i in 1 2 3 4 5; do rm -f "$WORK"/fresh.sqlite*; first_answer /debug/ready "$WORK/fresh.sqlite"; done | median)
again=$(for i in $(seq 10); do first_answer /oauth/v2/keys "$WORK/fresh.sqlite"; done | median)
echo "first start, new database, to /debug/ready:   $((first / 10)).$((first % 10)) ms (median of 5)"
echo "start, existing database, to /oauth/v2/keys:  $((again / 10)).$((again % 10)) ms (median of 10)"

start --database "$WORK/bench.sqlite"
curl -s -o /dev/null "$BASE/oauth/v2/keys"
echo "resident memory after start:                  $(awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$SERVER/status") MB"

b64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
# assertion KEYFILE SUBJECT
assertion() {
    local input kid t
    kid=$(sed -E 's/.*"keyId":"([^"]*)".*/\1/' "$1")
    sed -E 's/.*"key":"([^"]*)".*/\1/; s/\\n/\n/g' "$1" >"$WORK/key.pem"
    t=$(date +%s)
    input=$(printf '{"alg":"RS256","kid":"%s"}' "$kid" | b64url).$(printf '{"iss":"%s","sub":"%s","aud":"%s","iat":%d,"exp":%d}' "$2" "$2" "$BASE" "$t" $((t + 3500)) | b64url)
    printf '%s.%s' "$input" "$(printf '%s' "$input" | openssl dgst -sha256 -sign "$WORK/key.pem" -binary | b64url)"
}
SCOPE=openid%20profile%20urn:zitadel:iam:org:project:id:270000000000000101:aud
token() { curl -s "$BASE/oauth/v2/token" -d "grant_type=client_credentials&client_id=$1@acme.localhost&client_secret=$1-secret&scope=$SCOPE" | sed -E 's/.*"access_token":"([^"]*)".*/\1/'; }
BASIC="Basic $(printf '270000000000000302:test-api-2-secret' | openssl base64 -A)"
OPAQUE=$(token svc) JWT=$(token svc-jwt)
API=$(assertion seed/keys/test-api.json 270000000000000301)
SVC=$(assertion seed/keys/svc.json 270000000000000501)

# rate NAME PATH [BODY [AUTHORIZATION]]: requests per second into RATE; every answer must be a 200.
rate() {
    cat >"$WORK/request.lua" <<LUA
wrk.method = "${3:+POST}"
if wrk.method == "" then wrk.method = "GET" end
wrk.body = "${3:-}"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
if "${4:-}" ~= "" then wrk.headers["Authorization"] = "${4:-}" end
LUA
    local out
    out=$(wrk -t"$THREADS" -c"$CONNECTIONS" -d"${EACH}s" -s "$WORK/request.lua" "$BASE$2")
    if grep -q 'Non-2xx' <<<"$out"; then echo "$1: refused"; grep Non-2xx <<<"$out"; exit 1; fi
    RATE=$(awk '/Requests\/sec/ {printf "%d", $2}' <<<"$out")
    [ -n "${HEALTH:-}" ] || HEALTH=$RATE
    printf '%-44s %9d /s  %6.1f %% of healthz\n' "$1" "$RATE" "$(awk "BEGIN {print 100 * $RATE / $HEALTH}")"
}
echo
rate "healthz" /debug/healthz
rate "introspect opaque, Basic" /oauth/v2/introspect "token=$OPAQUE" "$BASIC"
rate "introspect JWT, Basic" /oauth/v2/introspect "token=$JWT" "$BASIC"
rate "introspect opaque, client assertion" /oauth/v2/introspect "token=$OPAQUE&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=$API"
CC="grant_type=client_credentials&client_secret=svc-secret&client_id=svc@acme.localhost"
rate "client_credentials opaque" /oauth/v2/token "$CC&scope=profile"
rate "client_credentials opaque and ID token" /oauth/v2/token "$CC&scope=$SCOPE"
rate "client_credentials JWT" /oauth/v2/token "grant_type=client_credentials&client_secret=svc-jwt-secret&client_id=svc-jwt@acme.localhost&scope=profile"
ISSUING=$RATE
rate "jwt-bearer opaque" /oauth/v2/token "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=$SVC&scope=profile"
echo "resident memory after the load:              $(awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$SERVER/status") MB"
stop

echo
# Newer versions print more columns, so the two are found by their names.
SPEED=$(openssl speed -seconds 3 -multi "$(nproc)" rsa2048 2>/dev/null | awk '/sign\/s/ {for (i = 1; i <= NF; i++) {if ($i == "sign/s") s = NF - i; if ($i == "verify/s") v = NF - i}} /^rsa +2048/ {print $(NF - s), $(NF - v)}')
read -r SIGNS VERIFIES <<<"$SPEED"
echo "openssl speed rsa2048 on $(nproc) processors: $SIGNS signs/s, $VERIFIES verifies/s"
echo "JWT issuing is $(awk "BEGIN {printf \"%.0f\", 100 * $ISSUING / $SIGNS}") % of openssl's signs"
