package gateway

import (
	"log/slog"
	"net/http"

	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

// An Allowlist is a file of the paths that are served, in the grammar of a [Denylist]. A rule permits its path and
// everything below. A rule of a name (/btpk/) permits every torrent for which its owner lets it stand. Nothing else is
// looked up or fetched. When the list changes, torrents of names that it does not have are dropped. A path that is in
// both lists is denied. An Allowlist is safe for concurrent use.
type Allowlist struct {
	rules *reload.File[*denyRules]
}

// OpenAllowlist reads a list. A line that is not a rule is an error, which names it.
func OpenAllowlist(name string) (*Allowlist, error) {
	rules, err := reload.Open(name, maxDenylist, parseDenylist)
	if err != nil {
		return nil, err
	}
	return &Allowlist{rules}, nil
}

// Watch has the list reloaded as it changes, and takes torrents of which nothing is permitted any
// more out of the backend.
func (l *Allowlist) Watch(w *reload.Watcher, backend Backend, log *slog.Logger) {
	l.drop(backend, log)
	l.Await(w, backend, log)
}

// Await is Watch for a list that is not there yet: what is cached stays until it is.
func (l *Allowlist) Await(w *reload.Watcher, backend Backend, log *slog.Logger) {
	w.Add(l.rules, func() { l.drop(backend, log) })
}

func (l *Allowlist) drop(backend Backend, log *slog.Logger) {
	kept := l.torrents()
	var barred []metainfo.InfoHash
	for _, status := range backend.List() {
		hash := status.InfoHash
		if kept[hash] || l.has(hash.Path(), nil) || len(l.rules.Load().hashed) > 0 { // a digest does not tell its torrent
			continue
		}
		barred = append(barred, hash)
	}
	dropAll(backend, barred, func(hash metainfo.InfoHash, err error) {
		log.Error("a torrent that is not on the allowlist was not dropped", "infohash", hash, "error", err)
	})
}

// torrents are those of which something is permitted.
func (l *Allowlist) torrents() map[metainfo.InfoHash]bool {
	kept := make(map[metainfo.InfoHash]bool)
	for path := range l.rules.Load().plain {
		if t, p := parseTarget(path); p == nil && t.name == nil {
			kept[t.hash] = true
		}
	}
	return kept
}

// has reports whether a path below that of a torrent or a name is permitted. A nil list permits all.
func (l *Allowlist) has(where string, path []string) bool {
	return l == nil || l.rules.Load().status(where, path) != 0
}

// version is the rules that are in force; nil: all is permitted.
func (l *Allowlist) version() *denyRules {
	if l == nil {
		return nil
	}
	return l.rules.Load()
}

func notAllowed() *problem {
	return &problem{status: http.StatusForbidden, slug: "not-allowed", title: "Not on the list",
		detail: "The operator of this server serves a list of torrents, and this is not on it."}
}
