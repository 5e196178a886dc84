package fetch

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// An hls is a film of segments of four seconds each and its playlist, of which nobody has
// anything cached. Four peers that are 50 ms away give one and a half times its rate.
type hls struct {
	*sim
	segments []*metainfo.File
	list     *metainfo.File
}

const (
	hlsRate    = 526_000 // bytes a second of the film
	hlsSeconds = 4
	hlsSegment = hlsSeconds * hlsRate
)

func newHLS(t *testing.T, segments int, piece int64, manner simnet.Behaviour) *hls {
	content := make([]byte, segments*hlsSegment)
	rand.NewChaCha8([32]byte{2}).Read(content)
	fs := fstest.MapFS{"film/index.m3u8": {Data: []byte("#EXTM3U\n")}}
	for i := range segments {
		fs[fmt.Sprintf("film/%03d.ts", i)] = &fstest.MapFile{Data: content[i*hlsSegment : (i+1)*hlsSegment]}
	}
	mt, err := metainfo.Make(context.Background(), metainfo.MakeOptions{FS: fs, Root: "film", Version: metainfo.V1, PieceLength: piece})
	if err != nil {
		t.Fatal(err)
	}
	s := &sim{t: t, net: simnet.New(simnet.Config{RTT: 50 * ms, SendBuffer: 500 << 10}), torrent: mt}
	s.content = append(content, fs["film/index.m3u8"].Data...)
	s.gate = s.node(simnet.HostConfig{})
	for range 4 {
		s.script(hlsRate*3/2/4, manner)
	}
	s.know()
	h := &hls{sim: s, list: fileNamed(t, mt.Info, "index.m3u8")}
	for i := range segments {
		h.segments = append(h.segments, fileNamed(t, mt.Info, fmt.Sprintf("%03d.ts", i)))
	}
	return h
}

// arrivals tells of the bytes of a file as they come: how many there are.
type arrivals struct {
	bytes  chan int64
	answer chan struct{} // closed when the first are there
}

func (a *arrivals) Write(p []byte) (int, error) {
	a.bytes <- int64(len(p))
	return len(p), nil
}

// get opens a file of a client, the socket of which takes all of it.
func (h *hls) get(f *metainfo.File, client netip.Prefix) *arrivals {
	hints := h.hints()
	hints.Client = client
	c, err := h.gate.session.Open(context.Background(), h.hash(), hints, f, 0, f.Length)
	if err != nil {
		h.t.Fatal(err)
	}
	a := &arrivals{make(chan int64, 1<<12), make(chan struct{})}
	go func() {
		defer c.Close()
		defer close(a.bytes)
		for i := 0; ; i++ {
			switch err := c.Wait(context.Background()); err {
			case nil:
				if i == 0 {
					close(a.answer)
				}
				c.WriteNext(a)
			case io.EOF:
				return
			default:
				h.t.Error(err)
				return
			}
		}
	}()
	return a
}

// An hlsPlayer plays the segments in order, and begins when it has so many bytes.
type hlsPlayer struct {
	ahead  int           // segments that it has requested besides the one that it plays
	begins int64         // bytes that it has to have before it plays
	buffer time.Duration // of the film that it keeps; 0: what the sockets take
	client netip.Prefix

	began   time.Duration
	stalled time.Duration
}

func (p *hlsPlayer) play(h *hls) {
	start, opened := time.Now(), map[int]*arrivals{}
	for range h.get(h.list, p.client).bytes {
	}
	var clock time.Time // when byte 0 was played, but for stalls
	had, all := int64(0), int64(0)
	for i, f := range h.segments {
		for n := i; n <= min(i+p.ahead, len(h.segments)-1); n++ {
			if opened[n] == nil {
				opened[n] = h.get(h.segments[n], p.client)
			}
		}
		for n := i; n <= min(i+p.ahead, len(h.segments)-1); n++ {
			<-opened[n].answer
		}
		all += f.Length
		for n := range opened[i].bytes {
			if had += n; clock.IsZero() {
				if had >= p.begins {
					clock, p.began = time.Now(), time.Since(start)
				}
				continue
			}
			due := clock.Add(transfer(float64(had-n), hlsRate))
			if late := time.Since(due); late > 0 {
				p.stalled += late
				clock = clock.Add(late)
			}
			time.Sleep(time.Until(due.Add(-p.buffer)))
		}
		time.Sleep(time.Until(clock.Add(transfer(float64(all), hlsRate) - p.buffer)))
		if had != all {
			h.t.Errorf("%d bytes of %d", had, all)
		}
	}
}

func TestHLS(t *testing.T) {
	for _, c := range []struct {
		name   string
		player hlsPlayer
	}{
		// ffmpeg's -re: it plays what it reads, at the film's pace.
		{"ffmpeg", hlsPlayer{ahead: 1, begins: hlsRate / 4}},
		{"ffmpeg, one connection", hlsPlayer{begins: hlsRate / 4}},
		{"hls.js", hlsPlayer{begins: hlsSegment, buffer: 30 * time.Second}},
	} {
		for _, piece := range []int64{64 << 10, 256 << 10, 1 << 20} {
			if raced && piece != 256<<10 {
				continue
			}
			t.Run(fmt.Sprintf("%s,%d", c.name, piece>>10), func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					h := newHLS(t, 15, piece, simnet.Libtorrent())
					p := c.player
					p.play(h)
					st, _ := h.gate.session.Status(h.hash())
					t.Logf("began after %v, stood still for %v; %.3f bytes fetched a byte", p.began, p.stalled, float64(st.Downloaded)/float64(len(h.content)))
					if p.stalled > 0 {
						t.Errorf("it stood still for %v", p.stalled)
					}
				})
			})
		}
	}
}

// Another client has its share beside a player, whatever that one requests at once.
func TestHLSBesideAnotherClient(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		h := newHLS(t, 15, 256<<10, simnet.Libtorrent())
		one, two := netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("10.0.0.2/32")
		player := []*arrivals{h.get(h.list, one), h.get(h.segments[0], one), h.get(h.segments[1], one)}
		other := h.get(h.segments[10], two)
		for range other.bytes {
		}
		var had int
		for _, a := range player[1:] {
			for range len(a.bytes) {
				had += int(<-a.bytes)
			}
		}
		t.Logf("%.2f of what the other one had", float64(had)/hlsSegment)
		if had < hlsSegment*3/4 || had > 2*hlsSegment {
			t.Errorf("the player had %d bytes while another client had %d", had, hlsSegment)
		}
		for _, a := range player {
			for range a.bytes {
			}
		}
	})
}
