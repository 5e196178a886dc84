package metainfo

import (
	"bytes"
	"context"
	"testing"
	"testing/fstest"
)

func TestMakeSmoke(t *testing.T) {
	fsys := fstest.MapFS{"d/a/x": {Data: bytes.Repeat([]byte("abc"), 30000)}, "d/b": {Data: []byte("hi")}, "d/empty": {}, "d/big": {Data: bytes.Repeat([]byte("q"), 100000)}}
	for _, v := range []Version{V1, V2, Hybrid} {
		tor, err := Make(context.Background(), MakeOptions{FS: fsys, Root: "d", Version: v})
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseTorrent(tor.Encode())
		if err != nil {
			t.Fatal(v, err)
		}
		t.Log(back.Info.Hashes(), back.Info.NumPieces(), len(back.Layers))
		if !bytes.Equal(back.Encode(), tor.Encode()) {
			t.Fatal("differ")
		}
	}
}
