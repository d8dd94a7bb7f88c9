#!/usr/bin/env python3
"""Relying parties by real libraries: Authlib signs people in through the form of the page.

    Tests/Clients/sign_in.py PROGRAM

PROGRAM is a built mock-zitadel. The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
"""
import os
import pathlib
import sys
import time
import urllib.parse

import clients
from support import check, finish, server, sign_in, skip

try:
    import requests
    from authlib import jose
    from authlib.common import security
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.requests_client import OAuth2Session
    from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
    from authlib.oidc.core import CodeIDToken
    MISSING = None
except ImportError as error:
    MISSING = error.name

WEB, NATIVE = "270000000000000303", "270000000000000304"
KEY, CALLBACKS = "270000000000000305", {
    "270000000000000303": "http://localhost:3000/callback", "270000000000000304": "http://localhost:49152/callback",
    "270000000000000305": "https://app.example/callback"}


def code_flow(issuer, client_id, secret, method, scope="openid profile email offline_access", key=None):
    """Code and PKCE, then the ID token verified by Authlib with the published keys. Gives client and token."""
    client = OAuth2Session(client_id, secret, redirect_uri=CALLBACKS[client_id], scope=scope, code_challenge_method="S256",
                           token_endpoint_auth_method=method)
    if key:
        client.register_client_auth_method(key)
    verifier, nonce = security.generate_token(48), security.generate_token(16)
    url, state = client.create_authorization_url(f"{issuer}/oauth/v2/authorize", code_verifier=verifier, nonce=nonce)
    callback = sign_in(requests.Session(), url)
    assert callback.startswith(CALLBACKS[client_id] + "?"), callback
    assert urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["state"] == [state], callback
    token = client.fetch_token(f"{issuer}/oauth/v2/token", authorization_response=callback, state=state, code_verifier=verifier)
    keys = jose.JsonWebKey.import_key_set(requests.get(f"{issuer}/oauth/v2/keys").json())
    claims = jose.jwt.decode(token["id_token"], keys, claims_cls=CodeIDToken, claims_params={
        "nonce": nonce, "client_id": client_id, "access_token": token["access_token"]},
        claims_options={"iss": {"values": [issuer]}, "aud": {"value": client_id}, "nonce": {"essential": True}})
    claims.validate()
    assert claims["amr"] == ["pwd"] and abs(claims["auth_time"] - time.time()) < 60, claims
    info = client.get(f"{issuer}/oidc/v1/userinfo").json()
    assert info["sub"] == claims["sub"] and info["email"] == "alice@acme.example" and info["email_verified"] is True, info
    return client, token


def life(issuer, *arguments):
    """What a web app does with a sign-in: refresh, revoke."""
    client, token = code_flow(issuer, *arguments)
    old = dict(token)
    new = client.refresh_token(f"{issuer}/oauth/v2/token", refresh_token=old["refresh_token"])
    assert new["refresh_token"] != old["refresh_token"] and new["access_token"] != old["access_token"]
    try:
        client.refresh_token(f"{issuer}/oauth/v2/token", refresh_token=old["refresh_token"])
        raise AssertionError("a refresh token worked twice")
    except OAuthError as refusal:
        assert refusal.error == "invalid_grant", refusal
    assert client.get(f"{issuer}/oidc/v1/userinfo", withhold_token=True,
                      headers={"Authorization": f"Bearer {old['access_token']}"}).status_code == 401
    answer = client.revoke_token(f"{issuer}/oauth/v2/revoke", token=new["refresh_token"], token_type_hint="refresh_token")
    assert answer.status_code == 200 and answer.text == "", answer.text
    assert client.get(f"{issuer}/oidc/v1/userinfo", withhold_token=True,
                      headers={"Authorization": f"Bearer {new['access_token']}"}).status_code == 401


def logout(issuer):
    client, token = code_flow(issuer, WEB, "web-secret", "client_secret_basic")
    answer = requests.get(f"{issuer}/oidc/v1/end_session", allow_redirects=False, params={
        "id_token_hint": token["id_token"], "post_logout_redirect_uri": "http://localhost:3000/", "state": "s"})
    assert answer.headers["Location"] == "http://localhost:3000/?state=s", answer.headers
    assert client.get(f"{issuer}/oidc/v1/userinfo").status_code == 401


def single_sign_on(issuer):
    """The second app gets its code without a page."""
    browser = requests.Session()
    first = OAuth2Session(WEB, "web-secret", redirect_uri=CALLBACKS[WEB], scope="openid")
    sign_in(browser, first.create_authorization_url(f"{issuer}/oauth/v2/authorize")[0])
    second = OAuth2Session(NATIVE, redirect_uri=CALLBACKS[NATIVE], scope="openid", token_endpoint_auth_method="none")
    url = second.create_authorization_url(f"{issuer}/oauth/v2/authorize")[0]
    page = browser.get(url, allow_redirects=False)
    done = browser.get(urllib.parse.urljoin(url, page.headers["Location"]), allow_redirects=False)
    assert done.headers["Location"].startswith(CALLBACKS[NATIVE] + "?code="), done.headers


def device(issuer):
    """RFC 8628 as a command line tool does it."""
    begun = requests.post(f"{issuer}/oauth/v2/device_authorization", data={"client_id": NATIVE, "scope": "openid"}).json()
    poll = {"client_id": NATIVE, "device_code": begun["device_code"], "grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    assert requests.post(f"{issuer}/oauth/v2/token", data=poll).json()["error"] == "authorization_pending"
    browser = requests.Session()
    done = browser.get(begun["verification_uri_complete"], headers={"Mock-Login-As": "alice"})
    assert 'id="approved"' in done.text, done.text
    assert requests.post(f"{issuer}/oauth/v2/token", data=poll).json()["id_token"]


def by_key(issuer):
    key = clients.key_file("web-key")
    code_flow(issuer, KEY, key["key"], "private_key_jwt", "openid profile email", 
              clients.named_key_jwt(PrivateKeyJWT, private_key_jwt_sign, issuer, key["keyId"]))


def main(program):
    if MISSING:
        return skip("Authlib relying party", f"{MISSING} is not installed")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with server(program) as fixtures:
        issuer = fixtures["baseUrl"]
        check("code and PKCE, refresh, revoke: web app by Basic", life, issuer, WEB, "web-secret", "client_secret_basic")
        check("code and PKCE, refresh, revoke: web app by form", life, issuer, WEB, "web-secret", "client_secret_post")
        check("code and PKCE, refresh, revoke: native app", life, issuer, NATIVE, None, "none")
        check("code and PKCE: web app by key", by_key, issuer)
        check("logout", logout, issuer)
        check("single sign-on", single_sign_on, issuer)
        check("device", device, issuer)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
    finish()
