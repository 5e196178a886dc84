package fetch

import (
	"context"
	"time"
)

// A film is the client of a paced stream behind a real socket: the socket takes
// some bytes ahead, the player begins when it has a second of them, keeps as many
// and stands still where it has none.
type film struct {
	rate   float64 // bytes/s
	socket int64   // bytes that fit into the buffers of both ends

	got     int64 // bytes written to it
	began   time.Time
	stalls  int
	stalled time.Duration
}

// played is how many bytes have been played by now.
func (f *film) played() int64 {
	if f.began.IsZero() {
		return 0
	}
	return int64((time.Since(f.began) - f.stalled).Seconds() * f.rate)
}

// Write takes bytes as the socket has room for them.
func (f *film) Write(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if late := f.played() - f.got; late > 0 {
			f.stalls++
			f.stalled += transfer(float64(late), f.rate)
		}
		k := min(16<<10, len(p)-n)
		n += k
		f.got += int64(k)
		if f.began.IsZero() && f.got >= int64(f.rate) {
			f.began = time.Now()
		}
		if over := f.got - f.socket - int64(f.rate) - f.played(); over > 0 {
			time.Sleep(transfer(float64(over), f.rate))
		}
	}
	return len(p), nil
}

// watch plays a content to its end, or until ctx ends.
func (f *film) watch(ctx context.Context, c Content) error {
	for {
		if err := c.Wait(ctx); err != nil {
			return err
		}
		if _, err := c.WriteNext(f); err != nil {
			return err
		}
	}
}
