// ZITADEL's own client library, github.com/zitadel/oidc, against a started server with the demo seed.
//
//	zitadel-oidc ISSUER KEYS-FOLDER
//
// The last line is "N passed, N failed, N skipped"; exit status 1 when something failed.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/client"
	"github.com/zitadel/oidc/v3/pkg/client/profile"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/client/rs"
	"github.com/zitadel/oidc/v3/pkg/client/tokenexchange"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

const (
	web, webSecret, webCallback = "270000000000000303", "web-secret", "http://localhost:3000/callback"
	native, nativeCallback      = "270000000000000304", "http://localhost:49152/callback"
	keyApp, keyCallback         = "270000000000000305", "https://app.example/callback"
	api, apiSecret              = "270000000000000302", "test-api-2-secret"
	alice                       = "270000000000000511"
	audience                    = "urn:zitadel:iam:org:project:id:270000000000000101:aud"
)

var (
	ctx            = context.Background()
	issuer, keys   string
	passed, failed int
)

func check(name string, body func() error) {
	if err := body(); err != nil {
		failed++
		fmt.Printf("FAIL %s: %v\n", name, err)
		return
	}
	passed++
}

func keyFile(name string) []byte {
	data, err := os.ReadFile(filepath.Join(keys, name+".json"))
	if err != nil {
		panic(err)
	}
	return data
}

// code follows an authorization request as a browser of alice, and gives the code that the app would get.
func code(target, state string) (string, error) {
	request, _ := http.NewRequest("GET", target, nil)
	request.Header.Set("Mock-Login-As", "alice")
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := stay.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	location, err := answer.Location()
	if err != nil {
		return "", fmt.Errorf("authorize answered %s %s", answer.Status, answer.Header.Get("Mock-Reason"))
	}
	if location.Query().Get("state") != state {
		return "", fmt.Errorf("state came back as %q", location.Query().Get("state"))
	}
	return location.Query().Get("code"), nil
}

// flow signs alice in: the library exchanges the code, verifies the ID token and asks for userinfo.
func flow(party rp.RelyingParty, verifier string) (*oidc.Tokens[*oidc.IDTokenClaims], error) {
	state, authorize, exchange := "s t+a/te", []rp.AuthURLOpt{}, []rp.CodeExchangeOpt{}
	if verifier != "" {
		sum := sha256.Sum256([]byte(verifier))
		authorize = append(authorize, rp.WithCodeChallenge(base64.RawURLEncoding.EncodeToString(sum[:])))
		exchange = append(exchange, rp.WithCodeVerifier(verifier))
	}
	if party.Signer() != nil {
		assertion, err := client.SignedJWTProfileAssertion(party.OAuthConfig().ClientID, []string{issuer}, time.Hour, party.Signer())
		if err != nil {
			return nil, err
		}
		exchange = append(exchange, rp.WithClientAssertionJWT(assertion))
	}
	value, err := code(rp.AuthURL(state, party, authorize...), state)
	if err != nil {
		return nil, err
	}
	tokens, err := rp.CodeExchange[*oidc.IDTokenClaims](ctx, value, party, exchange...)
	if err != nil {
		return nil, err
	}
	info, err := rp.Userinfo[*oidc.UserInfo](ctx, tokens.AccessToken, tokens.TokenType, tokens.IDTokenClaims.Subject, party)
	if err != nil {
		return nil, err
	}
	if info.Subject != alice || info.Name != "Alice Adams" || !bool(info.EmailVerified) {
		return nil, fmt.Errorf("userinfo is %+v", info)
	}
	return tokens, nil
}

func life(party rp.RelyingParty, verifier, afterLogout string) func() error {
	return func() error {
		tokens, err := flow(party, verifier)
		if err != nil {
			return err
		}
		fresh, err := rp.RefreshTokens[*oidc.IDTokenClaims](ctx, party, tokens.RefreshToken, "", "")
		if err != nil {
			return fmt.Errorf("refresh: %w", err)
		}
		if fresh.RefreshToken == tokens.RefreshToken || fresh.IDTokenClaims.GetSubject() != alice {
			return errors.New("the refresh gave no new token")
		}
		if _, err := rp.RefreshTokens[*oidc.IDTokenClaims](ctx, party, tokens.RefreshToken, "", ""); err == nil {
			return errors.New("a refresh token worked twice")
		}
		if err := rp.RevokeToken(ctx, party, fresh.RefreshToken, "refresh_token"); err != nil {
			return fmt.Errorf("revoke: %w", err)
		}
		if _, err := rp.Userinfo[*oidc.UserInfo](ctx, fresh.AccessToken, fresh.TokenType, alice, party); err == nil {
			return errors.New("a revoked token works")
		}
		target, err := rp.EndSession(ctx, party, fresh.IDToken, afterLogout, "bye")
		if err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		if afterLogout != "" && target.String() != afterLogout+"?state=bye" {
			return fmt.Errorf("after logout at %s", target)
		}
		return nil
	}
}

