package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"time"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// build makes the two HTTP servers over the engine.
func (srv *server) build(s settings, accessLog *gateway.AccessLog) (err error) {
	speaks, err := srv.speaks(s)
	if err != nil {
		return err
	}
	check := netguard.New(netguard.Policy{AllowPrivate: s.engine.allowPrivate}).Check
	if srv.accounts, err = openAccounts(s); err != nil {
		return err
	}
	if s.http.issuer != nil {
		if srv.issuer, err = access.NewIssuer(s.http.issuer.with(srv.log)); err != nil {
			return err
		}
	}
	srv.content, err = gateway.New(gateway.Config{
		Backend:             srv.engine.session,
		Published:           srv.tracking.published,
		Names:               srv.engine.resolver(),
		Tracker:             srv.tracking.gateway(),
		Hints:               srv.hints,
		Hosts:               s.hosts,
		CheckAddr:           func(ap netip.AddrPort) error { return check(ap) },
		Layers:              srv.engine.session.Layers,
		AwaitLayers:         srv.engine.session.AwaitLayers,
		TLS:                 speaks,
		LinkKeys:            s.http.linkKeys,
		Users:               s.http.users,
		Issuer:              srv.issuer,
		Accounts:            srv.accounts,
		Allowlist:           s.http.allowlist,
		Denylist:            s.http.denylist,
		Subdomains:          s.http.subdomains,
		PathPrefix:          s.http.pathPrefix,
		MaxPause:            s.http.maxPause,
		MemoryPressed:       srv.engine.session.Pressed,
		TrustedProxies:      s.http.trustedProxies,
		MaxStreams:          s.http.maxStreams,
		MaxConns:            s.http.maxConns,
		MaxStreamsPerClient: s.http.clientStreams,
		RequestsPerClient:   s.http.clientRequests,
		SurplusPerClient:    s.http.clientSurplus,
		RatePerClient:       s.http.clientRate,
		HideCacheState:      s.http.hideCacheState,
		Uploads:             s.http.uploads,
		Document:            srv.document,
		LoopMark:            srv.engine.web.Mark(),
		Work:                srv.engine.work,

		AccessLog:      accessLog,
		Log:            srv.log,
		TracerProvider: srv.telemetry.tracers,
		MeterProvider:  srv.telemetry.meters,
	})
	if err != nil {
		return err
	}
	srv.scheme = "http"
	if speaks != nil {
		srv.scheme = "https"
	}
	srv.admin, err = gateway.NewAdmin(gateway.AdminConfig{
		Backend:      srv.engine.session,
		Ready:        srv.content.Ready,
		Metrics:      srv.telemetry.metricsHandler(),
		Authz:        srv.content.Authz(),
		Cache:        srv.engine.session,
		Clients:      srv.content.Clients,
		Profiles:     s.pprof,
		Publications: srv.tracking.publications,
		Token:        s.adminToken,
		Hosts:        s.hosts,
		CheckAddr:    check,
		Work:         srv.engine.work,
		Log:          srv.log,
	})
	return err
}

// openAccounts reads what users have spent; nil where there are none.
func openAccounts(s settings) (*access.Accounts, error) {
	if s.http.users == nil && s.http.issuer == nil {
		return nil, nil
	}
	file := ""
	if s.engine.cacheDir != "" {
		file = filepath.Join(s.engine.cacheDir, accountsFile)
	}
	return access.OpenAccounts(file)
}

// document fetches what a person named by URL, on behalf of a client; the zero Prefix is this machine.
func (srv *server) document(ctx context.Context, url string, client netip.Prefix, most int64) ([]byte, error) {
	ask := contact.Ask{Reader: true}
	if client.IsValid() {
		ask.Clients = []netip.Prefix{client}
	}
	return srv.engine.web.Document(ctx, url, ask, most)
}

// speaks gives the TLS of the content server; nil: it is plain HTTP.
func (srv *server) speaks(s settings) (_ *tls.Config, err error) {
	switch h := s.http; {
	case h.certificate != nil:
		return h.certificate.TLS(), nil
	case h.acme != nil:
		srv.acme, err = gateway.NewACME(gateway.ACMEConfig{
			Domains: h.acme.domains, CA: h.acme.ca, Email: h.acme.email,
			Dir: filepath.Join(s.engine.cacheDir, acmeDir), Listen: srv.contentAt.Addr(), Log: srv.log,
		})
		if err != nil {
			return nil, err
		}
		return srv.acme.TLS(), nil
	}
	return nil, nil
}

// serve accepts connections on a goroutine until the server is shut down.
func (srv *server) serve(name string, accept func(net.Listener) error, at net.Listener) {
	srv.serving.Go(func() {
		if err := accept(at); err != nil {
			srv.failed <- fmt.Errorf("the %s listener ended: %w", name, err)
		}
	})
}

