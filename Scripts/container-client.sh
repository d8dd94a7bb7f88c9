#!/usr/bin/env bash
# A client of the server with the demo seed, for places without curl: bash's /dev/tcp is enough.
#
#   container-client.sh                     gets a token and introspects it; exit status 1 unless it is active
#   container-client.sh token               prints a token
#   container-client.sh introspect TOKEN    exit status 1 unless the token is active
#
# The server is ZITADEL_HOST (default: localhost) at ZITADEL_PORT (default: 8080).
set -euo pipefail

host=${ZITADEL_HOST:-localhost}
port=${ZITADEL_PORT:-8080}

# post PATH BODY [HEADER]: prints the whole answer.
post() {
    local headers="POST $1 HTTP/1.1\r\nHost: $host:$port\r\nConnection: close\r\n"
    headers+="Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${#2}\r\n${3:+$3\r\n}"
    exec 3<>"/dev/tcp/$host/$port"
    printf '%b\r\n%s' "$headers" "$2" >&3
    timeout 10 cat <&3
    exec 3>&-
}

token() {
    local scope='openid+profile+urn:zitadel:iam:org:project:id:270000000000000101:aud'
    local body="grant_type=client_credentials&client_id=svc%40acme.localhost&client_secret=svc-secret&scope=$scope"
    local answer
    answer=$(post /oauth/v2/token "$body")
    case $answer in
    *'"access_token":"'*) sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' <<<"$answer" ;;
    *) printf 'no token:\n%s\n' "$answer" >&2; return 1 ;;
    esac
}

introspect() {
    local basic answer
    basic=$(printf '270000000000000302:test-api-2-secret' | base64 -w 0)
    answer=$(post /oauth/v2/introspect "token=$1" "Authorization: Basic $basic")
    case $answer in
    *'"active":true'*) printf '%s\n' "${answer##*$'\n'}" ;;
    *) printf 'not active:\n%s\n' "$answer" >&2; return 1 ;;
    esac
}

case ${1:-} in
token) token ;;
introspect) introspect "$2" ;;
'') access_token=$(token); introspect "$access_token" ;;
*) sed -n 2,8p "$0" >&2; exit 64 ;;
esac
