package attacks

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// stranger is a client that attacks.
type stranger struct {
	http *http.Client

	mu      sync.Mutex
	answers map[string]int // by status, or by what went wrong
}

func newStranger(addr string) *stranger {
	return &stranger{http: clientFrom(addr), answers: map[string]int{}}
}

// ask makes a request and leaves after a while; 0 is when it is answered.
func (s *stranger) ask(ctx context.Context, method, path string, leave time.Duration, header ...string) {
	s.askAt(ctx, contentURL, method, path, leave, header...)
}

// askAt is ask at another address of btgw.
func (s *stranger) askAt(ctx context.Context, base, method, path string, leave time.Duration, header ...string) {
	if leave > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, leave)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, nil)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.http.Do(req)
	if err != nil {
		s.note("left")
		return
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	s.note(fmt.Sprint(resp.StatusCode))
}

func (s *stranger) note(answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[answer]++
}

// every calls do so many times a second until the context ends, each in a
// goroutine, of which there are at most 500, and waits for them.
func every(ctx context.Context, rate float64, do func(n int)) {
	var calls sync.WaitGroup
	defer calls.Wait()
	room := make(chan struct{}, 500)
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case room <- struct{}{}:
			calls.Go(func() {
				defer func() { <-room }()
				do(n)
			})
		default:
		}
	}
}

// junk is the path of a torrent that does not exist.
func junk() string {
	var sum [20]byte
	_, _ = rand.Read(sum[:])
	return metainfo.NewV1(sum).Path() + "/x"
}

// merge adds up what strangers were told.
func merge(strangers ...*stranger) map[string]int {
	all := map[string]int{}
	for _, s := range strangers {
		s.mu.Lock()
		for k, n := range s.answers {
			all[k] += n
		}
		s.mu.Unlock()
	}
	return all
}
