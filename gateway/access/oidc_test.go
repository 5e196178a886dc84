package access

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// issuer is an OpenID Connect provider.
type issuer struct {
	*httptest.Server
	mu    sync.Mutex
	keys  []jose.JSONWebKey // guarded by mu; the public ones
	down  bool              // guarded by mu
	asked atomic.Int64      // how often for its keys
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		switch {
		case i.down:
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/.well-known/openid-configuration":
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
		case r.URL.Path == "/keys":
			i.asked.Add(1)
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: i.keys})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) setDown(down bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.down = down
}

// key makes a key that the issuer publishes.
func (i *issuer) key(t *testing.T, id string) jose.JSONWebKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: id, Algorithm: string(jose.ES256)}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, key.Public())
	return key
}

// taken is what takes the issuer's tokens for "btgw".
func (i *issuer) taken(t *testing.T, change func(*IssuerConfig)) *Issuer {
	t.Helper()
	cfg := IssuerConfig{URL: i.URL, Audience: "btgw", Claim: "btgw", Client: i.Client(), Log: slog.New(slog.DiscardHandler),
		Size: func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) }}
	if change != nil {
		change(&cfg)
	}
	is, err := NewIssuer(cfg)
	if err != nil {
		t.Fatal(err)
	}
	is.pause = time.Hour
	t.Cleanup(is.Close)
	return is
}

// claims are those of a good token, with changes.
func (i *issuer) claims(changes map[string]any) map[string]any {
	c := map[string]any{"iss": i.URL, "aud": "btgw", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix()}
	for name, value := range changes {
		c[name] = value
	}
	return c
}

