package names

import (
	"errors"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// errDamaged is a file that is not what was saved.
var errDamaged = errors.New("names: the file is damaged")

// loadItems reads a file of saveItems: a list of items, whose signatures are checked.
func loadItems(f statefile.File) ([]dht.Item, error) {
	b, _, err := f.Load()
	if err != nil || len(b) == 0 {
		return nil, err
	}
	return parseItems(b)
}

func parseItems(b []byte) (items []dht.Item, err error) {
	list, err := bencode.Parse(b)
	if err != nil || list.Kind() != bencode.List {
		return nil, errDamaged
	}
	for v := range list.List() {
		it := dht.Item{}
		key, _ := v.Get("k").Bytes()
		sig, _ := v.Get("sig").Bytes()
		it.Salt, _ = v.Get("salt").Bytes()
		it.Value, _ = v.Get("v").Bytes()
		seq, ok := v.Get("seq").Int()
		if it.Seq = seq; !ok || len(key) != len(it.Key) || len(sig) != len(it.Sig) {
			return items, errDamaged
		}
		it.Key, it.Sig = [32]byte(key), [64]byte(sig)
		if !it.Valid() {
			return items, errDamaged
		}
		items = append(items, it)
	}
	return items, nil
}

func saveItems(f statefile.File, items []dht.Item) error { return f.Save(appendItems(nil, items...)) }

// appendItems appends what parseItems reads.
func appendItems(b []byte, items ...dht.Item) []byte {
	b = append(b, 'l')
	text := func(key string, value []byte) { b = bencode.AppendString(bencode.AppendString(b, key), value) }
	for i := range items {
		it := &items[i]
		b = append(b, 'd')
		text("k", it.Key[:])
		text("salt", it.Salt)
		b = bencode.AppendInt(bencode.AppendString(b, "seq"), it.Seq)
		text("sig", it.Sig[:])
		text("v", it.Value)
		b = append(b, 'e')
	}
	return append(b, 'e')
}
