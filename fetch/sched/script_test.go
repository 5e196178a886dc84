package sched

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

var update = flag.Bool("update", false, "write the commands of the scripts in testdata anew")

// Each script in testdata is one behaviour: what happens, in the first part, and what peers are
// told, in the second, with what else can be seen of the scheduler: pieces that are here or failed their hash,
// and peers that are banned. A change of behaviour is a difference in the second. The torrent has 8
// pieces of 16 blocks. A line of the first part is one of
//
//	TIME join PEER ROUNDTRIP RATE	a peer that has everything and unchokes; RATE is in kB/s
//	TIME part PEER ROUNDTRIP RATE PIECE...	one that has these pieces alone
//	TIME webseed PEER ROUNDTRIP RATE BLOCKS	one that is best asked for so many blocks in a row
//	TIME sibling PEER ROUNDTRIP RATE PIECE...	a gateway of our fleet that has these pieces
//	TIME have PEER PIECE	it has another piece
//	TIME bursts PEER EVERY	it sends what its rate allows in bursts from now on
//	TIME lies PEER	it sends wrong bytes from now on
//	TIME mute PEER	it sends nothing from now on
//	TIME choke PEER
//	TIME unchoke PEER
//	TIME reject PEER PIECE BLOCK
//	TIME leave PEER
//	TIME open READER FROM TO	a reader of the pieces from FROM to before TO, that takes all at once
//	TIME play READER FROM TO RATE	one that takes so many kB/s
//	TIME bulk READER FROM TO	one of a file that is of use when all of it is there
//	TIME seek READER FROM TO	it leaves, and another one comes in its place
//	TIME close READER
//	TIME prefetch FROM TO FOR	the pieces are wanted without a reader, for so long
//	TIME lost PIECE	a piece that was here is not any more
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
	names   map[*Link]string
	peers   map[string]*modelPeer
	readers map[string]*scriptReader
	order   []*scriptReader
	end     time.Duration
	out     strings.Builder
	last    told // not written yet
}

// A scriptReader takes pieces as they come.
type scriptReader struct {
	w      *Window
	rate   float64 // bytes/s; 0: at once
	taking bool    // the piece at its position
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
		names: map[*Link]string{}, peers: map[string]*modelPeer{}, readers: map[string]*scriptReader{},
	}
	s.trace = s.told
	s.onGot = func(piece int) {
		s.note("piece %d is here", piece)
		s.take()
	}
	s.onFailed = func(piece int) { s.note("piece %d failed its hash", piece) }
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

// happens carries out a line of a script.
func (s *script) happens(what string, args []string) {
	switch what {
	case "join", "part", "webseed", "sibling":
		s.joins(what, args)
	case "open", "play", "bulk", "seek", "close":
		s.reads(what, args)
	case "have":
		s.event(args[0], peer.Event{Kind: peer.Has, Block: metainfo.Block{Piece: uint32(number(s.t, args[1]))}})
	case "bursts":
		s.peers[args[0]].every = duration(s.t, args[1])
	case "lies":
		s.peers[args[0]].liar = true
	case "mute":
		s.peers[args[0]].mute = s.now
	case "choke":
		s.event(args[0], peer.Event{Kind: peer.Choked})
	case "unchoke":
		s.event(args[0], peer.Event{Kind: peer.Unchoked})
	case "reject":
		s.rejects(s.peers[args[0]], int(number(s.t, args[1])), int(number(s.t, args[2])))
	case "leave":
		s.c.Leave(s.now, s.peers[args[0]].l)
	case "prefetch":
		s.c.Prefetch(s.now, s.place(args[0]), s.place(args[1]), s.now+duration(s.t, args[2]))
	case "lost":
		s.c.Lost(int(number(s.t, args[0])))
	case "end":
		s.end = s.now
	default:
		s.t.Fatalf("nothing is called %s", what)
	}
	s.settle()
}

// place is where a piece begins.
func (s *script) place(piece string) int64 { return number(s.t, piece) * s.c.Info.PieceLength }

func (s *script) event(name string, e peer.Event) { s.c.Event(s.now, s.peers[name].l, e) }

// joins adds a peer.
func (s *script) joins(what string, args []string) {
	p := &modelPeer{rtt: duration(s.t, args[1]), rate: float64(number(s.t, args[2])) * 1000}
	p.l = s.c.Join(p.rtt, 500, nil)
	s.names[p.l], s.peers[args[0]] = args[0], p
	s.model.peers = append(s.model.peers, p)
	has := peer.Event{Kind: peer.HasAll}
	switch what {
	case "webseed":
		p.l.Run = int(number(s.t, args[3]))
	case "sibling":
		s.event(args[0], peer.Event{Kind: peer.Proved})
		fallthrough
	case "part":
		has = peer.Event{Kind: peer.HasField, Field: metainfo.NewBitfield(s.c.Info.NumPieces())}
		for _, piece := range args[3:] {
			has.Field.Set(int(number(s.t, piece)))
		}
	}
	s.event(args[0], has)
	s.event(args[0], peer.Event{Kind: peer.Unchoked})
	s.c.Refill(s.now, p.l)
}

// rejects has a peer reject a block that it was asked for.
func (s *script) rejects(p *modelPeer, piece, block int) {
	b := s.c.Info.Block(piece, block)
	p.queue = slices.DeleteFunc(p.queue, func(q metainfo.Block) bool { return q == b })
	s.c.Event(s.now, p.l, peer.Event{Kind: peer.Rejected, Block: b})
}

// reads has a reader come or go.
func (s *script) reads(what string, args []string) {
	name := args[0]
	if r := s.readers[name]; r != nil {
		s.c.Close(s.now, r.w)
		s.order = slices.DeleteFunc(s.order, func(o *scriptReader) bool { return o == r })
		delete(s.readers, name)
	}
	if what == "close" {
		return
	}
	r := &scriptReader{w: s.c.Open(s.now, s.place(args[1]), s.place(args[2]))}
	if what == "play" {
		r.rate = float64(number(s.t, args[3])) * 1000
	}
	r.w.Bulk = what == "bulk"
	s.readers[name] = r
	s.order = append(s.order, r)
	s.take()
}

// take has readers take what is there.
func (s *script) take() {
	for _, r := range s.order {
		s.takes(r)
	}
}

func (s *script) takes(r *scriptReader) {
	w, length := r.w, s.c.Info.PieceLength
	for !r.taking && w.Pos < w.end && s.c.Have.Has(int(w.Pos/length)) {
		s.c.Ready(s.now, w)
		if r.rate == 0 {
			s.c.Move(s.now, w, w.Pos+length)
			continue
		}
		r.taking = true
		s.at(s.now+transfer(float64(length), r.rate), func() {
			if !slices.Contains(s.order, r) {
				return
			}
			r.taking = false
			s.c.Move(s.now, w, w.Pos+length)
			s.takes(r)
			s.settle()
		})
	}
	if !r.taking && w.Pos < w.end {
		s.c.Stall(s.now, w)
	}
}

// note writes what else is seen.
func (s *script) note(format string, args ...any) {
	s.write()
	s.last = told{}
	fmt.Fprintf(&s.out, "%v %s\n", s.now, fmt.Sprintf(format, args...))
}

// told notes a command.
func (s *script) told(e Effect) {
	if e.Ban != "" {
		s.note("%s is banned: %s", s.names[e.Link], e.Ban)
		return
	}
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
