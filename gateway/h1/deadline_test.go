package h1

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// A deadline is set again when it would end a 64th of its time too early, and never ends later than it is said to.
func TestCoarseDeadline(t *testing.T) {
	begun := time.Now()
	var d coarse
	stands, sets := time.Time{}, 0
	set := func(at time.Time) error {
		stands, sets = at, sets+1
		return nil
	}
	const after = 64 * time.Second
	for ms := range 10_000 {
		now := begun.Add(time.Duration(ms) * time.Millisecond)
		if err := d.within(now, after, set); err != nil {
			t.Fatal(err)
		}
		if left := stands.Sub(now); left > after || left < after-time.Second {
			t.Fatalf("after %d ms %v are left, of %v", ms, left, after)
		}
	}
	if sets != 10 {
		t.Errorf("set %d times in 10 s, not 10", sets)
	}
	now := begun.Add(10 * time.Second)
	if err := d.within(now, after/2, set); err != nil || stands != now.Add(after/2) {
		t.Errorf("a shorter time: until %v, not %v, %v", stands, now.Add(after/2), err)
	}
	failed := errors.New("failed")
	if err := d.within(now.Add(time.Minute), after, func(time.Time) error { return failed }); err != failed {
		t.Errorf("a deadline that cannot be set: %v", err)
	}
	sets = 0
	if err := d.within(now.Add(time.Minute), after, set); err != nil || sets != 1 {
		t.Errorf("after a failure it was set %d times, %v", sets, err)
	}
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
		now := time.Now()
		for range 2 {
			if err := errors.Join(c.ReadWithin(now, time.Minute), c.WriteWithin(now, time.Minute)); err != nil {
				t.Fatal(name, err)
			}
		}
		way()
		one := make([]byte, 1)
		if _, err := c.Read(one); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: read %v", name, err)
		}
		if err := errors.Join(c.ReadWithin(now, time.Minute), c.WriteWithin(now, time.Minute)); err != nil {
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
