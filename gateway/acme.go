package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// An ACME gets certificates for a few names from a certificate authority and
// renews them (RFC 8555), by certmagic. The authority is answered in handshakes of the
// content server itself (TLS-ALPN-01, RFC 8737), which it reaches at port 443. No
// handshake makes it ask for another name. It is safe for concurrent use.
//
// What it asks of the authority goes by the operating system's dialer: the operator
// named it, not a stranger.
type ACME struct {
	domains []string
	log     *slog.Logger
	cache   *certmagic.Cache
	magic   *certmagic.Config

	end  context.CancelFunc
	ctx  context.Context
	work sync.WaitGroup
}

// LetsEncrypt is the directory of Let's Encrypt's certificate authority.
const LetsEncrypt = certmagic.LetsEncryptProductionCA

// An ACMEConfig says for what and from whom certificates are got.
type ACMEConfig struct {
	Domains []string // which CheckACMEDomain found good; the first is for clients that name none
	CA      string   // directory URL
	Email   string   // for the authority's notices; "" for none
	Dir     string   // keeps keys and certificates, for this process alone; made if it is missing
	Listen  net.Addr // of the content server
	Log     *slog.Logger
}

// CheckACMEDomain reports why no certificate can be got for a name in this way.
func CheckACMEDomain(name string) error {
	_, err := netip.ParseAddr(name)
	local := name == "localhost" || strings.HasSuffix(name, ".localhost") // RFC 6761, section 6.3
	if err == nil || local || !certmagic.SubjectQualifiesForCert(name) || strings.ContainsAny(name, "*:/") {
		return fmt.Errorf("%q is not a name that a certificate can be had for: write gateway.example.org", name)
	}
	return nil
}

// NewACME is to be closed.
func NewACME(cfg ACMEConfig) (*ACME, error) {
	at, err := netip.ParseAddrPort(cfg.Listen.String())
	if err != nil {
		return nil, fmt.Errorf("acme: %w", err)
	}
	a := &ACME{domains: cfg.Domains, log: cfg.Log}
	a.ctx, a.end = context.WithCancel(context.Background())
	quiet := zap.NewNop() // what an operator has to know is told by tell
	a.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return a.magic, nil },
		Logger:           quiet,
	})
	a.magic = certmagic.New(a.cache, certmagic.Config{
		Storage:           newACMEStorage(cfg.Dir),
		DefaultServerName: cfg.Domains[0],
		OCSP:              certmagic.OCSPConfig{DisableStapling: true},
		OnEvent:           a.tell,
		Logger:            quiet,
	})
	a.magic.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(a.magic, certmagic.ACMEIssuer{
		CA: cfg.CA, TestCA: cfg.CA, Email: cfg.Email, Agreed: true,
		DisableHTTPChallenge: true, ListenHost: at.Addr().String(), AltTLSALPNPort: int(at.Port()),
		Logger: quiet,
	})}
	return a, nil
}

// TLS is what the content server speaks.
func (a *ACME) TLS() *tls.Config {
	cfg := a.magic.TLSConfig()
	cfg.NextProtos = append([]string{"h2", "http/1.1"}, cfg.NextProtos...) // then that of challenges
	cfg.MinVersion = tls.VersionTLS12
	return cfg
}

// Manage begins to get what is missing. The content server listens by then: else
// certmagic would, to be asked for the challenge.
func (a *ACME) Manage() {
	for _, domain := range a.domains {
		a.work.Go(func() {
			if err := a.manage(domain); err != nil && a.ctx.Err() == nil {
				a.log.Error("no certificate", "domain", domain, "err", err)
			}
		})
	}
}

// manage gets a certificate, where none is kept or it is due. It tries for a month,
// with longer and longer pauses. Later renewals are the cache's.
func (a *ACME) manage(domain string) error {
	cert, err := a.magic.CacheManagedCertificate(a.ctx, domain)
	switch {
	case err == nil && cert.NeedsRenewal(a.magic):
		err = a.magic.RenewCertAsync(a.ctx, domain, false)
	case errors.Is(err, fs.ErrNotExist):
		err = a.magic.ObtainCertAsync(a.ctx, domain)
	default:
		return err
	}
	if err == nil {
		_, err = a.magic.CacheManagedCertificate(a.ctx, domain)
	}
	return err
}

// tell logs certmagic's events that an operator wants to know of.
func (a *ACME) tell(_ context.Context, event string, data map[string]any) error {
	switch event {
	case "cert_obtained":
		a.log.Info("certificate obtained", "domain", data["identifier"], "renewal", data["renewal"])
	case "cert_failed":
		a.log.Warn("no certificate yet", "domain", data["identifier"], "renewal", data["renewal"], "err", data["error"])
	}
	return nil
}

// Close ends what is under way, and waits for it.
func (a *ACME) Close() {
	a.end()
	a.work.Wait()
	a.cache.Stop()
}
