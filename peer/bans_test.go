package peer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
)

// A liar is refused after a restart too, whoever dials, until the ban has run
// out. The first run ends in a crash: Close wrote nothing.
func TestBansAreKeptOverRestarts(t *testing.T) {
	tor, _ := content(t, 1<<20, 256<<10)
	file := filepath.Join(t.TempDir(), "bans")
	inWorld(t, 10*time.Millisecond, HostConfig{BansFile: file}, func(w *world) {
		liar := w.net.Host(simnet.HostConfig{})
		l, err := liar.Listen(t.Context(), "tcp", ":6881")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s := swarm(t, w.host, tor, leech(tor.Info))
		f := w.callFrom(liar, tor)
		f.greet()
		f.quiet(time.Second)
		one(t, s).Ban("lies")
		begun := time.Now()
		time.Sleep(saveBansAfter + time.Second)
		synctest.Wait()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		closeHost(w.host)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}

		again := newTestHost(t, HostConfig{Network: w.here, Listen: ":42069", BansFile: file})
		s = swarm(t, again, tor, leech(tor.Info))
		if st := again.Stats(); st.Banned != 1 {
			t.Errorf("%+v", st)
		}
		w.callFrom(liar, tor).named(2).closed(time.Second)
		if st := again.Stats(); st.Refused != 1 {
			t.Errorf("accepted: %+v", st)
		}
		s.AddPeers(SourceTracker, liar.AddrPort(6881))
		s.SetWanted(true)
		time.Sleep(time.Second)
		if st := s.Stats(); st.Connected != 0 || st.Known != 0 || !strings.Contains(st.DialError, errBanned.Error()) {
			t.Errorf("dialled: %+v", st)
		}
		time.Sleep(time.Until(begun.Add(banTime)) - time.Second)
		w.callFrom(liar, tor).named(3).closed(time.Second / 2)
		time.Sleep(time.Second)
		f = w.callFrom(liar, tor).named(4)
		f.greet()
		if !f.open() {
			t.Error("banned for ever")
		}
		closeHost(again)
	})
}

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
	l, err := openBans(file, epoch)
	if err != nil {
		t.Fatal(err)
	}
	want := "1767225601 192.0.2.3\n1767229200 2001:db8:0:1::\n1767229200 127.0.0.1 6881\n1767229200 ::1 " + id + "\n"
	if got := string(l.encode(epoch)); got != want {
		t.Errorf("%q", got)
	}
	if n := l.count(epoch.Add(time.Second)); n != 3 {
		t.Errorf("%d bans in force after a second", n)
	}
	for name, text := range map[string]string{
		"not text": "\x00\xff\n\x01 \x02", "a line without an end": strings.Repeat("1767229200 192.0.2.1 ", 1<<16),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if l, _ := openBans(file, epoch); l.until.Len() != 0 {
			t.Errorf("%s: %d bans", name, l.until.Len())
		}
	}
	h := newTestHost(t, HostConfig{Network: loopback{}, BansFile: t.TempDir()})
	if st := h.Stats(); st.Banned != 0 {
		t.Errorf("%+v", st)
	}
}

// FuzzBans: what is read is in bounds, and read again the same.
func FuzzBans(f *testing.F) {
	f.Add("1767229200 192.0.2.1\n1767229200 2001:db8::\n1767229200 127.0.0.1 6881\n1767229200 ::1 " + strings.Repeat("ab", 20))
	f.Add("-1 192.0.2.1\n1767229200 127.0.0.1 0")
	f.Fuzz(func(t *testing.T, text string) {
		l := newBanList()
		_ = l.read(epoch, strings.NewReader(text)) // as far as it is right
		for _, k := range l.until.Keys() {
			until, _ := l.until.Peek(k)
			if !until.After(epoch) || until.After(epoch.Add(banTime)) || k.addr != site(k.addr) {
				t.Fatalf("%v until %v", k, until)
			}
		}
		again := newBanList()
		if err := again.read(epoch, strings.NewReader(string(l.encode(epoch)))); err != nil || string(again.encode(epoch)) != string(l.encode(epoch)) {
			t.Fatalf("%q, %v", again.encode(epoch), err)
		}
	})
}
