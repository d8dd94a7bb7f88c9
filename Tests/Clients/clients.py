#!/usr/bin/env python3
"""Real clients against a started server: PyJWT with requests as ZITADEL's Python examples use them, and Authlib.

    Tests/Clients/clients.py PROGRAM

PROGRAM is a built mock-zitadel. It is started with the demo seed on a free port. The last line is "N passed, N failed, N skipped"; exit status 1
when something failed. A client library that is not installed is skipped by name.
"""
import base64
import functools
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from support import ROOT, check, finish, server, skip

SCOPE = "openid profile urn:zitadel:iam:org:project:id:270000000000000101:aud"
API_KEY, API_BASIC = "270000000000000301", ("270000000000000302", "test-api-2-secret")
USERS = {"svc": "270000000000000501", "svc-jwt": "270000000000000502"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def key_file(name):
    return json.loads((ROOT / "seed" / "keys" / f"{name}.json").read_text())


# ---------------------------------------------------------------- PyJWT and requests

def assertion(jwt, key, subject, issuer):
    """As the functions of ZITADEL's Python examples make it."""
    now = int(time.time())
    claims = {"iss": subject, "sub": subject, "aud": issuer, "exp": now + 3600, "iat": now}
    return jwt.encode(claims, key["key"], algorithm="RS256", headers={"kid": key["keyId"]})


def token(requests, jwt, grant, user, issuer):
    if grant == "pat":
        return f"pat-{user}-0123456789abcdef"
    if grant == "client_credentials":
        answer = requests.post(f"{issuer}/oauth/v2/token", auth=(f"{user}@acme.localhost", f"{user}-secret"),
                               data={"grant_type": "client_credentials", "scope": SCOPE})
    else:
        answer = requests.post(f"{issuer}/oauth/v2/token", data={
            "grant_type": JWT_BEARER, "scope": SCOPE, "assertion": assertion(jwt, key_file(user), USERS[user], issuer)})
    answer.raise_for_status()
    return answer.json()["access_token"]


def introspect(requests, jwt, way, value, issuer):
    if way == "basic":
        answer = requests.post(f"{issuer}/oauth/v2/introspect", auth=API_BASIC, data={"token": value, "token_type_hint": "access_token", "scope": "openid"})
    else:
        answer = requests.post(f"{issuer}/oauth/v2/introspect", data={
            "client_assertion": assertion(jwt, key_file("test-api"), API_KEY, issuer), "client_assertion_type": CLIENT_ASSERTION, "token": value})
    answer.raise_for_status()
    return answer.json()


def combination(requests, jwt, grant, user, way, issuer):
    answer = introspect(requests, jwt, way, token(requests, jwt, grant, user, issuer), issuer)
    assert answer["active"] is True, answer
    assert answer["sub"] == USERS[user], answer
    assert answer["iss"] == issuer, answer
    assert "270000000000000101" in answer["aud"], answer
    assert "reader" in answer["urn:zitadel:iam:org:project:roles"], answer
    assert ("client_id" in answer) == (grant != "pat"), answer


def jwks(requests, jwt, issuer, algorithm):
    """An independent library finds our keys and verifies our tokens."""
    answer = requests.post(f"{issuer}/oauth/v2/token", auth=("svc-jwt@acme.localhost", "svc-jwt-secret"),
                           data={"grant_type": "client_credentials", "scope": SCOPE}).json()
    keys = jwt.PyJWKClient(f"{issuer}/oauth/v2/keys")
    for name, audience in (("access_token", "270000000000000101"), ("id_token", "svc-jwt")):
        value = answer[name]
        claims = jwt.decode(value, keys.get_signing_key_from_jwt(value).key, algorithms=[algorithm], audience=audience, issuer=issuer)
        assert claims["sub"] == USERS["svc-jwt"], claims
        assert isinstance(claims["aud"], list), claims
    digest = {"RS256": "sha256", "ES256": "sha256", "ES384": "sha384", "EdDSA": "sha512"}[algorithm]
    half = hashlib.new(digest, answer["access_token"].encode()).digest()
    expected = base64.urlsafe_b64encode(half[:len(half) // 2]).rstrip(b"=").decode()
    assert claims["at_hash"] == expected, claims
    for key in requests.get(f"{issuer}/oauth/v2/keys").json()["keys"]:
        assert not set(key) & {"d", "p", "q", "dp", "dq", "qi", "k"}, "a private member is published"


def published_example(requests, jwt, issuer):
    """What the example API of ZITADEL does with a token: it looks for the scope of its own that the seed keeps."""
    key = json.loads((ROOT / "seed/examples/keys/client-key-file.json").read_text())
    answer = requests.post(f"{issuer}/oauth/v2/token", data={
        "grant_type": JWT_BEARER, "scope": "openid profile read:messages urn:zitadel:iam:org:project:id:280000000000000101:aud",
        "assertion": assertion(jwt, key, key["userId"], issuer)})
    answer.raise_for_status()
    api = json.loads((ROOT / "seed/examples/keys/api-key.json").read_text())
    result = requests.post(f"{issuer}/oauth/v2/introspect", data={
        "client_assertion": assertion(jwt, api, api["clientId"], issuer), "client_assertion_type": CLIENT_ASSERTION,
        "token": answer.json()["access_token"]}).json()
    assert result["exp"] > time.time() and result["active"], result
    assert "read:messages" in result["scope"].split(), result


# ---------------------------------------------------------------- Authlib

def authlib_client_credentials(session, issuer, method):
    client = session("svc@acme.localhost", "svc-secret", scope=SCOPE, token_endpoint_auth_method=method)
    value = client.fetch_token(f"{issuer}/oauth/v2/token", grant_type="client_credentials")
    assert value["token_type"] == "Bearer" and value["expires_in"] == 43199, value
    info = client.get(f"{issuer}/oidc/v1/userinfo")
    assert info.status_code == 200 and info.json()["preferred_username"] == "svc@acme.localhost", info.text


def authlib_assertion(assertion_session, issuer):
    key = key_file("svc")
    client = assertion_session(f"{issuer}/oauth/v2/token", issuer=key["userId"], subject=key["userId"], audience=issuer, scope=SCOPE,
                               header={"alg": "RS256", "kid": key["keyId"]}, key=key["key"])
    assert client.get(f"{issuer}/oidc/v1/userinfo").json()["sub"] == key["userId"]


def authlib_introspection(session, issuer, value):
    client = session(*API_BASIC, token_endpoint_auth_method="client_secret_basic")
    assert client.introspect_token(f"{issuer}/oauth/v2/introspect", token=value).json()["active"] is True


def named_key_jwt(private_key_jwt, sign, issuer, key_id):
    """Authlib's private_key_jwt with the header kid, which Authlib 1.2 takes but does not write."""
    class NamedKeyJWT(private_key_jwt):
        def sign(self, auth, token_endpoint):
            return sign(auth.client_secret, client_id=auth.client_id, token_endpoint=token_endpoint, alg=self.alg, header={"kid": key_id})

    return NamedKeyJWT(issuer)


def authlib_private_key_jwt(session, method, issuer):
    """An app that authenticates by key revokes: nothing is there to revoke, but the client must be accepted."""
    key = key_file("web-key")
    client = session(key["clientId"], key["key"], revocation_endpoint_auth_method="private_key_jwt")
    client.register_client_auth_method(method(issuer, key["keyId"]))
    answer = client.revoke_token(f"{issuer}/oauth/v2/revoke", token="unknown")
    assert answer.status_code == 200, answer.text


def authlib_resource_server(validator, invalid, issuer, requests, value):
    """A resource server by RFC 7662, as ZITADEL's Flask example builds it."""
    class Validator(validator):
        def introspect_token(self, token_string):
            return requests.post(f"{issuer}/oauth/v2/introspect", auth=API_BASIC, data={"token": token_string}).json()

    server_side = Validator()
    good = server_side.authenticate_token(value)
    server_side.validate_token(good, ["profile"], None)
    for bad in ("garbage", value[:-1]):
        try:
            server_side.validate_token(server_side.authenticate_token(bad), ["profile"], None)
        except invalid:
            continue
        raise AssertionError("an inactive token was let through")


def refusals(session, error, issuer):
    """A refusal reaches the user of the library as an OAuth error."""
    for arguments in (("svc@acme.localhost", "wrong"), ("nobody", "wrong")):
        try:
            session(*arguments, scope="openid").fetch_token(f"{issuer}/oauth/v2/token", grant_type="client_credentials")
        except error as refusal:
            assert refusal.error == "invalid_client" and refusal.description, refusal
            continue
        raise AssertionError("a wrong secret got a token")


# ---------------------------------------------------------------- the run

def pyjwt(program):
    try:
        import jwt
        import requests
    except ImportError as missing:
        return skip("PyJWT with requests", f"{missing.name} is not installed")
    with server(program) as fixtures:
        issuer = fixtures["baseUrl"]
        for grant in ("jwt profile", "client_credentials", "pat"):
            for user in USERS:
                for way in ("client assertion", "basic"):
                    check(f"{grant}, {user}, {way}", combination, requests, jwt, grant, user, way, issuer)
        check("JWKS by PyJWKClient", jwks, requests, jwt, issuer, "RS256")
    with server(program, "--seed", "seed/examples") as fixtures:
        check("ZITADEL's published Python example", published_example, requests, jwt, fixtures["baseUrl"])
    for algorithm, kind in (("ES256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                            ("ES384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]), ("EdDSA", ["-algorithm", "ED25519"])):
        with tempfile.TemporaryDirectory() as folder:
            pem = subprocess.run(["openssl", "genpkey", *kind], check=True, capture_output=True, text=True).stdout
            seed = json.loads((ROOT / "seed/demo.json").read_text())
            seed["instance"]["signingKeys"] = [{"algorithm": algorithm, "privateKey": pem}]
            pathlib.Path(folder, "seed.json").write_text(json.dumps(seed))
            os.symlink(ROOT / "seed/keys", pathlib.Path(folder, "keys"))
            with server(program, "--seed", folder) as fixtures:
                check(f"pinned signing key {algorithm}", jwks, requests, jwt, fixtures["baseUrl"], algorithm)


def authlib(program):
    try:
        import requests
        from authlib.integrations.base_client import OAuthError
        from authlib.integrations.requests_client import AssertionSession, OAuth2Session
        from authlib.oauth2.rfc6750 import InvalidTokenError
        from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
        from authlib.oauth2.rfc7662 import IntrospectTokenValidator
    except ImportError as missing:
        return skip("Authlib", f"{missing.name} is not installed")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with server(program) as fixtures:
        issuer = fixtures["baseUrl"]
        value = requests.post(f"{issuer}/oauth/v2/token", auth=("svc@acme.localhost", "svc-secret"),
                              data={"grant_type": "client_credentials", "scope": SCOPE}).json()["access_token"]
        for method in ("client_secret_basic", "client_secret_post"):
            check(f"Authlib client_credentials, {method}", authlib_client_credentials, OAuth2Session, issuer, method)
        check("Authlib JWT profile", authlib_assertion, AssertionSession, issuer)
        check("Authlib introspection", authlib_introspection, OAuth2Session, issuer, value)
        check("Authlib private_key_jwt", authlib_private_key_jwt, OAuth2Session,
              functools.partial(named_key_jwt, PrivateKeyJWT, private_key_jwt_sign), issuer)
        check("Authlib resource server", authlib_resource_server, IntrospectTokenValidator, InvalidTokenError, issuer, requests, value)
        check("Authlib refusals", refusals, OAuth2Session, OAuthError, issuer)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    pyjwt(program)
    authlib(program)
    finish()
