package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// Bounds of tokens and of what their issuer says.
const (
	maxToken       = 8 << 10          // bytes of a token
	maxKeySet      = 1 << 20          // bytes of each document of the issuer
	maxIssuerKeys  = 64               // keys that are used of it
	issuerTime     = 10 * time.Second // for the issuer to answer
	keysAge        = 5 * time.Minute  // after which keys are looked up anew, while the old ones hold
	minIssuerPause = 5 * time.Second  // between two looks at the issuer, whoever sends tokens
)

// tokenAlgs are the algorithms by which tokens may be signed. All of them have a public key, so "none" and the shared
// secrets of HMAC are refused.
var tokenAlgs = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA}

var (
	// ErrToken means that a token is refused: it is of another issuer or audience, has expired, or its signature is wrong.
	ErrToken = errors.New("the token is refused")
	// ErrIssuer means that the keys of the issuer are not known yet, as it cannot be reached.
	ErrIssuer = errors.New("the issuer of tokens cannot be reached")
)

// An IssuerConfig says whose tokens are taken.
type IssuerConfig struct {
	URL      string // as in the claim iss
	Audience string // has to be in the claim aud
	// Claim has a user's limits, as in a line of a file of users ("streams=4 rate=8MiB"). A token without it has those
	// of Limits.
	Claim  string
	Limits string
	Size   func(string) (int64, error) // reads "8MiB"
	Client *http.Client                // nil: http.DefaultClient
	Log    *slog.Logger
}

// An Issuer knows users by the tokens (JWT) that an OpenID Connect provider gave them. Its methods are safe for concurrent
// use. It looks at the provider's keys when a token comes: the first one, one of a new key, and now and then. Tokens of
// strangers cause one look in minIssuerPause, however many come.
type Issuer struct {
	cfg    IssuerConfig
	algs   []string
	limits User
	pause  time.Duration // minIssuerPause
	ctx    context.Context
	end    context.CancelFunc
	work   sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	keys    *issuerKeys   // guarded by mu; nil until the issuer answered
	looked  time.Time     // guarded by mu; when the last look ended
	looking chan struct{} // guarded by mu; closed at the end of the look under way; nil: there is none
}

// issuerKeys are those of one look.
type issuerKeys struct {
	ids      []string
	verifier *oidc.IDTokenVerifier
	at       time.Time
}

// NewIssuer checks a configuration. It does not ask the issuer.
func NewIssuer(cfg IssuerConfig) (*Issuer, error) {
	if !strings.HasPrefix(cfg.URL, "https://") && !strings.HasPrefix(cfg.URL, "http://") {
		return nil, fmt.Errorf("the issuer %q is no URL", cfg.URL)
	}
	if cfg.Audience == "" {
		return nil, errors.New("there is no audience")
	}
	i := &Issuer{cfg: cfg, pause: minIssuerPause}
	if err := i.limits.setAll(cfg.Limits, cfg.Size); err != nil {
		return nil, err
	}
	for _, alg := range tokenAlgs {
		i.algs = append(i.algs, string(alg))
	}
	i.ctx, i.end = context.WithCancel(context.Background())
	return i, nil
}

// Close ends looks at the issuer.
func (i *Issuer) Close() {
	i.mu.Lock()
	i.closed = true
	i.mu.Unlock()
	i.end()
	i.work.Wait()
}