func device(party rp.RelyingParty) func() error {
	return func() error {
		begun, err := rp.DeviceAuthorization(ctx, []string{"openid"}, party, nil)
		if err != nil {
			return err
		}
		request, _ := http.NewRequest("GET", begun.VerificationURIComplete, nil)
		request.Header.Set("Mock-Login-As", "alice")
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != http.StatusOK {
			return fmt.Errorf("the page answered %v %w", answer, err)
		}
		answer.Body.Close()
		token, err := rp.DeviceAccessToken(ctx, begun.DeviceCode, 200*time.Millisecond, party)
		if err == nil && token.IDToken == "" {
			err = errors.New("no ID token")
		}
		return err
	}
}

func introspection(server rs.ResourceServer, err error) func() error {
	return func() error {
		if err != nil {
			return err
		}
		source, err := profile.NewJWTProfileTokenSourceFromKeyFileData(ctx, issuer, keyFile("svc"), []string{"openid", "profile", audience})
		if err != nil {
			return err
		}
		token, err := source.Token()
		if err != nil {
			return fmt.Errorf("JWT profile: %w", err)
		}
		answer, err := rs.Introspect[*oidc.IntrospectionResponse](ctx, server, token.AccessToken)
		if err != nil || !answer.Active || answer.Username != "svc@acme.localhost" {
			return fmt.Errorf("introspected %+v %w", answer, err)
		}
		garbage, err := rs.Introspect[*oidc.IntrospectionResponse](ctx, server, "garbage")
		if err != nil || garbage.Active {
			return fmt.Errorf("garbage is %+v %w", garbage, err)
		}
		return nil
	}
}

func key(name string) *client.KeyFile {
	file, err := client.ConfigFromKeyFileData(keyFile(name))
	if err != nil {
		panic(err)
	}
	return file
}

func exchange(subject string) func() error {
	return func() error {
		signer, err := client.NewSignerFromPrivateKeyByte([]byte(key("web-key").Key), key("web-key").KeyID)
		if err != nil {
			return err
		}
		exchanger, err := tokenexchange.NewTokenExchangerJWTProfile(ctx, issuer, keyApp, signer)
		if err != nil {
			return err
		}
		answer, err := tokenexchange.ExchangeToken(ctx, exchanger, subject, oidc.AccessTokenType, "", "", nil, nil, []string{"openid"}, oidc.JWTTokenType)
		if err == nil && (answer.IssuedTokenType != oidc.JWTTokenType || strings.Count(answer.AccessToken, ".") != 2) {
			err = fmt.Errorf("exchanged to %+v", answer)
		}
		return err
	}
}

func main() {
	issuer, keys = os.Args[1], os.Args[2]
	scopes := []string{"openid", "profile", "email", "offline_access"}
	party := func(id, secret, callback string, options ...rp.Option) rp.RelyingParty {
		made, err := rp.NewRelyingPartyOIDC(ctx, issuer, id, secret, callback, scopes, options...)
		if err != nil {
			panic(err)
		}
		return made
	}
	var subject string
	check("web app by secret", life(party(web, webSecret, webCallback), "", "http://localhost:3000/"))
	check("native app with PKCE", life(party(native, "", nativeCallback), "a-verifier-of-at-least-forty-three-characters", ""))
	check("web app by key", func() error {
		tokens, err := flow(party(keyApp, "", keyCallback, rp.WithJWTProfile(rp.SignerFromKeyFile(keyFile("web-key")))), "")
		if err == nil {
			subject = tokens.AccessToken
		}
		return err
	})
	check("token exchange", exchange(subject))
	check("device", device(party(native, "", nativeCallback)))
	check("resource server by secret", introspection(rs.NewResourceServerClientCredentials(ctx, issuer, api, apiSecret)))
	check("resource server by key file", introspection(rs.NewResourceServerFromKeyFile(ctx, issuer, filepath.Join(keys, "test-api.json"))))
	check("a code that was altered", func() error {
		_, err := rp.CodeExchange[*oidc.IDTokenClaims](ctx, "x", party(web, webSecret, webCallback))
		var refused *url.Error
		if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "invalid_grant") {
			return fmt.Errorf("got %v", err)
		}
		return nil
	})
	fmt.Printf("%d passed, %d failed, 0 skipped\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
