BEGIN TRANSACTION;
CREATE TABLE apps (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    name TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
    auth_method TEXT NOT NULL,
    secret_salt BLOB,
    secret_digest BLOB,
    oidc TEXT CHECK (oidc IS NULL OR json_valid(oidc)),
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "apps" VALUES('270000000000000201','270000000000000101','Test API','270000000000000301','active','private_key_jwt',NULL,NULL,NULL,'seed',0);
INSERT INTO "apps" VALUES('270000000000000202','270000000000000101','Test API 2','270000000000000302','active','basic',X'D45E4786B66BF94A92D15125692C0A14',X'09F2551F463DB8208D991470AE94CFA4CA8716C9F6D58C84B40B30CF3ECAC65B',NULL,'seed',1);
INSERT INTO "apps" VALUES('270000000000000203','270000000000000101','Web','270000000000000303','active','basic',X'ADA40321AAD91904105F814EFE4A3BD2',X'9767DDC1A6EDBAB2FDCED60FEBDB99ADFA1D987CE162A4C88618C38E084603CD','{"appType":"web","redirectUris":["http://localhost:3000/callback"],"postLogoutRedirectUris":["http://localhost:3000/"],"additionalOrigins":[],"responseTypes":["code"],"grantTypes":["authorization_code","refresh_token"],"accessTokenType":"bearer","accessTokenRoleAssertion":false,"idTokenRoleAssertion":false,"idTokenUserinfoAssertion":false,"devMode":true,"clockSkew":0}','seed',2);
INSERT INTO "apps" VALUES('270000000000000204','270000000000000101','Native','270000000000000304','active','none',NULL,NULL,'{"appType":"native","redirectUris":["http://localhost/callback","com.example.app://callback"],"postLogoutRedirectUris":[],"additionalOrigins":[],"responseTypes":["code"],"grantTypes":["authorization_code","refresh_token","urn:ietf:params:oauth:grant-type:device_code"],"accessTokenType":"jwt","accessTokenRoleAssertion":false,"idTokenRoleAssertion":false,"idTokenUserinfoAssertion":false,"devMode":false,"clockSkew":0}','seed',3);
INSERT INTO "apps" VALUES('270000000000000205','270000000000000101','Web with key','270000000000000305','active','private_key_jwt',NULL,NULL,'{"appType":"web","redirectUris":["https://app.example/callback"],"postLogoutRedirectUris":[],"additionalOrigins":[],"responseTypes":["code"],"grantTypes":["authorization_code","urn:ietf:params:oauth:grant-type:token-exchange"],"accessTokenType":"bearer","accessTokenRoleAssertion":false,"idTokenRoleAssertion":false,"idTokenUserinfoAssertion":false,"devMode":false,"clockSkew":0}','seed',4);
INSERT INTO "apps" VALUES('270000000000000206','270000000000000101','Single page','270000000000000306','active','none',NULL,NULL,'{"appType":"user_agent","redirectUris":["http://localhost:5173/callback"],"postLogoutRedirectUris":["http://localhost:5173/"],"additionalOrigins":[],"responseTypes":["code"],"grantTypes":["authorization_code","refresh_token"],"accessTokenType":"bearer","accessTokenRoleAssertion":false,"idTokenRoleAssertion":false,"idTokenUserinfoAssertion":false,"devMode":true,"clockSkew":0}','seed',5);
CREATE TABLE auth_requests (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL CHECK (json_valid(request)),
    creation INTEGER NOT NULL,
    code BLOB UNIQUE,
    code_expiration INTEGER,
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    session_id TEXT,
    amr TEXT,
    auth_time INTEGER,
    redeemed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE device_authorizations (
    digest BLOB PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expiration INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'redeemed')),
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    session_id TEXT,
    amr TEXT,
    auth_time INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    app_id TEXT REFERENCES apps ON DELETE CASCADE,
    user_id TEXT REFERENCES users ON DELETE CASCADE,
    public_key TEXT NOT NULL,
    expiration INTEGER NOT NULL,
    origin TEXT NOT NULL,
    position INTEGER NOT NULL,
    CHECK ((app_id IS NULL) <> (user_id IS NULL))
) STRICT;
INSERT INTO "keys" VALUES('270000000000000401','270000000000000201',NULL,'-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAj+O7g+K9zj0VPGjHXS79
MDEec8GBwp8a+gJ1lIVhY9Tv3lWmsLOFSJS20JG29QMuFIrXEFVT9vEt9T4sq3hv
AVI3dd5MmlUTo6zItXil++zeO33e4Zsbx3skA+/+bga5C4iAXVw2awe3yozwcqT0
KoCpiXYEKiAleezaHXWyiCnKgbadD/ZHMvBU1hED0fMv+CJ6381Lth3UxWJPPTZG
O71F0MMzwsK1zJtWnFGRbDNGJqV5hNUPVUqWY6b5ARx+j4E7MO51GLozjzyL/1Vv
zg/ve7W5IyUdCylm+ybHRtJ0vKX9rCmmEj86p0GgQtMG3KWJiKUW7YV5oyouHQh9
6wIDAQAB
-----END PUBLIC KEY-----
',253402300799,'seed',0);
INSERT INTO "keys" VALUES('270000000000000404','270000000000000205',NULL,'-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA7xrp5JFQG3UdRehH6oHi
gMneYuKf9ygzXr1UNtLY1l9rkUVcEJLknqnWchz17rBOhWrqqppKCVdCxS7+YbCN
Gg0FcEzNNniaZ0m6kavR7PDgklN+vNtnSkjTXOOHCGJtpQKhHTVqTSg6qrD743oN
1CLazW9wCaWxqwiM3sEb0CrbKNWDGHCgHYf3N8AIhvVOk7BpI2QPwgG5ESAOvdAS
aHKYMS/lP6DeTajgF8VZiZiYRZ1eIcdK7mzi+cjuiXAPt6NxKF2L8XlJpG2foECB
mSnd2M9bqcHVFnKJqpn+9PlIlf03CujnyNZfO+a2XCX7HjNSgxB8NwjTf08TlOwp
3QIDAQAB
-----END PUBLIC KEY-----
',253402300799,'seed',1);
INSERT INTO "keys" VALUES('270000000000000402',NULL,'270000000000000501','-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuU6WvFzwehXWBa4ORPCx
lRT4l5D95V3Qtf4zWmj+xrvQ4GEyJliZ0sRXivnm4b6IFtdcQWWb6fREe3q9SqQk
fPDNo7gwjeUsL/jtfX9crw+dmoWFBlob6TZloIcA6S6yRixgfdTIr1/dkdbyKOGS
gslwNZYLa7semLAnpTON7po75AAbTg1NZHP0YdWYCjqzRinzyFj7ND/vLDjlIyBv
PqApvLXnlsMcito4gpHzsh8a+sEMaaTFG8mEZIoshAyMe3TnlVSHcJIJ1+74aebW
izsdzU0CBUYCtFb7DRs25HzWQUc27JsBNI2W6Ec5JjeyVHVQF9OX3aD30+6dp6bg
1QIDAQAB
-----END PUBLIC KEY-----
',253402300799,'seed',2);
INSERT INTO "keys" VALUES('270000000000000403',NULL,'270000000000000502','-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3PX7IvfQfpBuCnoPUH86
HTzkhxp6xKojFOM1Vberf8aRy8NtUEW6Bna64986RWeYL54/tgJ7Y270PI+1kEl8
iiDeWM8iWCn3J+WJ+0RnTxe5z00FlftbgTIP0pWljtdY7Hx8WeO753rcPz+5UJ1t
KeUUCRBrCzH0h/vULxploWIFmky5thcHrzz64qjtU03W5NxI60WCYXY5UzPQo35m
4fOdMsZ9TsjRlt/vr78tXbbQd58QCJS3LwYLffJ4kxStRnkxcGC/hNxEqZA87iha
9ZIbsInxNGcso3ZnL9/ceuhkLgyhQnnJYHdL3UrWlMa3VChQZ/dTUGwCpWgLTr/i
7wIDAQAB
-----END PUBLIC KEY-----
',253402300799,'seed',3);
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    primary_domain TEXT NOT NULL,
    domains TEXT NOT NULL CHECK (json_valid(domains)),
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
    user_login_must_be_domain INTEGER NOT NULL,
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "organizations" VALUES('270000000000000001','ACME','acme.localhost','[]','active',1,'seed',0);
INSERT INTO "organizations" VALUES('270000000000000002','Partner','partner.localhost','[]','active',0,'seed',1);
CREATE TABLE password_failures (
    user_id TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE personal_access_tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    digest BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    creation INTEGER NOT NULL,
    expiration INTEGER NOT NULL,
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
, ended INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "personal_access_tokens" VALUES('270000000000000601','270000000000000501',X'66EF0407A7FE339FBBDB5522E7298FB36DD38C1AF23904C1C7A80323E2232223','openid profile urn:zitadel:iam:user:metadata urn:zitadel:iam:user:resourceowner',1795711146,253402300799,'seed',0,0);
INSERT INTO "personal_access_tokens" VALUES('270000000000000602','270000000000000501',X'D0A15AB75B5A2961A1A9CEC303BE983EEA6CE05BAB77D94A15BD616700E3BDD4','openid profile urn:zitadel:iam:user:metadata urn:zitadel:iam:user:resourceowner',1795711146,1577836800,'seed',1,0);
INSERT INTO "personal_access_tokens" VALUES('270000000000000603','270000000000000502',X'5C5716EECCF4E9FF01BF0D913B00E74ABED5BD29B68F08D88F65F2F14EFC493D','openid profile urn:zitadel:iam:user:metadata urn:zitadel:iam:user:resourceowner',1795711146,253402300799,'seed',2,0);
CREATE TABLE project_grants (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "project_grants" VALUES('270000000000000151','270000000000000101','270000000000000002','["reader"]','active','seed',0);
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    role_assertion INTEGER NOT NULL,
    role_check INTEGER NOT NULL,
    has_project_check INTEGER NOT NULL,
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "projects" VALUES('270000000000000101','270000000000000001','Shop','active','[["reader","",""],["read:messages","Read messages","messages"]]',0,0,0,'seed',0);
CREATE TABLE refresh_tokens (
    digest BLOB PRIMARY KEY,
    id TEXT NOT NULL,
    access_token BLOB NOT NULL,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    audience TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time INTEGER NOT NULL,
    session_id TEXT,
    actor TEXT CHECK (actor IS NULL OR json_valid(actor)),
    idle_expiration INTEGER NOT NULL,
    expiration INTEGER NOT NULL,
    ended TEXT
, nonce TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
INSERT INTO "refresh_tokens" VALUES(X'D2D7B7D377EA50E86D765E11ACF9B4570EEB3E1AD2C6BE206351A6AF9D94DC45','V2_217874347780000001-rt_217874347780000003',X'DA11CAA105DDD5CECF182CD75F27E2995AEBD61BBBA058BA1105FBC29102E655','270000000000000511','270000000000000303','openid offline_access','270000000000000301 270000000000000302 270000000000000303 270000000000000304 270000000000000305 270000000000000306 270000000000000101','pwd',1795711147,NULL,NULL,1798303147,1803487147,NULL,'');
CREATE TABLE session_clients (
    session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    PRIMARY KEY (session_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    browser BLOB NOT NULL,
    amr TEXT NOT NULL,
    auth_time INTEGER NOT NULL
) STRICT;
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "settings" VALUES('id_mark','217874526273000001');
INSERT INTO "settings" VALUES('instance','{"domains":[],"projectId":"270000000000000100","dialect":"documented","serverVersion":"2026-07","unknownScopes":"drop","impersonation":false,"backChannelLogout":false,"debugOidcParentError":false,"lifetimes":{"accessToken":"12h","idToken":"12h","refreshTokenIdle":"720h","refreshToken":"2160h","deviceCode":"5m","authorizationCode":"10m"}}');
INSERT INTO "settings" VALUES('passwords','rF3aly_07eEbwYrMtyRrDA:mwwo3yk2tJlUjHv9a5LNQL7_lghHLtJgn3ZaJRHS7p0');
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    algorithm TEXT NOT NULL,
    private_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('initial', 'active', 'inactive')),
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "signing_keys" VALUES('217874346273000001','RS256','-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAqTCFCBoy2YQaZASS3c9zscbRSLOi/DvVT0l+5MEKVbQMWne7
R9yGUepiB0Q7pKLO5LhOmbaMI32sRQTm9sLjea1dmgmQHKpaHz2culrjCDOf5bOl
D6m9Hmr0yvKw/8Y5JQ9AwR/kLxAJz186hEXov3jukcrdEr5BcfJ+1pNW56gL9p4+
INyiM4nojaJK7r6t0NC4ACMNWI4dCCLTjrUd0d/92a6e7WAjtQWpLOwJJCq7niTp
Tu3XtvxAI05VghNPrl0WxvRqTcBCgF25nDdtbHxDbi3OXHhiQMiQqGc7ohJMSLR9
I7v4EiDfZBqz3TPASj1ec55HctaUAc9k2mIjyQIDAQABAoIBAADlN6xZeHpr4g3f
HlMxMAi5UiM4htIfPkZApSdwbsMRrwe4NClcXT5IEhkSvzQPA9mfBhTMgVpbZb1/
Gfp6q+SEH9za/xm/vGFc8fGPMz4Ns+Nt0MpP7icf5B1s17X1e8OanI+ea8E6AatI
yDup+QzbsXuGX3wkE0mXQceV7l2kelA6eXJ95uAHI2q6cKZJ/niltY9ozfJZw58x
Rd1wM6O4NMGH6G3w8tS4+mVZ97SKtGxFS99m5gJKbZPB026HXCKXqd+s9nbodDNr
0MjRi7HTIbYAqT5t3g3BhrNYsJgoJaKGSijl3hoRFFq7QV46DnoU82PQNy1fsYVO
XWtAJfkCgYEA6O6wlA+NZu9kJSQDPHCYPQBDjKQqg5jZiqb0WFi4tT91eud8iklM
Dv0ZPEPeasvGIZBdzYFO9Z8nB/a3AZpiY+WwZOIu8pgh9FmeECDaqAeh/AxDo4tb
1cWWksPvY8a0eiGwl+aJPSgwabBBESapYnWMcjxqB2AEbU9hpnG5RFUCgYEAufHR
nBGLPUlN6GqWiRhudcEKfo4EFcBpLqTrRWtTkhZINSWefRJE9tJj6Ui9H4HLGgKq
1OvtzafPaX2bvXBFh1BECB/wyhqNnhUFoWMB2ekaGUZUhMyZyyEWWEgSBzV7vrZD
e40juN762fqBHMKHYwS4sZZXkDcVZY80/U8FtaUCgYEAn/1CP5AnGWqYKIKBzoOv
rUZ/HxyrLtRPp1JhRkU6KRO7R320Ju+NVEY3jRM4s7XfErKsGzkT2NVF48xriqhV
qDPdYo2QnYQs3j6nuIA4b20+r3ZlBvHzU/NxJsF5rdiPoct+Ffd8kAsIpa8wIe2i
LkR7AQPJ9+LVZ5c8hSxbijkCgYBsvYQtVv0srA/JmXvLVORULL4sYHT3G3zncD6+
bBOFXU6A9i0HS4XVKhiPtqATKt5Rqbmppwd8u2RKdtB7KosepMwETFmOd5TWG8kd
Jj9Q5kcC/OQ0fUp7RjBBFHSmjpp9Xy17tYBsfsoIa7zRytlOCNbR0/AFQJFcwTDl
6i6WmQKBgGeORh4NGmTTHPkVMdk4JicSWlLe2nAPVXhufZ6qPxqwsCCIfIKYOtLv
hJG8jb+GwIjCOxW0yQhaWX6Wx+xkIFcIM+KS4golvgabdXGOQvXm1yMg4olfRtxP
DpKSISGUXkLl9AMpXSzG98wItBGDN5aE9lKI55mdG5+sepHCerY8
-----END RSA PRIVATE KEY-----
','active','made',0);
INSERT INTO "signing_keys" VALUES('217874346371000001','RS256','-----BEGIN RSA PRIVATE KEY-----
MIIEpQIBAAKCAQEAyukJSCEgZsxJmD2VO0h39ZA3ZcV/Hy0CfRYih1Qlf0MKq7oh
XsOyv+n5mqU0aSdLl8ufD6zBgzVG4kGxhoBBstRWgRIbMpvfg2A9ZtiyCuz2Qwvh
FhAOZTEdeGTGtGXPX33GOmwvU8BXkhNjH1Qx0uP+XfY9P7KpfUa8OYRuVaSQW+sW
WPTkBgqsqroaszifrDQwFqIG4VPcUvVwL7Btl+RKA/h7ckKB2nfZS377iBS7BS+o
KoYR+jzxj485euCJw48CvRY4Qwp10QGY4+f461ppXG2uJMnLZw5WWYNu6DxDnA+f
o6ID757Fw6pLyjiasln673fvkUrL8gDikGo5GQIDAQABAoIBACKExGR15jo2tKpm
h5WfPXEUCKiSkY6vLIY1Fsio4vwkXpNaRcUGS8lkN2c8hY8B9VUsebHD9OOqU5W4
EUhNV1/hyZmJiADzDXIfFDMD2D4Nk9NSGQeU0a4bTeUmV7tmuoGHNwrHTsHTrdIW
5Dz3KMa0rJg1hLPqY/UA7JJoWhDNcRtnpSlBhKAaFV3vAl2tAzbpj9P1cQuS0Uog
MT0GJ8xpat+HWmIv3x+H6Op++Gv+pLOneDYgzkOemK9d65RHhHGceJJZhz3AFmdA
rTiJFgXoWYGEv00tUjiC8csl2XKHJW7q6a1GoUa4Zx6RbsbwGF6yZFwHq3yTxZTC
5kLV2iUCgYEA/UA4vPj/tTAAUudflyIsmskrlRJgeRk+/06nR9v0b6FcapWkKq/K
k4ItR1BhMgYdfvkWTmwNHTQWwpD+UE71d82ZNO4NIbXKulwXOA1SpkDi0ECWnLaG
CvtOJi8nnnk0hcUegxj5PiSTqbBX8wT2jcge/NT79PgtqUIQYAbBhzcCgYEAzRzr
WZtSNBphkkV96fumQV6kPvOCw9VDwRjAzAQd+UQLZA8aHAzV5/mqVU6J8EpxX/PY
+BL+fg1hKknAcVpSVdUmXR3oGf1XJlAJhsQdczPoSNxSfcnp2PKlnUzg1zLhQjZc
22r88AL8R7QQWM7WAjJV7OU8RXKUASyExenXyi8CgYEAu8dsyqIOaHipJM+uj0+l
pzfW+vffVKuljITzgFLVkhghgF5olcY2/N0fWat+BiuGn2luYsO3jZnb7nS4PS/u
zuBB439HeWFkan5yMPuf9upRw3zAsH6eMXJZZfK8+8J/cVjR4P8ZgDx6yO2aqPVb
I5HpeCssj12d7cywe6NGyE0CgYEAoySwcYpgHP8qwmwxlY1KlM4RN9z6Eoerp4fn
uZ5AtQYRRVnZu5vd+/ASMl4QyyZ6/QX4eoCpGVvNABS/U6myuYCbTg8+kIV37wpU
OXP9tKcByAouNs0GCkAdyHrgj2pxzvdsbj2vx7uoK+Ql6G1DvWWKAK3ofZh/7lsZ
lE3GDJMCgYEA2Rn1H/v3GOYqzOxTu49XGCpF9trn3jsTNp/k7aYvAQ+Cm1pdn3Sr
gWR8EJku5aSRiq0JfWfBEpG5kk8CZwX7eTAGMMqCs3sSLYeIEkTL+CTnWGdO4SxV
DFM0kE2/LnD9swr+PBqFd39qJVZHZxj24kvasPTHc8nh4hQikyOG2AY=
-----END RSA PRIVATE KEY-----
','initial','made',0);
CREATE TABLE tokens (
    digest BLOB PRIMARY KEY,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    audience TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time INTEGER NOT NULL,
    creation INTEGER NOT NULL,
    expiration INTEGER NOT NULL,
    ended TEXT
, session_id TEXT, actor TEXT CHECK (actor IS NULL OR json_valid(actor)), claims TEXT CHECK (claims IS NULL OR json_valid(claims))) STRICT, WITHOUT ROWID;
INSERT INTO "tokens" VALUES(X'469E787CFFBE4C7E0C60905366E5FC22FA5092180082E8345F2CC8ACDB4EDC7E','V2_217874347766000001-at_217874347766000002','270000000000000501','svc','openid','','pwd',1795711147,1795711147,1795754347,NULL,NULL,NULL,NULL);
INSERT INTO "tokens" VALUES(X'BF30EFB134CBD80AE39857729CEB86FAA7723BD4605C8AB04A69140B7B15AE5A','V2_217874347773000001-at_217874347773000002','270000000000000502','svc-jwt','openid urn:zitadel:iam:org:project:id:270000000000000101:aud','270000000000000101','pwd',1795711147,1795711147,1795754347,NULL,NULL,NULL,NULL);
INSERT INTO "tokens" VALUES(X'DA11CAA105DDD5CECF182CD75F27E2995AEBD61BBBA058BA1105FBC29102E655','V2_217874347780000001-at_217874347780000002','270000000000000511','270000000000000303','openid offline_access','270000000000000301 270000000000000302 270000000000000303 270000000000000304 270000000000000305 270000000000000306 270000000000000101','pwd',1795711147,1795711147,1795754347,NULL,NULL,NULL,NULL);
CREATE TABLE user_grants (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    roles TEXT NOT NULL CHECK (json_valid(roles)),
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
    origin TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
INSERT INTO "user_grants" VALUES('501097473386957060','270000000000000501','270000000000000101','270000000000000001','["reader","read:messages"]','active','seed',0);
INSERT INTO "user_grants" VALUES('868128613344747194','270000000000000502','270000000000000101','270000000000000001','["reader"]','active','seed',1);
INSERT INTO "user_grants" VALUES('382352296873165436','270000000000000511','270000000000000101','270000000000000001','["reader"]','active','seed',2);
INSERT INTO "user_grants" VALUES('371691230696550034','270000000000000512','270000000000000101','270000000000000002','["reader"]','active','seed',3);
CREATE TABLE user_metadata (
    user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
INSERT INTO "user_metadata" VALUES('270000000000000501','team',X'77617265686F757365');
INSERT INTO "user_metadata" VALUES('270000000000000511','department',X'73616C6573');
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'inactive', 'locked', 'initial', 'deleted')),
    human TEXT CHECK (human IS NULL OR json_valid(human)),
    machine TEXT CHECK (machine IS NULL OR json_valid(machine)),
    secret_salt BLOB,
    secret_digest BLOB,
    instance_roles TEXT NOT NULL CHECK (json_valid(instance_roles)),
    claims TEXT NOT NULL CHECK (json_valid(claims)),
    change_date INTEGER NOT NULL,
    origin TEXT NOT NULL,
    position INTEGER NOT NULL,
    CHECK ((human IS NULL) <> (machine IS NULL)),
    UNIQUE (organization_id, user_name)
) STRICT;
INSERT INTO "users" VALUES('270000000000000501','270000000000000001','svc','active',NULL,'{"name":"Service","description":"","accessTokenType":"bearer"}',X'DB6EE0BC80455CF8A2DF99571DC453FD',X'92A89BE658DC458400653B7FF56668EF9A6F5681B1F5A4B74923BDE4F7A5075C','[]','{}',1795711146,'seed',0);
INSERT INTO "users" VALUES('270000000000000502','270000000000000001','svc-jwt','active',NULL,'{"name":"Service with JWT","description":"","accessTokenType":"jwt"}',X'9FACBABA27DD7C56239951E8712A3AD7',X'434808E6A09CFDCD5745C3785F9DE5A544F13B6EE67D41063C20F67C6403A4C6','[]','{}',1795711146,'seed',1);
INSERT INTO "users" VALUES('270000000000000511','270000000000000001','alice','active','{"emailVerified":true,"phoneVerified":true,"firstName":"Alice","lastName":"Adams","nickName":"","displayName":"Alice Adams","email":"alice@acme.example","phone":"+41791234567","picture":"","preferredLanguage":"en","gender":"female"}',NULL,X'376F1AAACA96DDEC3880638A483EC4DC',X'6ADA1B6FD6A47240CEAB09DF7429AAE1F488D6DDB8036F5C3B2007BC04353779','[]','{"employee_number":42}',1795711146,'seed',2);
INSERT INTO "users" VALUES('270000000000000512','270000000000000002','bob','active','{"emailVerified":false,"phoneVerified":false,"firstName":"Bob","lastName":"Brown","nickName":"","displayName":"Bob Brown","email":"bob@partner.example","phone":"","picture":""}',NULL,X'E56D4774F860BA375AC53CA7D6C2CE64',X'8F7B734112F154BFCE78EAF4C2E31B6B6FCAB9A89A62451DB034B02ACAAA836B','[]','{}',1795711146,'seed',3);
CREATE INDEX projects_by_organization ON projects (organization_id);
CREATE INDEX apps_by_project ON apps (project_id);
CREATE INDEX sessions_by_browser ON sessions (browser);
CREATE INDEX tokens_by_session ON tokens (session_id) WHERE session_id IS NOT NULL;
CREATE TRIGGER users_who_leave AFTER UPDATE OF state ON users WHEN NEW.state <> 'active' AND OLD.state = 'active'
BEGIN
    UPDATE tokens SET ended = 'user_inactive' WHERE user_id = NEW.id AND ended IS NULL;
END;
CREATE TRIGGER token_owners_who_leave AFTER UPDATE OF state ON users
WHEN NEW.state <> 'active' AND OLD.state = 'active'
BEGIN
    UPDATE personal_access_tokens SET ended = 1 WHERE user_id = NEW.id;
END;
COMMIT;
PRAGMA application_id = 1297762644;
PRAGMA user_version = 5;
