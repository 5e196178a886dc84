package reload

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A Source is something that was read, and can be read anew: a [File], or several files that belong
// together.
type Source interface {
	// Name says what it is, in logs.
	Name() string
	// Reload reads it again if it changed, and in any case with force. changed reports whether there
	// is a new version. After an error the version before stays in force.
	Reload(force bool) (changed bool, err error)
}

// A Watcher keeps sources as new as what they are read from: it looks at all of them every Interval,
// and whenever it is told. It is safe for concurrent use.
type Watcher struct {
	log *slog.Logger
	now chan struct{}
	end context.CancelFunc
	run sync.WaitGroup

	mu      sync.Mutex
	sources []*watched // guarded by mu
}

// watched is one source. Its fault is the watching goroutine's.
type watched struct {
	Source
	changed func()
	fault   string // what was reported; "" after a version that could be read
}

// NewWatcher begins to watch nothing. It is to be closed.
func NewWatcher(log *slog.Logger) *Watcher {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Watcher{log: log, now: make(chan struct{}, 1), end: cancel}
	w.run.Go(func() { w.watch(ctx) })
	return w
}

// Add has a source watched too. changed is called after each new version, by one goroutine for all
// sources.
func (w *Watcher) Add(s Source, changed func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sources = append(w.sources, &watched{Source: s, changed: changed})
}

// Now has all sources read again, whether or not they seem to have changed. It does not wait.
func (w *Watcher) Now() {
	select {
	case w.now <- struct{}{}:
	default: // it is asked for already
	}
}

// Close ends the watching, and waits for it. It may be called again.
func (w *Watcher) Close() {
	w.end()
	w.run.Wait()
}

func (w *Watcher) watch(ctx context.Context) {
	ticker := time.NewTicker(Interval)
	defer ticker.Stop()
	for {
		force := false
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.now:
			force = true
		}
		w.mu.Lock()
		sources := w.sources
		w.mu.Unlock()
		for _, s := range sources {
			w.look(s, force)
		}
	}
}

// look reloads one source. A fault is reported once, or whenever somebody asked.
func (w *Watcher) look(s *watched, force bool) {
	fresh, err := s.Reload(force)
	switch {
	case err != nil:
		if force || err.Error() != s.fault {
			w.log.Error("a changed file is not in force: the version before stays", "file", s.Name(), "error", err)
		}
		s.fault = err.Error()
	case fresh:
		s.fault = ""
		w.log.Info("a changed file is in force", "file", s.Name())
		s.changed()
	}
}
