"""Asks the introspection endpoint about a token, as an API does for each request it receives."""

import json
import time

import jwt
import requests

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def read_key(path):
    """The key file as ZITADEL's console downloads it."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def sign(key, subject, issuer):
    """A client assertion of five minutes (RFC 7523)."""
    now = int(time.time())
    claims = {"iss": subject, "sub": subject, "aud": issuer, "iat": now, "exp": now + 300}
    return jwt.encode(claims, key["key"], algorithm="RS256", headers={"kid": key["keyId"]})


def introspect_by_key(issuer, key, token):
    """The API authenticates by its key (`private_key_jwt`)."""
    form = {
        "token": token,
        "client_assertion_type": JWT_BEARER,
        "client_assertion": sign(key, key["clientId"], issuer),
    }
    return answer(requests.post(f"{issuer}/oauth/v2/introspect", data=form, timeout=5))


def introspect_by_secret(issuer, client_id, client_secret, token):
    """The API authenticates by HTTP Basic."""
    credentials = (client_id, client_secret)
    return answer(requests.post(f"{issuer}/oauth/v2/introspect", data={"token": token}, auth=credentials, timeout=5))


def answer(response):
    """The JSON of the answer; the reason comes first when there is one."""
    if "Mock-Reason" in response.headers:
        print("Mock-Reason:", response.headers["Mock-Reason"])
    response.raise_for_status()
    return response.json()
