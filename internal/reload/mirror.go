package reload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/internal/atomicfile"
)

// MirrorConfig is what a [Mirror] needs. All of it is required.
type MirrorConfig struct {
	What   string // what it is, in logs
	URL    string // http or https; its path and query may be secrets, and are not logged
	Dir    string // where the copy is kept, over restarts
	Client *http.Client
	Most   int64                   // bytes of a document
	Check  func(r io.Reader) error // why a document is not to be taken
	Every  time.Duration           // between two requests
	Log    *slog.Logger
}

// A Mirror keeps a file as new as what a URL gives, for a [File] to be read from. A document that cannot be
// fetched or is faulty leaves the one before. The file's first line is a comment, with the entity tag. All
// methods are safe for concurrent use.
type Mirror struct {
	cfg  MirrorConfig
	from string // the URL as it is logged
	file string
	now  chan struct{}

	fetched, unchanged, failed atomic.Int64
	fault                      string // of the last request; "" after one that did not fail; Fetch's alone
}

// MirrorStats counts requests by what came of them.
type MirrorStats struct {
	Fetched   int64 // a new document is in force
	Unchanged int64
	Failed    int64 // the document before stays
}

const (
	// MirrorTimeout bounds one request of a [Mirror], whatever its client allows.
	MirrorTimeout = 30 * time.Second
	// maxTag is the longest entity tag that is sent back, in bytes.
	maxTag = 1 << 10

	tagLine = "# etag "
)

// NewMirror makes the file, without a document, if there is none of this URL.
func NewMirror(cfg MirrorConfig) (*Mirror, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("not a URL") // the URL may be a secret
	}
	digest := sha256.Sum256([]byte(cfg.URL))
	m := &Mirror{
		cfg: cfg, from: u.Scheme + "://" + u.Host, now: make(chan struct{}, 1),
		file: filepath.Join(cfg.Dir, cfg.What+"-"+hex.EncodeToString(digest[:8])), // another URL is another document
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, err
	}
	if _, err := os.Stat(m.file); errors.Is(err, os.ErrNotExist) {
		return m, atomicfile.WritePath(m.file, nil, 0o600)
	} else if err != nil {
		return nil, err
	}
	return m, nil
}

// File is the name of the copy.
func (m *Mirror) File() string { return m.file }

// Stats counts requests so far.
func (m *Mirror) Stats() MirrorStats {
	return MirrorStats{Fetched: m.fetched.Load(), Unchanged: m.unchanged.Load(), Failed: m.failed.Load()}
}

// Empty reports whether no document was ever fetched.
func (m *Mirror) Empty() bool {
	stat, err := os.Stat(m.file)
	return err != nil || stat.Size() == 0
}

// Now has the document fetched at once. It does not wait.
func (m *Mirror) Now() {
	select {
	case m.now <- struct{}{}:
	default: // it is asked for already
	}
}

// Run fetches the document now and then, and whenever it is told, until ctx ends.
func (m *Mirror) Run(ctx context.Context) {
	ticker := time.NewTicker(m.cfg.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-m.now:
		}
		m.Fetch(ctx)
	}
}

// Fetch fetches the document, if it changed. A failure is logged when it is another one than before. It is
// not for two goroutines at once, and Run is one.
func (m *Mirror) Fetch(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, MirrorTimeout)
	defer cancel()
	fresh, err := m.fetch(ctx)
	switch {
	case err != nil:
		m.failed.Add(1)
		if err.Error() != m.fault {
			m.cfg.Log.Error("a list was not fetched: the one before stays", "list", m.cfg.What, "from", m.from, "none", m.Empty(), "error", err)
		}
		m.fault = err.Error()
		return
	case fresh:
		m.fetched.Add(1)
	default:
		m.unchanged.Add(1)
	}
	if m.fault != "" {
		m.cfg.Log.Info("a list is fetched again", "list", m.cfg.What, "from", m.from)
	}
	m.fault = ""
}

func (m *Mirror) fetch(ctx context.Context) (fresh bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.cfg.URL, nil)
	if err != nil {
		return false, errors.New("not a URL")
	}
	tag, kept, err := m.read()
	if err != nil {
		return false, err
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := m.cfg.Client.Do(req)
	if err != nil {
		return false, withoutURL(err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		if tag == "" {
			return false, errors.New("status 304, and nothing is here")
		}
		return false, nil
	default:
		return false, fmt.Errorf("status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, m.cfg.Most+1))
	switch {
	case err != nil:
		return false, withoutURL(err)
	case int64(len(body)) > m.cfg.Most:
		return false, fmt.Errorf("longer than %d bytes", m.cfg.Most)
	case resp.ContentLength >= 0 && int64(len(body)) != resp.ContentLength:
		return false, io.ErrUnexpectedEOF
	}
	if err := m.cfg.Check(bytes.NewReader(body)); err != nil {
		return false, err
	}
	next := resp.Header.Get("ETag")
	if len(next) > maxTag || strings.ContainsAny(next, "\r\n") {
		next = ""
	}
	if kept != nil && bytes.Equal(kept, body) && next == tag {
		return false, nil
	}
	return true, atomicfile.WritePath(m.file, append([]byte(tagLine+next+"\n"), body...), 0o600)
}

// read gives the entity tag and the document that are here; nil where there is none.
func (m *Mirror) read() (tag string, document []byte, err error) {
	b, err := os.ReadFile(m.file)
	if err != nil {
		return "", nil, err
	}
	first, rest, ok := bytes.Cut(b, []byte("\n"))
	if tag, mine := strings.CutPrefix(string(first), tagLine); ok && mine {
		return tag, rest, nil
	}
	return "", nil, nil
}

// withoutURL takes the URL off, which may be a secret.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
