package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/btgw/btgw/fetch"
)

// read is a reader's time at its gateway.
func (w *world) read(r *Reader) {
	if !w.sleep(context.Background(), r.At) {
		return
	}
	g := w.gateways[r.Gateway]
	for i, rng := range r.Ranges {
		v := &visit{w: w, g: g, r: r, rng: rng, seek: i > 0, asked: time.Now(), pos: rng.Off}
		if err := v.run(); err != nil {
			w.failed(fmt.Errorf("at %v, reader at gateway %d, range %d: %w", time.Since(w.start), r.Gateway, i, err))
			return
		}
	}
}

// A visit is the reading of one Range.
type visit struct {
	w     *world
	g     *gateway
	r     *Reader
	rng   Range
	seek  bool
	asked time.Time
	pos   int64 // in the content
	begun bool  // the first byte came

	// A player began to play at epoch, and has been dry for stalled since.
	epoch   time.Time
	stalled time.Duration
	stalls  int
}

// errWrong is a byte that is not the torrent's.
var errWrong = errors.New("wrong bytes")

// stallFloor is the least time without anything to play that counts as a stall:
// below it no frame is late.
const stallFloor = 10 * time.Millisecond

func (v *visit) run() error {
	v.g.count(v.asked.Sub(v.w.start), 1)
	defer func() { v.g.count(time.Since(v.w.start), -1) }()
	ctx, cancel := context.WithTimeout(context.Background(), v.w.s.Patience)
	defer cancel()
	h := v.w.hints(v.g)
	info, err := v.g.session.Info(ctx, v.w.hash(), h)
	if err != nil {
		return err
	}
	c, err := v.g.session.Open(context.Background(), v.w.hash(), h, &info.Files[0], v.rng.Off, v.rng.Len)
	if err != nil {
		return err
	}
	defer c.Close()
	defer v.finish()
	for {
		switch err := v.next(c); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// next waits for the next bytes and takes them; io.EOF is the end of the visit.
func (v *visit) next(c fetch.Content) error {
	if v.begun && v.rng.For > 0 && time.Since(v.asked) >= v.rng.For {
		return io.EOF
	}
	patience := v.w.s.Patience
	if v.begun && v.rng.For > 0 {
		patience = min(patience, v.rng.For-time.Since(v.asked))
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	from := time.Now()
	if !v.begun {
		from = v.asked
	}
	turn := v.w.fair.begin(from, v.g)
	err := c.Wait(ctx)
	if err != nil {
		if v.begun && v.rng.For > 0 && time.Since(v.asked) >= v.rng.For {
			v.waited(time.Now())
			return io.EOF
		}
		return err
	}
	v.w.fair.end(turn, v)
	v.waited(time.Now())
	_, err = c.WriteNext(v)
	return err
}

// waited notes that bytes are there, or would have been played, at now.
func (v *visit) waited(now time.Time) {
	if !v.begun {
		v.begun, v.epoch = true, now
		v.w.first(v.seek, now.Sub(v.asked))
		return
	}
	if v.r.Pace == 0 {
		return
	}
	dry := v.epoch.Add(v.playing(v.pos - v.rng.Off))
	if d := now.Sub(dry); d > 0 {
		v.epoch = v.epoch.Add(d)
		if d >= stallFloor {
			v.stalls++
			v.stalled += d
		}
	}
}

// playing is how long n bytes play.
func (v *visit) playing(n int64) time.Duration {
	return time.Duration(float64(n) / float64(v.r.Pace) * float64(time.Second))
}

// Write is the client's socket: it compares, and takes as fast as a player lets
// it.
func (v *visit) Write(p []byte) (int, error) {
	if !bytes.Equal(p, v.w.content[v.pos:v.pos+int64(len(p))]) {
		return 0, errWrong
	}
	v.pos += int64(len(p))
	if v.r.Pace > 0 {
		room := v.epoch.Add(v.playing(v.pos-v.rng.Off) - bufferTime)
		if v.rng.For > 0 {
			if leaves := v.asked.Add(v.rng.For); leaves.Before(room) {
				room = leaves
			}
		}
		time.Sleep(time.Until(room))
	}
	return len(p), nil
}

// finish adds the visit to the results.
func (v *visit) finish() {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	v.w.result.Bytes += v.pos - v.rng.Off
	if v.r.Pace > 0 && v.begun {
		v.w.result.Stalls += v.stalls
		v.w.result.Stalled.add(v.stalled)
	}
}
