"""Client credentials: a service user's secret for a token, then both ways of introspection.

    python client_credentials.py [ISSUER]
"""

import json
import pathlib
import sys

import requests

from introspection import introspect_by_key, introspect_by_secret, read_key

SEED = pathlib.Path(__file__).resolve().parents[2] / "seed"
ISSUER = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
SCOPE = "openid profile urn:zitadel:iam:org:project:id:270000000000000101:aud urn:zitadel:iam:org:projects:roles"

response = requests.post(
    f"{ISSUER}/oauth/v2/token",
    data={"grant_type": "client_credentials", "scope": SCOPE},
    auth=("svc@acme.localhost", "svc-secret"),
    timeout=5,
)
response.raise_for_status()
token = response.json()["access_token"]

print(json.dumps(introspect_by_key(ISSUER, read_key(SEED / "keys/test-api.json"), token), indent=2))
by_secret = introspect_by_secret(ISSUER, "270000000000000302", "test-api-2-secret", token)
print("active, by secret:", by_secret["active"])
