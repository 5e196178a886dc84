package h1

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// A deadline is set again when it would end a 64th of its time too early, and never ends later than it is said to.
func TestCoarseDeadline(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		var d coarse
		stands, sets := time.Time{}, 0
		set := func(at time.Time) error {
			stands, sets = at, sets+1
			return nil
		}
		const after = 64 * time.Second
		for ms := range 10_000 {
			if err := d.within(after, set); err != nil {
				t.Fatal(err)
			}
			if left := time.Until(stands); left > after || left < after-time.Second {
				t.Fatalf("after %d ms %v are left, of %v", ms, left, after)
			}
			time.Sleep(time.Millisecond)
		}
		if sets != 10 {
			t.Errorf("set %d times in 10 s, not 10", sets)
		}
		if err := d.within(after/2, set); err != nil || time.Until(stands) != after/2 {
			t.Errorf("a shorter time: for %v, not %v, %v", time.Until(stands), after/2, err)
		}
		failed := errors.New("failed")
		time.Sleep(time.Minute)
		if err := d.within(after, func(time.Time) error { return failed }); err != failed {
			t.Errorf("a deadline that cannot be set: %v", err)
		}
		sets = 0
		if err := d.within(after, set); err != nil || sets != 1 {
			t.Errorf("after a failure it was set %d times, %v", sets, err)
		}
	})
}

// A deadline that another way sets takes the place of a coarse one: a later coarse one is set again.
func TestCoarseDeadlineGivesWay(t *testing.T) {
	c, client := connPair(t)
	past := time.Now().Add(-time.Second)
	for name, way := range map[string]func(){
		"SetDeadline":      func() { _ = c.SetDeadline(past) },
		"SetReadDeadline":  func() { _ = c.SetReadDeadline(past) },
		"SetWriteDeadline": func() { _ = c.SetReadDeadline(past); _ = c.SetWriteDeadline(past) },
	} {
		for range 2 {
			if err := errors.Join(c.ReadWithin(time.Minute), c.WriteWithin(time.Minute)); err != nil {
				t.Fatal(name, err)
			}
		}
		way()
		one := make([]byte, 1)
		if _, err := c.Read(one); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: read %v", name, err)
		}
		if err := errors.Join(c.ReadWithin(time.Minute), c.WriteWithin(time.Minute)); err != nil {
			t.Fatal(name, err)
		}
		if _, err := client.Write(one); err != nil {
			t.Fatal(name, err)
		}
		if _, err := io.ReadFull(c, one); err != nil {
			t.Errorf("%s: then read %v", name, err)
		}
		if _, err := c.Write(one); err != nil {
			t.Errorf("%s: then write %v", name, err)
		}
	}
}
