package peer

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"testing"

	"github.com/btgw/btgw/internal/cputime"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/wire"
)

// BenchmarkDownload is a connection that downloads from a peer that does nothing
// but answer, over loopback TCP. The CPU time is of both ends; the peer's is
// about a write of 64 KiB for four blocks.
func BenchmarkDownload(b *testing.B) {
	const pieces, pieceLength = 256, 1 << 20
	tor, data := content(b, pieces*pieceLength, pieceLength)
	addr := answerer(b, tor.Info, data)
	h := newTestHost(b, HostConfig{Network: loopback{}})
	d := &rounds{info: tor.Info, want: int64(b.N), buf: make([]byte, len(data)), done: make(chan struct{})}
	s, err := h.NewSwarm(SwarmConfig{Hashes: tor.Info.Hashes(), Info: tor.Info, Demand: d, Supply: seed(tor.Info, nil)})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(metainfo.BlockLen)
	b.ReportAllocs()
	before := cputime.Used()
	b.ResetTimer()
	s.AddHostPorts(book.SourceUser, addr)
	s.SetWanted(true)
	<-d.done
	b.StopTimer()
	cpu := (cputime.Used() - before).Seconds()
	b.ReportMetric(cpu/(float64(b.N)*metainfo.BlockLen/(1<<30)), "cpu-s/GiB")
}

// rounds wants every block of a torrent, again and again.
type rounds struct {
	info        *metainfo.Info
	buf         []byte
	want        int64
	sent, came  int64
	outstanding int
	lets        bool
	done        chan struct{}
	c           *Conn
	out         []Command
}

func (d *rounds) Join(c *Conn) Download {
	d.c = c
	return d
}

func (d *rounds) Leave() {}

func (d *rounds) Place(b metainfo.Block) []byte {
	at := int(b.Piece)*int(d.info.PieceLength) + int(b.Begin)
	return d.buf[at : at+int(b.Length)]
}

func (d *rounds) Update(events []Event) {
	out := d.out[:0]
	for i := range events {
		switch events[i].Kind {
		case HasAll:
			out = append(out, Command{Op: Interested})
		case Unchoked:
			d.lets = true
		case Arrived:
			d.outstanding--
			if d.came++; d.came == d.want {
				close(d.done)
			}
		}
	}
	if d.lets && d.outstanding <= 64 {
		per := int64(d.info.NumBlocks(0))
		for ; d.outstanding < 128 && d.sent < d.want; d.sent++ {
			n := d.sent % (per * int64(d.info.NumPieces()))
			out = append(out, Command{Op: Request, Block: d.info.Block(int(n/per), int(n%per))})
			d.outstanding++
		}
	}
	if d.out = out; len(out) > 0 {
		d.c.Send(out...)
	}
}

// answerer listens for one peer and answers its requests.
func answerer(b *testing.B, info *metainfo.Info, data []byte) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		defer nc.Close()
		r := bufio.NewReaderSize(nc, 64<<10)
		if _, err := io.ReadFull(r, make([]byte, wire.HandshakeLen)); err != nil {
			return
		}
		out := wire.AppendHandshake(nil, wire.NewHandshake(info.Hashes()[0].Wire(), [20]byte{1}))
		out = wire.AppendSimple(out, wire.HaveAll)
		out = wire.AppendSimple(out, wire.Unchoke)
		head := make([]byte, 4)
		body := make([]byte, 1<<16)
		for {
			if r.Buffered() == 0 || len(out) >= 64<<10 {
				if _, err := nc.Write(out); err != nil {
					return
				}
				out = out[:0]
			}
			if _, err := io.ReadFull(r, head); err != nil {
				return
			}
			msg := body[:binary.BigEndian.Uint32(head)]
			if _, err := io.ReadFull(r, msg); err != nil {
				return
			}
			if len(msg) > 0 && wire.ID(msg[0]) == wire.Request {
				blk := wire.ParseBlock(msg[1:])
				at := int64(blk.Piece)*info.PieceLength + int64(blk.Begin)
				out = wire.AppendPieceHeader(out, blk)
				out = append(out, data[at:at+int64(blk.Length)]...)
			}
		}
	}()
	return l.Addr().String()
}

// BenchmarkUpload is a connection that uploads from memory to a peer that asks
// for 64 blocks ahead, over loopback TCP. The CPU time is of both ends.
func BenchmarkUpload(b *testing.B) {
	const pieces, pieceLength = 64, 1 << 20
	tor, data := content(b, pieces*pieceLength, pieceLength)
	h := newTestHost(b, HostConfig{Network: loopback{}, Listen: "127.0.0.1:0"})
	swarm(b, h, tor, seed(tor.Info, data))
	nc, err := net.Dial("tcp", loopbackAddr(h).String())
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	out := wire.AppendHandshake(nil, wire.NewHandshake(tor.Info.Hashes()[0].Wire(), [20]byte{1}))
	n, blocks := 0, pieces*pieceLength/metainfo.BlockLen
	ask := func(k int) {
		for ; k > 0; k, n = k-1, n+1 {
			at := n % blocks
			out = wire.AppendBlock(out, wire.Request, wire.Block(tor.Info.Block(at/64, at%64)))
		}
		if _, err := nc.Write(out); err != nil {
			b.Fatal(err)
		}
		out = out[:0]
	}
	b.SetBytes(metainfo.BlockLen)
	b.ReportAllocs()
	before := cputime.Used()
	b.ResetTimer()
	ask(128)
	buf := make([]byte, 256<<10)
	want := int64(b.N) * (metainfo.BlockLen + wire.PieceHeaderLen)
	asked := want - 128*(metainfo.BlockLen+wire.PieceHeaderLen)
	for got, step := int64(0), int64(0); got < want; {
		k, err := nc.Read(buf)
		if err != nil {
			b.Fatal(err)
		}
		got += int64(k)
		if step += int64(k); step > 32*metainfo.BlockLen && asked > 0 {
			ask(32)
			step -= 32 * metainfo.BlockLen
			asked -= 32 * metainfo.BlockLen
		}
	}
	b.StopTimer()
	cpu := (cputime.Used() - before).Seconds()
	b.ReportMetric(cpu/(float64(b.N)*metainfo.BlockLen/(1<<30)), "cpu-s/GiB")
}
