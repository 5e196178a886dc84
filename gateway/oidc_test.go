package gateway

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/btgw/btgw/gateway/access"
)

// A token of the issuer lets in, and nothing is looked up for any other. While the issuer was never reached, the answer is to come
// again.
func TestUsersByToken(t *testing.T) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "1", Algorithm: string(jose.ES256)}
	var down atomic.Bool
	var fetched atomic.Int64 // documents
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case down.Load():
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/keys":
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
		default:
			_ = json.NewEncoder(w).Encode(map[string]string{"issuer": provider.URL, "jwks_uri": provider.URL + "/keys"})
		}
	}))
	t.Cleanup(provider.Close)
	token := func(audience string) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(map[string]any{"iss": provider.URL, "aud": audience, "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(), "btgw": "add=no"})
		signed, err := signer.Sign(text)
		if err != nil {
			t.Fatal(err)
		}
		compact, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return "Authorization: Bearer " + compact
	}
	start := func() *gatewayTest {
		issuer, err := access.NewIssuer(access.IssuerConfig{URL: provider.URL, Audience: "btgw", Claim: "btgw", Client: provider.Client(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(issuer.Close)
		accounts, err := access.OpenAccounts("")
		if err != nil {
			t.Fatal(err)
		}
		return serve(t, func(cfg *Config) {
			cfg.Issuer, cfg.Accounts, cfg.Uploads = issuer, accounts, true
			cfg.Document = func(context.Context, string, netip.Prefix, int64) ([]byte, error) {
				fetched.Add(1)
				return nil, errors.New("not found")
			}
		})
	}

	g := start()
	one, content := g.single(t, "a.mkv", 400_000)
	path, unknown := one.Path()+"/a.mkv", "/btih/"+strings.Repeat("a", 40)+"/"
	begun := g.backend.infos
	for name, lines := range map[string][]string{"none": nil, "another audience": {token("other")}, "no token": {"Authorization: Bearer x"}} {
		if a := g.get(t, path, lines...); a.status != 401 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := g.get(t, unknown, token("btgw")); a.status != 403 { // add=no
		t.Errorf("a torrent that is not known: %d", a.status)
	}
	if g.backend.infos != begun {
		t.Error("a refused request asked the swarm")
	}
	if a := g.get(t, path, token("btgw")); a.status != 200 || !bytes.Equal(a.body, content) || !strings.HasPrefix(a.get("Cache-Control"), "private,") {
		t.Errorf("%d %v", a.status, a.header)
	}
	// A .torrent is taken from whom content is given to, if it is known or may be added. No URL is fetched for others.
	torrent := oneTorrent(t)
	for name, c := range map[string]struct {
		field string
		text  []byte
		token string
		known bool
		want  int
	}{
		"no token":      {"torrent", torrent.Encode(), "Authorization: Bearer x", true, 401},
		"a new one":     {"torrent", torrent.Encode(), token("btgw"), false, 403},
		"one that is":   {"torrent", torrent.Encode(), token("btgw"), true, 303},
		"a URL":         {"uri", []byte("https://site.example/a.torrent"), token("btgw"), true, 403},
		"anyone's URL":  {"uri", []byte("https://site.example/a.torrent"), token("other"), true, 401},
		"a magnet link": {"uri", []byte("magnet:?xt=urn:btih:" + strings.Repeat("ab", 20)), "Accept: */*", false, 303},
	} {
		_ = g.backend.Remove(t.Context(), torrent.Info.ID())
		if c.known {
			if _, err := g.backend.Add(t.Context(), torrent); err != nil {
				t.Fatal(err)
			}
		}
		file := ""
		if c.field == "torrent" {
			file = "a.torrent"
		}
		if a := g.putIn(t, c.field, file, c.text, ownPage, c.token); a.status != c.want {
			t.Errorf("%s: %d, not %d: %s", name, a.status, c.want, a.body)
		}
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d documents were fetched", n)
	}

	down.Store(true)
	g = start()
	g.single(t, "a.mkv", 400_000)
	begun = g.backend.infos
	if a := g.get(t, path, token("btgw"), "Accept: application/json"); a.status != 503 || a.get("Retry-After") == "" || !bytes.Contains(a.body, []byte("issuer")) {
		t.Errorf("while the issuer is down: %d %s", a.status, a.body)
	}
	if g.backend.infos != begun {
		t.Error("a refused request asked the swarm")
	}
}
