package sched

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

var update = flag.Bool("update", false, "write the commands of the scripts in testdata anew")

// Each script in testdata is one behaviour: what happens, in the first part, and what peers are
// told, in the second. A change of behaviour is a difference in the second. The torrent has 8
// pieces of 16 blocks. A line of the first part is one of
//
//	TIME join NAME ROUNDTRIP RATE	a peer that has everything and unchokes; RATE is in kB/s
//	TIME open FROM TO	a reader of the pieces from FROM to before TO, that takes all at once
//	TIME seek FROM TO	the reader before leaves, and another one comes
//	TIME mute NAME	a peer sends nothing from now on
//	TIME choke NAME
//	TIME leave NAME
//	TIME end
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.script")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts: ", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".script"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			events, want, _ := strings.Cut(string(text), "\n---\n")
			got := play(t, events)
			if *update {
				if err := os.WriteFile(path, []byte(events+"\n---\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("peers are told\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A script is played by a model.
type script struct {
	*model
	names map[*Link]string
	peers map[string]*modelPeer
	w     *Window
	end   time.Duration
	out   strings.Builder
	last  told // not written yet
}

// told is the same command for blocks in a row.
type told struct {
	at          time.Duration
	name        string
	op          peer.Op
	piece       int
	first, last int
}

func play(t testing.TB, events string) string {
	s := &script{
		model: newModel(t, testInfo(t, 16*metainfo.BlockLen, 8*16*metainfo.BlockLen)),
		names: map[*Link]string{}, peers: map[string]*modelPeer{},
	}
	s.trace = s.told
	for _, line := range strings.Split(events, "\n") {
		if f := strings.Fields(line); len(f) > 1 && !strings.HasPrefix(line, "#") {
			s.at(duration(t, f[0]), func() { s.happens(f[1], f[2:]) })
		}
	}
	s.run(time.Minute, func() bool { return s.end > 0 })
	s.write()
	return s.out.String()
}

func duration(t testing.TB, s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func number(t testing.TB, s string) (n int64) {
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *script) happens(what string, args []string) {
	event := func(kind peer.EventKind) {
		s.c.Event(s.now, s.peers[args[0]].l, peer.Event{Kind: kind})
	}
	switch what {
	case "join":
		p := &modelPeer{rtt: duration(s.t, args[1]), rate: float64(number(s.t, args[2])) * 1000}
		p.l = s.c.Join(p.rtt, 500, nil)
		s.names[p.l], s.peers[args[0]] = args[0], p
		s.model.peers = append(s.model.peers, p)
		event(peer.HasAll)
		event(peer.Unchoked)
		s.c.Refill(s.now, p.l)
	case "open", "seek":
		if what == "seek" {
			s.c.Close(s.now, s.w)
		}
		length := s.c.Info.PieceLength
		s.w = s.c.Open(s.now, number(s.t, args[0])*length, number(s.t, args[1])*length)
		s.onGot = func(int) { s.takes() }
		s.takes()
	case "mute":
		s.peers[args[0]].mute = s.now
	case "choke":
		event(peer.Choked)
	case "leave":
		s.c.Leave(s.now, s.peers[args[0]].l)
	case "end":
		s.end = s.now
	default:
		s.t.Fatalf("nothing is called %s", what)
	}
	s.settle()
}

// takes has the reader take what is there.
func (s *script) takes() {
	w, length := s.w, s.c.Info.PieceLength
	for w.Pos < w.end && s.c.Have.Has(int(w.Pos/length)) {
		s.c.Ready(s.now, w)
		s.c.Move(s.now, w, w.Pos+length)
	}
	if w.Pos < w.end {
		s.c.Stall(s.now, w)
	}
}

// told notes a command.
func (s *script) told(e Effect) {
	n := int(e.Command.Block.Begin / metainfo.BlockLen)
	x := told{s.now, s.names[e.Link], e.Command.Op, int(e.Command.Block.Piece), n, n}
	if y := s.last; y.at == x.at && y.name == x.name && y.op == x.op && y.piece == x.piece && (y.last+1 == n || y.first-1 == n) {
		s.last.first, s.last.last = min(y.first, n), max(y.last, n)
		return
	}
	s.write()
	s.last = x
}

func (s *script) write() {
	switch x := s.last; {
	case x.name == "":
	case x.op != peer.Request && x.op != peer.Cancel:
		fmt.Fprintf(&s.out, "%v %s %v\n", x.at, x.name, ops[x.op])
	default:
		fmt.Fprintf(&s.out, "%v %s %v piece %d blocks %d-%d\n", x.at, x.name, ops[x.op], x.piece, x.first, x.last)
	}
}

var ops = map[peer.Op]string{peer.Request: "request", peer.Cancel: "cancel", peer.Interested: "interested", peer.NotInterested: "not interested"}
