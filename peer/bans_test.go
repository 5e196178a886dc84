package peer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/peer/book"
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
		s.AddPeers(book.SourceTracker, liar.AddrPort(6881))
		s.SetWanted(true)
		time.Sleep(time.Second)
		if st := s.Stats(); st.Connected != 0 || st.Known != 0 || !strings.Contains(st.DialError, errBanned.Error()) {
			t.Errorf("dialled: %+v", st)
		}
		time.Sleep(time.Until(begun.Add(book.BanTime)) - time.Second)
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