// Find gives the user that an Authorization field names, "Bearer TOKEN"; nil without an error is a field that has no JWT. The
// error is ErrToken, ErrIssuer or ctx's. Find asks the issuer where it has to, and nobody else.
func (i *Issuer) Find(ctx context.Context, authorization string) (*User, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || len(token) > maxToken || strings.Count(token, ".") != 2 {
		return nil, nil
	}
	signed, err := jose.ParseSigned(token, tokenAlgs)
	if err != nil || len(signed.Signatures) != 1 {
		return nil, ErrToken
	}
	keys, err := i.keysFor(ctx, signed.Signatures[0].Header.KeyID)
	if err != nil {
		return nil, err
	}
	verified, err := keys.verifier.Verify(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	return i.user(verified)
}

// user gives the user that a token names, with the limits that it has.
func (i *Issuer) user(token *oidc.IDToken) (*User, error) {
	if token.Subject == "" {
		return nil, fmt.Errorf("%w: it names nobody", ErrToken)
	}
	user := i.limits
	sum := sha256.Sum256([]byte(token.Issuer + "\n" + token.Subject))
	user.Name = "oidc-" + hex.EncodeToString(sum[:16])
	var claims map[string]json.RawMessage
	if err := token.Claims(&claims); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if raw, ok := claims[i.cfg.Claim]; ok {
		var limits string
		user = User{Name: user.Name}
		err := json.Unmarshal(raw, &limits)
		if err == nil {
			err = user.setAll(limits, i.cfg.Size)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: the claim %s: %w", ErrToken, i.cfg.Claim, err)
		}
	}
	return &user, nil
}

// setAll takes limits as a file of users has them.
func (u *User) setAll(limits string, size func(string) (int64, error)) error {
	for limit := range strings.FieldsSeq(limits) {
		if err := u.set(limit, size); err != nil {
			return err
		}
	}
	return nil
}

// keysFor gives the keys of the issuer, after a look at it where a key is new.
func (i *Issuer) keysFor(ctx context.Context, id string) (*issuerKeys, error) {
	i.mu.Lock()
	keys := i.keys
	known := keys != nil && (id == "" || slices.Contains(keys.ids, id))
	var wait chan struct{}
	switch {
	case known && time.Since(keys.at) < keysAge:
	case known:
		i.look()
	default:
		wait = i.look()
	}
	i.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		i.mu.Lock()
		keys = i.keys
		i.mu.Unlock()
	}
	if keys == nil {
		return nil, ErrIssuer
	}
	return keys, nil
}

// look has a look at the issuer begin, unless one is under way or ended just now. It returns the channel that is closed
// at its end; nil: there is none. mu is held.
func (i *Issuer) look() chan struct{} {
	if i.looking != nil {
		return i.looking
	}
	if i.closed || !i.looked.IsZero() && time.Since(i.looked) < i.pause {
		return nil
	}
	done := make(chan struct{})
	i.looking = done
	i.work.Go(func() {
		keys, err := i.ask()
		i.mu.Lock()
		defer i.mu.Unlock()
		if err == nil {
			i.keys = keys
		} else if i.ctx.Err() == nil {
			i.cfg.Log.Warn("the keys of the issuer of tokens cannot be had", "issuer", i.cfg.URL, "error", err)
		}
		i.looking, i.looked = nil, time.Now()
		close(done)
	})
	return done
}

// ask gets the keys, by the issuer's own document (OpenID Connect Discovery 1.0, section 4).
func (i *Issuer) ask() (*issuerKeys, error) {
	ctx, cancel := context.WithTimeout(i.ctx, issuerTime)
	defer cancel()
	var about struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := i.get(ctx, strings.TrimSuffix(i.cfg.URL, "/")+"/.well-known/openid-configuration", &about); err != nil {
		return nil, err
	}
	if about.Issuer != i.cfg.URL {
		return nil, fmt.Errorf("it says that it is %q", about.Issuer)
	}
	var set jose.JSONWebKeySet
	if err := i.get(ctx, about.Keys, &set); err != nil {
		return nil, err
	}
	keys := &issuerKeys{at: time.Now()}
	var public oidc.StaticKeySet
	for _, key := range set.Keys {
		if key.Use == "enc" || !key.IsPublic() || len(public.PublicKeys) == maxIssuerKeys {
			continue
		}
		keys.ids = append(keys.ids, key.KeyID)
		public.PublicKeys = append(public.PublicKeys, key.Key)
	}
	keys.verifier = oidc.NewVerifier(i.cfg.URL, &public, &oidc.Config{ClientID: i.cfg.Audience, SupportedSigningAlgs: i.algs})
	return keys, nil
}

// get decodes a document of the issuer.
func (i *Issuer) get(ctx context.Context, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := i.cfg.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxKeySet)).Decode(into)
}
