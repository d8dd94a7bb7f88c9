#!/usr/bin/env bash
# Tries what the README says of the container image, against a Docker Engine that holds it.
#
#   Scripts/container-test.sh [IMAGE]      IMAGE: mock-zitadel unless given; debian:bookworm-slim is needed too
#
# Uses MOCK_ZITADEL_PUBLISHED_PORT (default: 18080). Exit status 1 when a check failed.
set -uo pipefail
cd "$(dirname "$0")/.."

export MOCK_ZITADEL_IMAGE=${1:-mock-zitadel}
export MOCK_ZITADEL_PUBLISHED_PORT=${MOCK_ZITADEL_PUBLISHED_PORT:-18080}
size_limit=$((90 * 1000 * 1000))
project=mock-zitadel-test-$$
work=$(mktemp -d)
passed=0 failed=0

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose() { "${compose[@]}" --project-name "$project" --profile test "$@"; }
cleanup() {
    compose down --volumes >/dev/null 2>&1
    rm -rf "$work"
}
trap cleanup EXIT

# check SENTENCE COMMAND...: the output is shown only when the command fails.
check() {
    local sentence=$1
    shift
    if "$@" >"$work/output" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $sentence"
    else
        failed=$((failed + 1))
        echo "FAILED  $sentence"
        sed 's/^/        /' "$work/output"
    fi
}

inspect() { docker inspect --format "$1" "$container"; }
start() { compose up --detach --no-build zitadel >"$work/up" 2>&1 && container=$(compose ps --quiet zitadel); }
client() { compose run --rm -T client "$@" 2>"$work/client"; }

healthy_within() {
    local started now
    started=$(date --date "$(inspect '{{.State.StartedAt}}')" +%s%N)
    until [ "$(inspect '{{.State.Health.Status}}')" = healthy ]; do
        now=$(date +%s%N)
        if [ $((now - started)) -gt $(($1 * 1000000000)) ]; then
            inspect '{{json .State}}'
            docker logs "$container"
            return 1
        fi
        sleep 0.05
    done
}

loopback_only() {
    docker port "$container" | tee "$work/ports"
    [ -s "$work/ports" ] && ! grep -v -- '-> 127\.0\.0\.1:' "$work/ports"
}

runs_as_nobody_known() { [ "$(docker top "$container" -eo pid,uid,args | awk 'NR > 1 { print $2 }' | sort -u)" = 65532 ]; }
is() { echo "$1: $(inspect "$1"), expected $2"; [ "$(inspect "$1")" = "$2" ]; }
from_this_machine() { ZITADEL_HOST=127.0.0.1 ZITADEL_PORT=$MOCK_ZITADEL_PUBLISHED_PORT Scripts/container-client.sh; }
across_containers() { client | grep '"active":true' || { cat "$work/client"; return 1; }; }
still_active() { client introspect "$1" | grep '"active":true' || { cat "$work/client"; return 1; }; }

bad_seed() {
    mkdir -p "$work/seed"
    echo '{"organisations": []}' >"$work/seed/bad.json"
    chmod -R a+rX "$work"
    docker run --rm --volume "$work/seed:/seed:ro" "$MOCK_ZITADEL_IMAGE" >"$work/log" 2>&1
    local status=$?
    echo "status $status, expected 2"
    cat "$work/log"
    [ $status = 2 ] && grep -q '^/seed/bad.json: .*organisations' "$work/log"
}

small() {
    local size
    size=$(docker image inspect --format '{{.Size}}' "$MOCK_ZITADEL_IMAGE")
    echo "$size bytes, at most $size_limit"
    [ "$size" -le $size_limit ]
}

check "the image is under $((size_limit / 1000000)) MB" small
container=none
check "compose starts the server" start
container=$(compose ps --quiet zitadel)
check "healthy within 3 s of its start" healthy_within 3
check "the port is published on the loopback interface only" loopback_only
check "runs as user 65532, not as root" runs_as_nobody_known
check "the root file system is read-only" is '{{.HostConfig.ReadonlyRootfs}}' true
check "all capabilities are dropped" is '{{.HostConfig.CapDrop}}' '[ALL]'
check "a token and its introspection from this machine" from_this_machine
check "a token and its introspection from another container, by the service's name" across_containers
token=$(client token | tr -d '\r')
compose down >/dev/null 2>&1
check "starts again after down" start
check "healthy within 3 s with a database that is there already" healthy_within 3
check "a token survives down and up" still_active "$token"
docker stop "$container" >/dev/null
check "exit status 0 on SIGTERM" is '{{.State.ExitCode}}' 0
check "a bad seed is named in the log, exit status 2" bad_seed

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
