package gateway

import (
	"context"
	"sync"

	"github.com/caddyserver/certmagic"
)

// An acmeStorage keeps keys and certificates in files, and its locks in memory: the
// folder is one process's alone. certmagic's lock files each have a goroutine that
// nobody can end or wait for. It embeds the interface, not the file storage, which
// has other ways to lock. It is safe for concurrent use.
type acmeStorage struct {
	certmagic.Storage

	mu   sync.Mutex
	held map[string]chan struct{} // guarded by mu; closed at the end of the lock
}

func newACMEStorage(dir string) *acmeStorage {
	return &acmeStorage{Storage: &certmagic.FileStorage{Path: dir}, held: make(map[string]chan struct{})}
}

// Lock waits until nobody holds the name, or for the end of ctx.
func (s *acmeStorage) Lock(ctx context.Context, name string) error {
	for {
		s.mu.Lock()
		over, taken := s.held[name]
		if !taken {
			s.held[name] = make(chan struct{})
			s.mu.Unlock()
			return nil
		}
		s.mu.Unlock()
		select {
		case <-over:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Unlock releases a name. Only its holder may call it.
func (s *acmeStorage) Unlock(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.held[name])
	delete(s.held, name)
	return nil
}
