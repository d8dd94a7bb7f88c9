// openid-client, the relying party library of most Node programs, against a started server with the demo seed.
//
//     node main.mjs ISSUER KEYS-FOLDER
//
// The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
import assert from 'node:assert/strict';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as client from 'openid-client';

const [issuer, keys] = process.argv.slice(2);
const web = { id: '270000000000000303', secret: 'web-secret', callback: 'http://localhost:3000/callback' };
const native = { id: '270000000000000304', callback: 'http://localhost:49152/callback' };
const page = { id: '270000000000000306', callback: 'http://localhost:5173/callback' };
const keyApp = { id: '270000000000000305', callback: 'https://app.example/callback' };
const api = { id: '270000000000000302', secret: 'test-api-2-secret' };
const alice = '270000000000000511';
const scope = 'openid profile email offline_access';

let passed = 0, failed = 0;
async function check(name, body) {
  try {
    await body();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.stack}${error.cause ? ` because of ${JSON.stringify(error.cause)}` : ''}`);
  }
}

// Signatures of ID tokens are verified with the published keys, which the library leaves out over TLS.
const discover = (app, authentication) => client.discovery(new URL(issuer), app.id, app.secret, authentication,
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] });

// hidden gives the hidden fields of one form of a page.
function hidden(html, id) {
  const form = html.match(new RegExp(`<form id="${id}".*?</form>`, 's'))[0];
  return Object.fromEntries([...form.matchAll(/<input type="hidden" name="(.*?)" value="(.*?)">/g)]
    .map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]));
}

// signIn follows an authorization request as alice's browser does, through the form. Gives the answer to the form.
async function signIn(url) {
  const sent = await fetch(url, { redirect: 'manual' });
  const address = new URL(sent.headers.get('location'), url);
  const shown = await fetch(address);
  const cookie = shown.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  return fetch(address, {
    method: 'POST', redirect: 'manual', headers: { cookie },
    body: new URLSearchParams({ ...hidden(await shown.text(), 'password'), loginName: 'alice@acme.localhost', password: 'Password1!', signIn: '1' }),
  });
}

// code does code and PKCE with every check that the library has. Gives what the token endpoint answered.
async function code(configuration, app, more = {}) {
  const verifier = client.randomPKCECodeVerifier(), state = client.randomState(), nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: app.callback, scope, state, nonce, max_age: '600', code_challenge_method: 'S256',
    code_challenge: await client.calculatePKCECodeChallenge(verifier), ...more,
  });
  const answer = await signIn(url);
  const callback = more.response_mode === 'form_post'
    ? new Request(app.callback, { method: 'POST', body: new URLSearchParams(hidden(await answer.text(), 'callback')) })
    : new URL(answer.headers.get('location'));
  const tokens = await client.authorizationCodeGrant(configuration, callback,
    { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, maxAge: 600, idTokenExpected: true });
  const info = await client.fetchUserInfo(configuration, tokens.access_token, alice);
  assert.equal(info.email, 'alice@acme.example');
  return tokens;
}

const refused = (promise, error) => assert.rejects(promise, (it) => it.error === error || assert.fail(it));
const dead = (configuration, token) => assert.rejects(client.fetchUserInfo(configuration, token, alice), (it) => it.status === 401 || assert.fail(it));

// life is what a program does with a sign-in: use it, refresh it, revoke it.
async function life(app, authentication) {
  const configuration = await discover(app, authentication);
  const first = await code(configuration, app);
  const second = await client.refreshTokenGrant(configuration, first.refresh_token);
  assert.equal(second.claims().sid, first.claims().sid);
  await dead(configuration, first.access_token);
  await refused(client.refreshTokenGrant(configuration, first.refresh_token), 'invalid_grant');
  await client.tokenRevocation(configuration, second.refresh_token);
  await dead(configuration, second.access_token);
}

function keyAuthentication() {
  const file = JSON.parse(readFileSync(`${keys}/web-key.json`, 'utf8'));
  const pkcs8 = createPrivateKey(file.key).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign'])
    // ZITADEL takes the issuer as audience, and nothing else.
    .then((key) => client.PrivateKeyJwt({ key, kid: file.keyId }, { [client.modifyAssertion]: (_, payload) => { payload.aud = issuer; } }));
}

await check('web app by Basic', () => life(web, client.ClientSecretBasic(web.secret)));
await check('web app by form', () => life(web, client.ClientSecretPost(web.secret)));
await check('native app', () => life(native, client.None()));
await check('single-page app', () => life(page, client.None()));
await check('web app by key', async () => code(await discover(keyApp, await keyAuthentication()), keyApp));
await check('form_post', async () => code(await discover(web, client.ClientSecretBasic(web.secret)), web, { response_mode: 'form_post' }));

await check('a verifier that does not fit', async () => {
  const configuration = await discover(native, client.None());
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: native.callback, scope, code_challenge_method: 'S256', code_challenge: await client.calculatePKCECodeChallenge('x'.repeat(43)),
  });
  const callback = new URL((await signIn(url)).headers.get('location'));
  await refused(client.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: 'y'.repeat(43) }), 'invalid_grant');
});

await check('logout', async () => {
  const configuration = await discover(web, client.ClientSecretBasic(web.secret));
  const tokens = await code(configuration, web);
  const url = client.buildEndSessionUrl(configuration, { id_token_hint: tokens.id_token, post_logout_redirect_uri: 'http://localhost:3000/', state: 's' });
  assert.equal((await fetch(url, { redirect: 'manual' })).headers.get('location'), 'http://localhost:3000/?state=s');
  await dead(configuration, tokens.access_token);
});

await check('device, and introspection by an API', async () => {
  const configuration = await discover(native, client.None());
  const begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid profile' });
  await fetch(begun.verification_uri_complete, { headers: { 'Mock-Login-As': 'alice' } });
  const tokens = await client.pollDeviceAuthorizationGrant(configuration, { ...begun, interval: 0.01 });
  const seen = await client.tokenIntrospection(await discover(api, client.ClientSecretBasic(api.secret)), tokens.access_token);
  assert.deepEqual([seen.active, seen.sub, seen.client_id], [true, alice, native.id]);
});

await check('client credentials of a service user', async () => {
  const user = { id: 'svc@acme.localhost', secret: 'svc-secret' };
  const configuration = await discover(user, client.ClientSecretBasic(user.secret));
  const tokens = await client.clientCredentialsGrant(configuration, { scope: 'profile' });
  assert.equal(tokens.token_type, 'bearer');
  // With openid there is an ID token. As at ZITADEL its audience is the user name, not the login name that the client is called by: the library refuses it.
  await assert.rejects(client.clientCredentialsGrant(configuration, { scope: 'openid' }),
    (it) => it.cause?.code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' && it.cause.cause.claim === 'aud' || assert.fail(it));
});

console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
