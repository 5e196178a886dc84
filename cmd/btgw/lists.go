package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"go.opentelemetry.io/otel/metric"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/peer/netguard"
)

// isURL reports whether a list is fetched, and is no file.
func isURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && (scheme == "http" || scheme == "https")
}

// listSettings are the lists that are fetched.
type listSettings struct {
	allowlist, denylist string // URLs; "" for none
	every               time.Duration
}

// openLists fetches the lists that have URLs where none was fetched before, and opens what is here. Without a denylist it
// says so: all is served. Without an allowlist nothing is.
func (srv *server) openLists(ctx context.Context, s *settings) error {
	client := netguard.HTTPClient(srv.engine.network)
	client.Transport = &netguard.HTTPTransport{Network: srv.engine.network, MaxBody: gateway.MaxList}
	for _, list := range []struct {
		what, url string
		open      func(file string) error
	}{
		{"allowlist", s.http.lists.allowlist, func(file string) (err error) { s.http.allowlist, err = gateway.OpenAllowlist(file); return err }},
		{"denylist", s.http.lists.denylist, func(file string) (err error) { s.http.denylist, err = gateway.OpenDenylist(file); return err }},
	} {
		if list.url == "" {
			continue
		}
		m, err := srv.mirror(client, list.what, list.url, s)
		if err != nil {
			return fmt.Errorf("--%s: %w", list.what, err)
		}
		if m.Empty() {
			m.Fetch(ctx)
		} else {
			m.Now()
		}
		if err := list.open(m.File()); err != nil {
			return fmt.Errorf("--%s: %w", list.what, err)
		}
		if m.Empty() {
			srv.log.Warn("there is no list yet", "list", list.what, "served", map[bool]string{true: "nothing", false: "everything"}[list.what == "allowlist"])
			srv.unlisted = srv.unlisted || list.what == "allowlist"
		}
		srv.mirrors = append(srv.mirrors, m)
		srv.serving.Go(func() { m.Run(srv.running) })
	}
	if len(srv.mirrors) == 0 {
		return nil
	}
	return observeLists(srv.telemetry.meters, srv.mirrors)
}

func (srv *server) mirror(client *http.Client, what, url string, s *settings) (*reload.Mirror, error) {
	return reload.NewMirror(reload.MirrorConfig{
		What: what, URL: url, Dir: filepath.Join(s.engine.cacheDir, listsDir), Client: client, Most: gateway.MaxList - listHeader,
		Check: gateway.CheckList, Every: s.http.lists.every, Log: srv.log,
	})
}

// observeLists publishes what came of fetching lists.
func observeLists(provider metric.MeterProvider, mirrors []*reload.Mirror) error {
	i := &instruments{meter: provider.Meter(scope)}
	fetches := i.counter("btgw.list.fetches", "{request}", "Requests for lists that have URLs, by what came of them.")
	if err := errors.Join(i.errs...); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	_, err := i.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		var all reload.MirrorStats
		for _, m := range mirrors {
			s := m.Stats()
			all.Fetched, all.Unchanged, all.Failed = all.Fetched+s.Fetched, all.Unchanged+s.Unchanged, all.Failed+s.Failed
		}
		for what, n := range map[string]int64{"fetched": all.Fetched, "unchanged": all.Unchanged, "failed": all.Failed} {
			o.ObserveInt64(fetches, n, by("btgw.outcome", what))
		}
		return nil
	}, i.all...)
	return err
}
