package metainfo

import (
	"net"
	"strconv"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Encode returns t as a .torrent file. ParseTorrent of it gives t again; the
// info dictionary is written byte for byte as it was parsed.
func (t *Torrent) Encode() []byte {
	d := map[string]any{"info": bencode.RawValue(t.Info.Raw())}
	if len(t.Trackers) > 0 && len(t.Trackers[0]) > 0 {
		d["announce"] = t.Trackers[0][0]
		if len(t.Trackers) > 1 || len(t.Trackers[0]) > 1 {
			tiers := make([]any, len(t.Trackers))
			for i, tier := range t.Trackers {
				tiers[i] = tier
			}
			d["announce-list"] = tiers
		}
	}
	if len(t.WebSeeds) > 0 {
		d["url-list"] = t.WebSeeds
	}
	if nodes := encodeNodes(t.Nodes); len(nodes) > 0 {
		d["nodes"] = nodes
	}
	if t.Comment != "" {
		d["comment"] = t.Comment
	}
	if t.CreatedBy != "" {
		d["created by"] = t.CreatedBy
	}
	if t.CreationDate > 0 {
		d["creation date"] = t.CreationDate
	}
	if t.Charset != "" {
		d["encoding"] = t.Charset
	}
	if t.Info.HasV2() {
		layers := make(map[string]any, len(t.Layers))
		for root, layer := range t.Layers {
			layers[string(root[:])] = layer
		}
		d["piece layers"] = layers
	}
	b, _ := bencode.Append(nil, d) // all values are of kinds that it knows
	return b
}

func encodeNodes(nodes []string) []any {
	var list []any
	for _, node := range nodes {
		host, port, err := net.SplitHostPort(node)
		n, err2 := strconv.ParseUint(port, 10, 16)
		if err == nil && err2 == nil {
			list = append(list, []any{host, int64(n)})
		}
	}
	return list
}