// watch keeps lists, keys and the certificate as new as their files until stop.
func (srv *server) watch(s httpSettings) {
	w := srv.engine.reloads
	if s.denylist != nil {
		s.denylist.Watch(w, srv.engine.session, srv.log)
		srv.engine.session.Deny(s.denylist.Denies)
	}
	switch {
	case s.allowlist == nil:
	case srv.unlisted: // what is cached waits for the list
		s.allowlist.Await(w, srv.engine.session, srv.log)
	default:
		s.allowlist.Watch(w, srv.engine.session, srv.log)
	}
	if srv.tracking.list != nil {
		w.Add(srv.tracking.list, func() {})
	}
	if s.users != nil {
		w.Add(s.users, func() {})
	}
	if srv.accounts != nil {
		srv.serving.Go(func() { srv.keepAccounts(srv.running) })
	}
	if s.linkKeys != nil {
		w.Add(s.linkKeys, func() {})
	}
	if s.certificate != nil {
		w.Add(s.certificate, func() {})
	}
}

// keepAccounts saves what users have spent, now and then, and at the end.
func (srv *server) keepAccounts(ctx context.Context) {
	ticker := time.NewTicker(accountsInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := srv.accounts.Save(); err != nil {
			srv.log.Warn("what users have spent was not saved", "error", err)
		}
	}
}

// wait returns when ctx ends, or with the error of a listener that ended by itself.
func (srv *server) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-srv.failed:
		return err
	}
}

// stop drains and ends everything that was started, in the opposite order. First /readyz says 503 and new requests are
// refused; streams under way have --drain-time to end, then they are cut. Then trackers hear "stopped", what was verified is
// flushed with its records, and the last spans leave. The time of it all is bounded.
func (srv *server) stop() error {
	var errs []error
	srv.end()
	if srv.engine != nil {
		srv.engine.reloads.Close()
		if srv.engine.host != nil {
			srv.engine.host.Drain()
		}
	}
	if srv.acme != nil {
		srv.acme.Close()
	}
	if srv.publishing != nil {
		srv.publishing.close()
	}
	if srv.content != nil {
		drainTime := time.Duration(srv.drainTime.Load())
		drain, cancel := context.WithTimeout(context.Background(), drainTime)
		if err := srv.content.Shutdown(drain); errors.Is(err, context.DeadlineExceeded) {
			srv.log.Info("streams were cut", "after", drainTime)
		} else {
			errs = append(errs, err)
		}
		cancel()
	}
	if srv.admin != nil {
		srv.admin.EndPrefetches()
	}
	if srv.issuer != nil {
		srv.issuer.Close()
	}
	var unsaved []error
	if srv.accounts != nil {
		unsaved = append(unsaved, srv.accounts.Save())
	}
	farewell, cancel := context.WithTimeout(context.Background(), farewellTime)
	defer cancel()
	if srv.engine != nil {
		unsaved = append(unsaved, srv.engine.close(farewell))
	}
	if err := errors.Join(unsaved...); err != nil { // what a full or failing disk costs; nobody who stops btgw can do more about it
		srv.log.Warn("not all was saved at the end", "error", err)
	}
	if srv.tracking != nil {
		srv.tracking.close()
	}
	// The admin listener last: whoever watches sees the draining to its end.
	if srv.admin != nil {
		last, cancel := context.WithTimeout(context.Background(), adminTime)
		defer cancel()
		if err := srv.admin.Shutdown(last); !errors.Is(err, context.DeadlineExceeded) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, srv.closeListeners())
	srv.serving.Wait()
	errs = append(errs, srv.accessFile.close())
	if srv.telemetry != nil {
		flush, cancel := context.WithTimeout(context.Background(), telemetryTime)
		defer cancel()
		if err := srv.telemetry.close(flush); err != nil {
			srv.log.Warn("telemetry was not flushed", "error", err)
		}
	}
	return errors.Join(errs...)
}

// closeListeners closes what was listened on but not yet served when the start failed.
func (srv *server) closeListeners() error {
	var errs []error
	for _, at := range []net.Listener{srv.contentAt, srv.adminAt} {
		if at == nil {
			continue
		}
		if err := at.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// url returns the URL of the content listener, as a client on this machine can reach
// it.
func (srv *server) url() string { return srv.scheme + "://" + reachable(srv.contentAt.Addr().String()) }

// greeting is the one line that says where to go.
func (srv *server) greeting() string {
	line := fmt.Sprintf("btgw serves %s/btih/<infohash>/<name>", srv.url())
	if srv.adminAt != nil {
		line += fmt.Sprintf("  (admin http://%s", reachable(srv.adminAt.Addr().String()))
	} else {
		line += "  (no admin listener"
	}
	if port := srv.engine.host.Port(); port != 0 {
		return line + fmt.Sprintf(", peers on port %d)", port)
	}
	return line + ", no peer port)"
}
