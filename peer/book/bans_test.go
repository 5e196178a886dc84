package book

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A file that somebody else wrote gives what is right of it, and no ban for longer
// than a new one.
func TestBansFile(t *testing.T) {
	id := strings.Repeat("ab", 20)
	lines := []string{
		"", "nonsense", "1767229200", "x 192.0.2.1", // 2026-01-01 01:00:00
		"1767225600 192.0.2.2", // just over
		"1767225601 192.0.2.3", "1767229201 2001:db8:0:1::", "99999999999999 127.0.0.1 6881", "1767229200 ::1 " + id,
		"1767229200 2001:db8::1", "1767229200 ::ffff:192.0.2.4", "1767229200 fe80::%eth0", // not as they are written
		"1767229200 127.0.0.1", "1767229200 127.0.0.1 0", "1767229200 127.0.0.1 65536", "1767229200 192.0.2.5 6881",
		"1767229200 127.0.0.1 " + strings.Repeat("zz", 20), "1767229200 127.0.0.1 1 2",
	}
	file := filepath.Join(t.TempDir(), "bans")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := OpenBans(file, epoch)
	if err != nil {
		t.Fatal(err)
	}
	want := "1767225601 192.0.2.3\n1767229200 2001:db8:0:1::\n1767229200 127.0.0.1 6881\n1767229200 ::1 " + id + "\n"
	if got := string(l.encode(epoch)); got != want {
		t.Errorf("%q", got)
	}
	if n := l.Count(epoch.Add(time.Second)); n != 3 {
		t.Errorf("%d bans in force after a second", n)
	}
	for name, text := range map[string]string{
		"not text": "\x00\xff\n\x01 \x02", "a line without an end": strings.Repeat("1767229200 192.0.2.1 ", 1<<16),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, _ := OpenBans(file, epoch); l.until.Len() != 0 {
			t.Errorf("%s: %d bans", name, l.until.Len())
		}
	}
	if l, err := OpenBans(t.TempDir(), epoch); err == nil || l.Count(epoch) != 0 {
		t.Errorf("a folder: %d bans, %v", l.Count(epoch), err)
	}
}

// FuzzBans: what is read is in bounds, and read again the same.
func FuzzBans(f *testing.F) {
	f.Add("1767229200 192.0.2.1\n1767229200 2001:db8::\n1767229200 127.0.0.1 6881\n1767229200 ::1 " + strings.Repeat("ab", 20))
	f.Add("-1 192.0.2.1\n1767229200 127.0.0.1 0")
	f.Fuzz(func(t *testing.T, text string) {
		l := newBans("")
		_ = l.read(epoch, strings.NewReader(text)) // as far as it is right
		for _, k := range l.until.Keys() {
			until, _ := l.until.Peek(k)
			if !until.After(epoch) || until.After(epoch.Add(BanTime)) || k.addr != AddressKey(k.addr) {
				t.Fatalf("%v until %v", k, until)
			}
		}
		again := newBans("")
		if err := again.read(epoch, strings.NewReader(string(l.encode(epoch)))); err != nil || string(again.encode(epoch)) != string(l.encode(epoch)) {
			t.Fatalf("%q, %v", again.encode(epoch), err)
		}
	})
}