// sign makes an Authorization field of claims.
func sign(t *testing.T, key jose.JSONWebKey, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

// A token lets its subject in with its limits. One of another issuer, audience, time or key is refused, and so is one
// without a signature.
func TestTokens(t *testing.T) {
	i := newIssuer(t)
	key := i.key(t, "1")
	other := newIssuer(t).key(t, "1") // of the same name
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := json.Marshal(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	secret := jose.JSONWebKey{Key: public, KeyID: "1", Algorithm: string(jose.HS256)} // the public key as a shared secret
	unsigned := "Bearer " + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"1"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"`+i.URL+`","aud":"btgw","sub":"alice","exp":9999999999}`)) + "."
	is := i.taken(t, func(c *IssuerConfig) { c.Limits = "streams=2 rate=1000" })
	good := sign(t, key, i.claims(nil))
	for name, c := range map[string]struct {
		field string
		want  User // without a name: refused
	}{
		"good":                {good, User{Name: "x", Streams: 2, Rate: 1000}},
		"several audiences":   {sign(t, key, i.claims(map[string]any{"aud": []string{"a", "btgw"}})), User{Name: "x", Streams: 2, Rate: 1000}},
		"limits of its own":   {sign(t, key, i.claims(map[string]any{"btgw": "streams=7 day=50 add=no"})), User{Name: "x", Streams: 7, Day: 50, NoAdd: true}},
		"no limits at all":    {sign(t, key, i.claims(map[string]any{"btgw": ""})), User{Name: "x"}},
		"limits of no sense":  {sign(t, key, i.claims(map[string]any{"btgw": "streams=x"})), User{}},
		"limits of no kind":   {sign(t, key, i.claims(map[string]any{"btgw": 5})), User{}},
		"another audience":    {sign(t, key, i.claims(map[string]any{"aud": "other"})), User{}},
		"no audience":         {sign(t, key, i.claims(map[string]any{"aud": nil})), User{}},
		"another issuer":      {sign(t, key, i.claims(map[string]any{"iss": "https://other.example"})), User{}},
		"expired":             {sign(t, key, i.claims(map[string]any{"exp": time.Now().Add(-time.Minute).Unix()})), User{}},
		"no expiry":           {sign(t, key, i.claims(map[string]any{"exp": nil})), User{}},
		"not yet":             {sign(t, key, i.claims(map[string]any{"nbf": time.Now().Add(time.Hour).Unix()})), User{}},
		"nobody":              {sign(t, key, i.claims(map[string]any{"sub": ""})), User{}},
		"another key":         {sign(t, other, i.claims(nil)), User{}},
		"a key of its own":    {sign(t, jose.JSONWebKey{Key: weak, KeyID: "1", Algorithm: string(jose.RS256)}, i.claims(nil)), User{}},
		"the key as a secret": {sign(t, secret, i.claims(nil)), User{}},
		"alg none":            {unsigned, User{}},
		"mangled":             {good[:len(good)-4] + "AAAA", User{}},
	} {
		user, err := is.Find(t.Context(), c.field)
		if c.want.Name == "" {
			if user != nil || !errors.Is(err, ErrToken) {
				t.Errorf("%s: %+v, %v", name, user, err)
			}
			continue
		}
		if err != nil || !strings.HasPrefix(user.Name, "oidc-") {
			t.Errorf("%s: %+v, %v", name, user, err)
			continue
		}
		c.want.Name = user.Name
		if *user != c.want {
			t.Errorf("%s: %+v, not %+v", name, *user, c.want)
		}
	}
	for _, field := range []string{"", "Bearer key", "Basic " + strings.TrimPrefix(good, "Bearer "), "Bearer a.b.c" + strings.Repeat("x", maxToken)} {
		if user, err := is.Find(t.Context(), field); user != nil || err != nil {
			t.Errorf("%.20q is a token: %v, %v", field, user, err)
		}
	}
	alice, _ := is.Find(t.Context(), good)
	bob, err := is.Find(t.Context(), sign(t, key, i.claims(map[string]any{"sub": "bob"})))
	if err != nil || bob.Name == alice.Name {
		t.Errorf("two subjects are one user: %v", err)
	}
	if n := i.asked.Load(); n != 1 {
		t.Errorf("the issuer was asked %d times", n)
	}
}

// A new key of the issuer holds at once. Tokens of unknown keys do not have the issuer asked again and again.
func TestTokenKeysRotate(t *testing.T) {
	i := newIssuer(t)
	old := i.key(t, "old")
	is := i.taken(t, nil)
	find := func(key jose.JSONWebKey) error {
		_, err := is.Find(t.Context(), sign(t, key, i.claims(nil)))
		return err
	}
	if err := find(old); err != nil {
		t.Fatal(err)
	}
	is.forgetLook()
	fresh := i.key(t, "new")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for _, key := range []jose.JSONWebKey{fresh, old} {
				if err := find(key); err != nil {
					t.Errorf("%s: %v", key.KeyID, err)
				}
			}
		})
	}
	all.Wait()
	if n := i.asked.Load(); n != 2 {
		t.Errorf("the issuer was asked %d times", n)
	}
	stranger := newIssuer(t)
	for id := range 20 {
		if err := find(stranger.key(t, strconv.Itoa(id))); !errors.Is(err, ErrToken) {
			t.Errorf("a stranger's key: %v", err)
		}
	}
	if n := i.asked.Load(); n != 2 {
		t.Errorf("strangers had the issuer asked %d times", n-2)
	}
	i.setDown(true) // the keys that are known hold on
	is.forgetLook()
	if err := find(stranger.key(t, "x")); !errors.Is(err, ErrToken) {
		t.Errorf("a stranger's key: %v", err)
	}
	if err := find(fresh); err != nil {
		t.Errorf("while the issuer is down: %v", err)
	}
}

// While the issuer has never been reached nobody is let in, and as soon as it is everybody is.
func TestIssuerIsDown(t *testing.T) {
	i := newIssuer(t)
	key := i.key(t, "1")
	i.setDown(true)
	is := i.taken(t, nil)
	field := sign(t, key, i.claims(nil))
	if user, err := is.Find(t.Context(), field); user != nil || !errors.Is(err, ErrIssuer) {
		t.Errorf("%v, %v", user, err)
	}
	i.setDown(false)
	is.forgetLook()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := is.Find(ended, field); err == nil {
		// The look may have ended before: then the token is right.
	} else if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrToken) {
		t.Errorf("a client that left: %v", err)
	}
	if user, err := is.Find(t.Context(), field); user == nil {
		t.Errorf("the issuer is there: %v", err)
	}
	is.Close()
	is.forgetLook()
	if _, err := is.Find(t.Context(), sign(t, newIssuer(t).key(t, "9"), i.claims(nil))); !errors.Is(err, ErrToken) {
		t.Errorf("after the end: %v", err)
	}
	for _, cfg := range []IssuerConfig{{URL: "x", Audience: "a"}, {URL: "https://x"}, {URL: "https://x", Audience: "a", Limits: "nonsense"}} {
		if _, err := NewIssuer(cfg); err == nil {
			t.Errorf("%+v is taken", cfg)
		}
	}
	wrong := i.taken(t, func(c *IssuerConfig) { c.URL += "/" }) // it says that it is another
	if _, err := wrong.Find(t.Context(), field); !errors.Is(err, ErrIssuer) {
		t.Errorf("an issuer of another name: %v", err)
	}
}

// forgetLook has time pass until the issuer may be asked again.
func (i *Issuer) forgetLook() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.looked = time.Time{}
}
