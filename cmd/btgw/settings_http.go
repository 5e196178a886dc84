package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// httpSettings configures how content is served.
type httpSettings struct {
	certificate    *gateway.Certificate        // nil: none in files
	acme           *acmeSettings               // nil: none is got; without either, plain HTTP
	linkKeys       *reload.File[*access.Keys]  // nil: links are not signed
	users          *reload.File[*access.Users] // nil: there are none
	issuer         *issuerSettings             // nil: no tokens are taken
	allowlist      *gateway.Allowlist          // nil for none
	denylist       *gateway.Denylist           // nil for none
	lists          listSettings
	subdomains     string
	pathPrefix     string
	maxPause       time.Duration
	trustedProxies []string
	maxStreams     int
	maxConns       int // of clients; 0 for as many as the gateway has by itself
	clientStreams  int // this and the next two: gateway.Unbounded for no bound
	clientRequests int
	clientSurplus  int   // bytes a second
	clientRate     int64 // bytes a second; 0 for no bound
	hideCacheState bool
	uploads        bool // .torrent files are taken from pages
}

// acmeSettings configures which certificates are obtained, and from which authority.
type acmeSettings struct {
	domains   []string
	email, ca string
}

// settings checks the flags of the HTTP server.
func (f *httpFlags) settings(p *problems) httpSettings {
	s := httpSettings{trustedProxies: f.TrustedProxy, pathPrefix: f.PathPrefix, hideCacheState: p.bool("hide-cache-state", f.HideCacheState)}
	for _, proxy := range f.TrustedProxy {
		_, errAddr := netip.ParseAddr(proxy)
		if _, err := netip.ParsePrefix(proxy); err != nil && errAddr != nil {
			p.add("trusted-proxy", fmt.Errorf("%q is neither an address nor a network: write 10.0.0.1 or 10.0.0.0/8", proxy))
		}
	}
	if !gateway.ValidPathPrefix(f.PathPrefix) {
		p.add("path-prefix", fmt.Errorf("%q is not a path of plain segments, as /bt", f.PathPrefix))
	}
	s.maxPause = p.duration("max-pause", f.MaxPause)
	var err error
	if f.TLSCert != "" || f.TLSKey != "" {
		s.certificate, err = gateway.LoadCertificate(f.TLSCert, f.TLSKey)
		p.add("tls-cert", err)
	}
	s.acme = f.acme(p)
	if f.LinkKeys != "" {
		s.linkKeys, err = reload.Open(f.LinkKeys, access.MaxKeyFile, access.ParseKeys)
		p.add("link-keys", err)
	}
	if f.Users != "" {
		s.users, err = reload.Open(f.Users, access.MaxKeyFile, access.UserParser(bytesOf))
		p.add("users", err)
	}
	s.issuer = f.issuer(p)
	s.lists.every = p.duration("list-interval", f.ListInterval)
	if s.lists.every > 0 && s.lists.every < minListInterval {
		p.add("list-interval", fmt.Errorf("%v is below %v", s.lists.every, minListInterval))
	}
	switch {
	case isURL(f.Allowlist):
		s.lists.allowlist = f.Allowlist
	case f.Allowlist != "":
		s.allowlist, err = gateway.OpenAllowlist(f.Allowlist)
		p.add("allowlist", err)
	}
	switch {
	case isURL(f.Denylist):
		s.lists.denylist = f.Denylist
	case f.Denylist != "":
		s.denylist, err = gateway.OpenDenylist(f.Denylist)
		p.add("denylist", err)
	}
	if s.subdomains = strings.ToLower(f.SubdomainHost); s.subdomains != "" {
		p.add("subdomain-host", validHost(s.subdomains))
	}
	s.maxStreams = p.number("max-streams", f.MaxStreams, 1, maxStreams)
	s.clientStreams = unbounded(p.number("client-streams", f.ClientStreams, 0, maxStreams))
	s.clientRequests = unbounded(p.number("client-requests", f.ClientRequests, 0, maxClientRequests))
	s.clientSurplus = unbounded(int(p.size("client-surplus", f.ClientSurplus, 0, maxClientSurplus)))
	if s.clientRate = int64(p.size("client-rate", f.ClientRate, 0, maxClientRate)); s.clientRate > 0 && s.clientRate < int64(minRate) {
		p.add("client-rate", fmt.Errorf("%s a second is below %s", f.ClientRate, ByteSize(minRate)))
	}
	return s
}

// issuerSettings say whose tokens are taken.
type issuerSettings struct{ url, audience, claim, limits string }

// issuer checks the flags of tokens.
func (f *httpFlags) issuer(p *problems) *issuerSettings {
	if f.OIDCIssuer == "" {
		for flag, value := range map[string]string{"oidc-audience": f.OIDCAudience, "oidc-limits": f.OIDCLimits} {
			if value != "" {
				p.add(flag, errors.New("it goes with --oidc-issuer"))
			}
		}
		return nil
	}
	s := &issuerSettings{f.OIDCIssuer, f.OIDCAudience, f.OIDCClaim, f.OIDCLimits}
	if i, err := access.NewIssuer(s.with(nil)); err != nil {
		p.add("oidc-issuer", err)
	} else {
		i.Close()
	}
	return s
}

// with is the configuration for package access. The issuer is the operator's, so it is asked as the authority for
// certificates is, without a guard.
func (s *issuerSettings) with(log *slog.Logger) access.IssuerConfig {
	return access.IssuerConfig{URL: s.url, Audience: s.audience, Claim: s.claim, Limits: s.limits, Size: bytesOf, Log: log}
}

// bytesOf reads a size of a file of users.
func bytesOf(text string) (int64, error) {
	n, err := ParseByteSize(text)
	return int64(n), err
}

// unbounded reads a bound of which 0 is none.
func unbounded(n int) int {
	if n == 0 {
		return gateway.Unbounded
	}
	return n
}

// acme checks for what certificates are to be got.
func (f *httpFlags) acme(p *problems) *acmeSettings {
	if len(f.ACMEDomain) == 0 {
		return nil
	}
	s := acmeSettings{email: f.ACMEEmail, ca: f.ACMECA}
	for _, domain := range f.ACMEDomain {
		domain = strings.ToLower(domain)
		if err := gateway.CheckACMEDomain(domain); err != nil {
			p.add("acme-domain", err)
		}
		s.domains = append(s.domains, domain)
	}
	if f.TLSCert != "" || f.TLSKey != "" {
		p.add("acme-domain", errors.New("certificates are in files (--tls-cert) or are got, not both"))
	}
	if f.SubdomainHost != "" {
		p.add("acme-domain", errors.New("the hosts under --subdomain-host need a certificate for all of them, which is not got in this way: use --tls-cert"))
	}
	if u, err := url.Parse(s.ca); err != nil || u.Scheme != "https" || u.Host == "" {
		p.add("acme-ca", fmt.Errorf("%q is not the https URL of an ACME directory", s.ca))
	}
	return &s
}
