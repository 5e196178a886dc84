package fetch

import (
	"fmt"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// A player that opens a film reads its end next: it is there already, and the
// start came no later for it.
func TestMediaHints(t *testing.T) {
	for name, off := range map[string]bool{"on": false, "off": true} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, 64<<20)
				s.gate.session.mediaHints = !off
				for range 4 {
					s.script(simRate, simnet.Libtorrent())
				}
				s.know()
				start := time.Now()
				c := s.open(0, 64<<20)
				defer c.Close()
				floor := 3*simRTT + transfer(256<<10, 4*simRate)
				atMost(t, "first byte", s.first(c, start), floor, epsilon(simRate))
				time.Sleep(2 * time.Second)
				start = time.Now()
				tail := s.open(62<<20, 2<<20)
				defer tail.Close()
				took := s.first(tail, start)
				if ready := took == 0; ready == off {
					t.Errorf("the tail came after %v", took)
				}
				s.read(tail, 62<<20, 2<<20)
			})
		})
	}
}

func TestPlayed(t *testing.T) {
	single := func(name string) (*metainfo.Info, *metainfo.File) {
		raw := fmt.Sprintf("d6:lengthi1e4:name%d:%s12:piece lengthi16384e6:pieces20:%020de", len(name), name, 0)
		info, err := metainfo.ParseInfo([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		return info, &info.Files[0]
	}
	for name, want := range map[string]bool{"a.mkv": true, "B.MP3": true, "a.iso": false, "mkv": false, "": false} {
		if got := played(single(name)); got != want {
			t.Errorf("%q is played: %v", name, got)
		}
	}
	raw := fmt.Sprintf("d5:filesld6:lengthi1e4:pathl1:x5:a.oggeee4:name3:dir12:piece lengthi16384e6:pieces20:%020de", 0)
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if !played(info, &info.Files[0]) {
		t.Error("a file in a folder is not played")
	}
}
