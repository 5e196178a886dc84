package reload

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

func read(r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	if strings.HasPrefix(string(b), "bad") {
		return "", errors.New("bad text")
	}
	return string(b), err
}

// write replaces a file with one of another time.
func write(t *testing.T, name, text string, at time.Time) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	begun := time.Unix(1_000_000, 0)
	if _, err := Open(name, 10, read); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	write(t, name, "one", begun)
	f, err := Open(name, 10, read)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		text    string
		changed bool
		fails   string
		now     string
	}{
		{"one", false, "", "one"},
		{"two", true, "", "two"},
		{"bad", false, "bad text", "two"},
		{"longer than ten", false, "longer than 10 bytes", "two"},
		{"three", true, "", "three"},
	} {
		if c.text != "one" {
			write(t, name, c.text, begun.Add(time.Duration(i)*time.Second))
		}
		changed, err := f.Reload(false)
		if changed != c.changed || f.Load() != c.now || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%q: changed %v, now %q, %v", c.text, changed, f.Load(), err)
		}
	}
}

// A faulty version is reported once, and what comes after it is in force. Whoever asks has all read
// again, changed or not, and faults told anew.
func TestWatcher(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	write(t, name, "one", time.Unix(1_000_000, 0))
	f, err := Open(name, 10, read)
	if err != nil {
		t.Fatal(err)
	}
	bubble.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var changes []string
		w := NewWatcher(slog.New(slog.NewTextHandler(&log, nil)))
		defer w.Close()
		w.Add(f, func() { changes = append(changes, f.Load()) })
		for i, text := range []string{"one", "bad", "bad", "two"} {
			write(t, name, text, time.Unix(1_000_000+int64(i), 0))
			time.Sleep(Interval)
			synctest.Wait()
		}
		if len(changes) != 1 || changes[0] != "two" {
			t.Errorf("in force were %q", changes)
		}
		if n := strings.Count(log.String(), "not in force"); n != 1 {
			t.Errorf("reported %d times: %s", n, &log)
		}
		for _, text := range []string{"six", "bad", "bad"} { // of the same time and size
			write(t, name, text, time.Unix(1_000_003, 0))
			w.Now()
			synctest.Wait()
		}
		if len(changes) != 2 || changes[1] != "six" {
			t.Errorf("in force were %q", changes)
		}
		if n := strings.Count(log.String(), "not in force"); n != 3 {
			t.Errorf("reported %d times: %s", n, &log)
		}
		w.Close()
		write(t, name, "ten", time.Unix(2_000_000, 0))
		w.Now()
		time.Sleep(2 * Interval)
		if len(changes) != 2 {
			t.Error("it watches after its end")
		}
	})
}
