package fetch

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/btgw/btgw/metainfo"
)

// material is the contents of simulated swarms, and their torrents. It is made once: with the race
// detector, random bytes cost more than most tests do with them. Nobody may change them.
var material struct {
	sync.Mutex
	random   []byte // the shorter contents begin it
	torrents map[materialKey]*metainfo.Torrent
}

// A materialKey is what a torrent of material depends on.
type materialKey struct {
	size        int
	version     metainfo.Version
	pieceLength int64
	private     bool
}

// keptMaterial is the longest content in bytes that is kept for the next test.
const keptMaterial = 64 << 20

// materialOf gives random bytes, which are constant, and a torrent with them, which is the caller's but for its Info.
func materialOf(t *testing.T, key materialKey) ([]byte, *metainfo.Torrent) {
	material.Lock()
	defer material.Unlock()
	if material.random == nil {
		material.random = make([]byte, keptMaterial)
		rand.NewChaCha8([32]byte{1}).Read(material.random)
		material.torrents = make(map[materialKey]*metainfo.Torrent)
	}
	content := material.random[:min(key.size, keptMaterial):min(key.size, keptMaterial)]
	if key.size > keptMaterial {
		content = longMaterial(key.size)
	}
	made := material.torrents[key]
	if made == nil {
		var err error
		made, err = metainfo.Make(context.Background(), metainfo.MakeOptions{
			FS: fstest.MapFS{"film.mkv": {Data: content}}, Root: "film.mkv",
			Version: key.version, PieceLength: key.pieceLength, Private: key.private,
		})
		if err != nil {
			t.Fatal(err)
		}
		material.torrents[key] = made
	}
	mine := *made
	return content, &mine
}

// longMaterial repeats the random bytes. Each block of it has its number in it, so that no two are the same.
func longMaterial(size int) []byte {
	content := make([]byte, size)
	for at := 0; at < size; at += keptMaterial {
		copy(content[at:], material.random)
	}
	for at := 0; at+8 <= size; at += metainfo.BlockLen {
		binary.BigEndian.PutUint64(content[at:], uint64(at))
	}
	return content
}
