#!/usr/bin/env bash
# Signs a client assertion (RFC 7523) with a key file as ZITADEL's console downloads it, and prints it.
#
#   Scripts/assertion.sh KEYFILE [ISSUER]      ISSUER: http://localhost:8080 unless given
#
# Serves both uses: as `assertion` of the JWT profile grant (key file of a service user), and as `client_assertion`
# of an API (key file of an application). Valid for five minutes. Needs openssl, sed and base64.
set -euo pipefail

[ $# -ge 1 ] && [ $# -le 2 ] || { sed -n 2,4p "$0" >&2; exit 64; }
file=$1
issuer=${2:-http://localhost:8080}
[ -r "$file" ] || { echo "assertion.sh: $file cannot be read" >&2; exit 66; }

member() { sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' "$file"; }
base64url() { base64 | tr -d '\n=' | tr '+/' '-_'; }

key_id=$(member keyId)
case $(member type) in
serviceaccount) subject=$(member userId) ;;
application) subject=$(member clientId) ;;
*) echo "assertion.sh: $file is not a key file; expected \"type\": \"serviceaccount\" or \"application\"" >&2; exit 65 ;;
esac

now=$(date +%s)
header=$(printf '{"alg":"RS256","kid":"%s"}' "$key_id" | base64url)
claims=$(printf '{"iss":"%s","sub":"%s","aud":"%s","iat":%d,"exp":%d}' \
    "$subject" "$subject" "$issuer" "$now" $((now + 300)) | base64url)
# The key is one JSON string, in which \n is the end of a line. It is passed to openssl by a descriptor, not by a file.
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign <(member key | sed 's/\\n/\n/g') | base64url)
printf '%s.%s.%s\n' "$header" "$claims" "$signature"
