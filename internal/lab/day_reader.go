package lab

import (
	"context"
	"io"
	"math"
	"sync"
	"time"

	"github.com/btgw/btgw/fetch"
)

// visits has readers come.
func (d *day) visits() {
	var all sync.WaitGroup
	defer all.Wait()
	for d.pause(d.exp(time.Duration(float64(time.Hour) / d.s.Visits / 1.8))) {
		at := time.Since(d.start)
		if quiet(at) || d.float() > curve(at)/1.8 {
			continue
		}
		// Few swarms are wanted by many.
		if w := d.enter(int(float64(d.s.Swarms) * math.Pow(d.float(), 2))); w != nil {
			all.Go(func() { d.visit(w) })
		}
	}
}

// enter lets a visitor into the swarm at place i. It returns nil if the swarm is coming
// to its end.
func (d *day) enter(i int) *daySwarm {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.swarms[i]
	if w == nil || w.over {
		return nil
	}
	w.guests++
	return w
}

// visit is one reader: of the whole, or of what comes from a place on; some leave
// before its end, some play.
func (d *day) visit(w *daySwarm) {
	var off int64
	if d.float() < 0.3 {
		off = int64(d.float() * float64(d.s.Size-1))
	}
	want, pace := d.s.Size-off, 0.0
	if d.float() < 0.3 {
		want = 1 + int64(d.float()*float64(want-1))
	}
	if d.float() < 0.5 {
		pace = float64(d.s.Size) / 60
	}
	got, err := d.readDay(w, off, want, pace)
	d.mu.Lock()
	defer d.mu.Unlock()
	w.guests--
	d.result.Visits++
	d.result.Got += got
	for p := off / d.s.PieceLength; p*d.s.PieceLength < off+got; p++ {
		w.touched[int(p)] = true
	}
	switch {
	case err != nil && err != io.EOF:
		d.result.Failed++
		d.t.Logf("at %v: a reader with %d of %d bytes: %v", time.Since(d.start), got, want, err)
	case off+got < d.s.Size:
		d.result.Short++
	}
}

// readDay reads want bytes of what is asked for from off on, and leaves.
func (d *day) readDay(w *daySwarm, off, want int64, pace float64) (int64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), dayPatience)
	defer cancel()
	var h fetch.Hints
	for _, host := range w.hosts {
		h.Peers = append(h.Peers, host.AddrPort(peerPort).String())
	}
	ih := w.torrent.Info.ID()
	info, err := d.gate.session.Info(ctx, ih, h)
	if err != nil {
		return 0, err
	}
	c, err := d.gate.session.Open(context.Background(), ih, h, &info.Files[0], off, d.s.Size-off)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	got := &compared{content: w.content[off:]}
	for begun := time.Now(); int64(got.pos) < want; {
		ctx, cancel := context.WithTimeout(context.Background(), dayPatience)
		err := c.Wait(ctx)
		cancel()
		if err != nil {
			return int64(got.pos), err
		}
		if _, err := c.WriteNext(got); err != nil {
			d.t.Error(err)
			return int64(got.pos), err
		}
		if pace > 0 {
			time.Sleep(time.Until(begun.Add(time.Duration(float64(got.pos) / pace * float64(time.Second)))))
		}
	}
	return int64(got.pos), nil
}

// quiet reports whether nobody comes at a time.
func quiet(at time.Duration) bool {
	return at >= dayStart-dayQuiet && at < dayStart || at >= dayLength-dayQuiet
}

// curve is how many readers come at a time, in parts of the average.
func curve(at time.Duration) float64 {
	return 1 + 0.8*math.Cos(2*math.Pi*(at-dayPeak).Hours()/24)
}
