package clients

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
)

// writeNoise makes file number index of a payload.
func writeNoise(tb testing.TB, path string, seed, index uint64, size int64) {
	tb.Helper()
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	binary.BigEndian.PutUint64(key[8:], index)
	writeFile(tb, path, io.LimitReader(rand.NewChaCha8(key), size))
}

func makeTorrent(tb testing.TB, root string, spec Spec) *metainfo.Torrent {
	tb.Helper()
	opts := metainfo.MakeOptions{
		Root: root, Name: spec.Name, Version: spec.Version,
		PieceLength: spec.PieceLength, Private: spec.Private,
	}
	if opts.Version == 0 {
		opts.Version = metainfo.V1
	}
	padded := opts.Version == metainfo.V1 && (spec.PadFiles || spec.BitComet)
	if padded {
		opts.Version = metainfo.Hybrid
	}
	for _, url := range spec.Trackers {
		opts.Trackers = append(opts.Trackers, []string{url})
	}
	t, err := metainfo.Make(tb.Context(), opts)
	if err == nil && padded {
		t.Info, err = withoutV2(t.Info)
		t.Layers = nil
	}
	if err == nil && spec.BitComet {
		t.Info, err = paddedByName(t.Info)
	}
	if err == nil && spec.Metadata > 0 {
		t.Info, err = stretched(t.Info, spec.Metadata)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// stretched adds a key to an info dictionary that makes it n bytes long. What it holds
// does not compress.
func stretched(in *metainfo.Info, n int) (*metainfo.Info, error) {
	raw := in.Raw()
	const key = "1:~" // behind all others
	more := n - len(raw) - len(key)
	more -= len(strconv.Itoa(more)) + 1
	raw = fmt.Appendf(raw[:len(raw)-1:len(raw)-1], "%s%d:", key, more)
	noise := make([]byte, more)
	rand.NewChaCha8([32]byte{}).Read(noise)
	return metainfo.ParseInfo(append(append(raw, noise...), 'e'))
}

// paddedByName names the padding files of a v1 torrent as BitComet did before BEP 47.
func paddedByName(in *metainfo.Info) (*metainfo.Info, error) {
	info, err := bencode.Parse(in.Raw())
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	for key, value := range info.Dict() {
		all[string(key)] = bencode.RawValue(value.Raw())
	}
	var files []any
	for file := range info.Get("files").List() {
		if file.Get("attr").Text() != "p" {
			files = append(files, bencode.RawValue(file.Raw()))
			continue
		}
		n, _ := file.Get("length").Int()
		name := fmt.Sprintf("_____padding_file_%d_if you see this file, please update to BitComet 0.85 or above____", len(files))
		files = append(files, map[string]any{"length": n, "path": []any{name}})
	}
	all["files"] = files
	raw, err := bencode.Append(nil, all)
	if err != nil {
		return nil, err
	}
	return metainfo.ParseInfo(raw)
}

// withoutV2 leaves the v1 half of a hybrid torrent: one whose files are aligned
// by padding.
func withoutV2(in *metainfo.Info) (*metainfo.Info, error) {
	info, err := bencode.Parse(in.Raw())
	if err != nil {
		return nil, err
	}
	v1 := map[string]any{}
	for key, value := range info.Dict() {
		if k := string(key); k != "meta version" && k != "file tree" {
			v1[k] = bencode.RawValue(value.Raw())
		}
	}
	raw, err := bencode.Append(nil, v1)
	if err != nil {
		return nil, err
	}
	return metainfo.ParseInfo(raw)
}
