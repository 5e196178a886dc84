package metainfo

import (
	"bytes"
	"errors"
	"testing"

	"github.com/btgw/btgw/metainfo/bencode"
)

// FuzzTorrent parses .torrent files. What is accepted survives being written,
// has one URL a file, and a geometry in which every block is valid.
func FuzzTorrent(f *testing.F) {
	root, layer := zerosHashes(1<<20, 65536)
	for _, seed := range []dict{
		torrentOf(v1Single()), torrentOf(v1Multi()), torrentOf(v2Single()), torrentOf(v2Multi()), torrentOf(hybridMulti()),
		layered(dict{string(root): layer}), torrentOf(withPaths([]string{"a"}, []string{"a"}, []string{"..", ""})),
		with(torrentOf(v1Single()), "announce-list", []any{[]string{"udp://t.example:1"}}),
		with(torrentOf(v1Single()), "nodes", []any{[]any{"n.example", 1}}),
		torrentOf(with(v1Multi(), "files", []any{file("a/b", 5), link("l", "a/b"), link("a/m", "../l")})),
	} {
		f.Add(encode(f, seed))
	}
	for _, c := range malformedTorrents() {
		b, ok := c.torrent.([]byte)
		if !ok {
			b = encode(f, c.torrent)
		}
		if len(b) < 1<<12 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tor, err := ParseTorrent(b)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		again, err := ParseTorrent(tor.Encode())
		if err != nil || !bytes.Equal(again.Encode(), tor.Encode()) {
			t.Fatalf("%q does not survive: %v", b, err)
		}
		checkInfo(t, tor.Info)
	})
}

// FuzzInfo parses bare info dictionaries, as they come from peers.
func FuzzInfo(f *testing.F) {
	for _, seed := range []dict{v1Single(), v1Multi(), v2Single(), v2Multi(), hybridMulti()} {
		f.Add(encode(f, seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := ParseInfo(b)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if !bytes.Equal(in.Raw(), b) {
			t.Fatalf("%q became %q", b, in.Raw())
		}
		checkInfo(t, in)
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var inv *InvalidError
	if !errors.As(err, &inv) || inv.Reason == "" || inv.Field == "" {
		t.Fatalf("%#v", err)
	}
}

// checkInfo asks all questions to an Info that was accepted.
func checkInfo(t *testing.T, in *Info) {
	t.Helper()
	checkURLs(t, in)
	for i := range in.Files {
		f := &in.Files[i]
		if f.Length > 0 {
			first, last := in.Pieces(f, 0, f.Length)
			if first < 0 || last >= in.NumPieces() || first > last {
				t.Fatalf("file %d in pieces %d to %d of %d", i, first, last, in.NumPieces())
			}
		}
		if in.Symlink(f) != nil {
			if _, err := in.Lookup(append([]string{in.Name}, in.Path(f)...)); err != nil && !errors.Is(err, ErrNotFound) {
				t.Fatal(err)
			}
		}
	}
	for _, p := range []int{0, in.NumPieces() / 2, in.NumPieces() - 1} {
		n := in.NumBlocks(p)
		if n < 1 || !in.ValidBlock(in.Block(p, 0)) || !in.ValidBlock(in.Block(p, n-1)) || in.PieceSize(p) > MaxPieceLength {
			t.Fatalf("piece %d of %d bytes", p, in.PieceSize(p))
		}
		if v, ok := in.NewVerifier(p, nil); ok {
			v.Write([]byte("nothing like it"))
			if v.OK() {
				t.Fatal("anything verifies")
			}
		}
	}
}

// FuzzPieceLayers checks layers of any bytes: none that is not the right one is
// accepted, and none makes a Verifier read past its end.
func FuzzPieceLayers(f *testing.F) {
	root, layer := zerosHashes(200_000, 16384)
	info := encode(f, dict{"name": "x", "piece length": 16384, "meta version": 2, "file tree": dict{
		"x": dict{"": dict{"length": 200_000, "pieces root": root}},
	}})
	in, err := ParseInfo(info)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(root, layer)
	f.Add(root, layer[32:])
	f.Add(root[:5], layer)
	f.Add(root, []byte{})
	f.Add(layer[:32], root)
	f.Fuzz(func(t *testing.T, key, value []byte) {
		right := bytes.Equal(key, root) && bytes.Equal(value, layer)
		if len(key) == 32 {
			if err := in.CheckLayer([32]byte(key), value); (err == nil) != right {
				t.Fatalf("%x: %v", key, err)
			}
			for _, p := range []int{0, 5, in.NumPieces() - 1} {
				in.NewVerifier(p, PieceLayers{[32]byte(key): value})
			}
		}
		b := encode(t, dict{"info": bencode.RawValue(info), "piece layers": dict{string(key): value}})
		if _, err := ParseTorrent(b); (err == nil) != right {
			t.Fatalf("%x: %v", key, err)
		}
	})
}

// FuzzMagnet parses magnet links: what is accepted survives being written.
func FuzzMagnet(f *testing.F) {
	for _, seed := range []string{
		"magnet:?xt=urn:btih:" + hexV1, "magnet:?xt=urn:btmh:1220" + hexV2 + "&dn=a+b%20c&dn=100%",
		"magnet:?xt=urn:btih:" + b32V1 + "&tr=http%3A%2F%2Ft.example&tr.1=udp://u.example:1&x.pe=[::1]:5&x.pe=h:1&ws=http://s.example/&so=1,3-5&xl=7",
		"magnet:?xt.1=urn:btih:&x.pe=::1", "magnet:?", "magnet:?xt=urn:btih:" + hexV1 + "&dn=%zz&tr=%zz&so=1-",
		"<MAGNET%3A%3Fxt=3Durn%253Abtih%253A" + hexV1 + "&amp;dn=a#b;\ntr=http://t/?a=b&c>", hexV1 + "?tr=udp://a:1,udp://b:2&xs=http://x/&as=%20",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		m, err := ParseMagnet(uri)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if len(m.Hashes) > 2 || len(m.Trackers) > MaxTrackers || len(m.Peers) > MaxNodes || len(m.Select) > MaxSelect || len(m.Dropped) > MaxDropped {
			t.Fatalf("%q: more than there may be", uri)
		}
		m.Dropped = nil
		again, err := ParseMagnet(m.String())
		if err != nil && len(m.String()) <= MaxMagnetLen {
			t.Fatalf("%q: %q: %v", uri, m, err)
		}
		if err == nil && diffMagnets(m, again) != "" {
			t.Fatalf("%q: %s", uri, diffMagnets(m, again))
		}
	})
}

// FuzzInfoHash parses infohashes: each has one canonical form.
func FuzzInfoHash(f *testing.F) {
	for _, seed := range []string{"", hexV1, b32V1, hexV2, "1220" + hexV2, b32V2(), b32Multihash(), b32V2()[:51] + "b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := ParseInfoHash(s); err == nil {
			if again, err := ParseInfoHash(h.String()); err != nil || again != h || h.IsV2() {
				t.Fatalf("%q: %s, %v", s, h, err)
			}
		} else {
			checkRefusal(t, err)
		}
		if h, err := ParseMultihash(s); err == nil {
			if again, err := ParseMultihash(h.String()); err != nil || again != h || !h.IsV2() {
				t.Fatalf("%q: %s, %v", s, h, err)
			}
		} else {
			checkRefusal(t, err)
		}
	})
}
