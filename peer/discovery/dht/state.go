package dht

import (
	"errors"
	"fmt"

	"github.com/anacrolix/dht/v2/krpc"

	"github.com/btgw/btgw/internal/statefile"
	"github.com/btgw/btgw/metainfo/bencode"
)

// savedNode is what is kept of a node of ours over restarts: its id, which
// others know, and the nodes that it knew.
type savedNode struct {
	id    [20]byte // zero: none
	nodes []krpc.NodeInfo
}

func stateFile(path string) statefile.File {
	return statefile.File{Path: path, Kind: "nodes", Version: 1, MaxSize: maxStateFile}
}

// loadState reads a file of saveState, and gives what is right of it by family;
// a file that is none, is too large or is damaged gives nothing.
func loadState(path string) (map[string]savedNode, error) {
	b, _, err := stateFile(path).Load()
	if err != nil {
		return nil, fmt.Errorf("dht: nodes of the last run: %w", err)
	}
	if b == nil {
		return nil, nil
	}
	return parseState(b)
}

// parseState reads the dictionary of a file: "id4" and "nodes4", "id6" and
// "nodes6", compact as in BEP 5 and BEP 32.
func parseState(b []byte) (map[string]savedNode, error) {
	v, err := bencode.Parse(b)
	if err != nil || v.Kind() != bencode.Dict || len(b) > maxStateFile {
		return nil, errors.New("dht: the file of nodes is damaged")
	}
	saved := make(map[string]savedNode)
	for family, size := range map[string]int{"4": node4, "6": node6} {
		var s savedNode
		if id, ok := v.Get("id" + family).Bytes(); ok && len(id) == 20 {
			s.id = [20]byte(id)
		}
		for nodes, _ := v.Get("nodes" + family).Bytes(); len(nodes) >= size && len(s.nodes) < maxSaved; nodes = nodes[size:] {
			if ni, ok := nodeInfo(nodes[:size]); ok {
				s.nodes = append(s.nodes, ni)
			}
		}
		saved[family] = s
	}
	return saved, nil
}

// nodeInfo reads a node in compact form.
func nodeInfo(b []byte) (ni krpc.NodeInfo, ok bool) {
	addr := compactAddr(b[20:])
	if !addr.IsValid() || addr.Port() == 0 || addr.Addr().IsUnspecified() || addr.Addr().IsMulticast() || [20]byte(b[:20]) == [20]byte{} {
		return ni, false
	}
	ni.ID = [20]byte(b[:20])
	ni.Addr.FromAddrPort(addr)
	return ni, true
}

// saveState writes what is to be kept of nodes, whole or not at all.
func saveState(path string, nodes []*node) error {
	b := []byte{'d'}
	for _, part := range []string{"id", "nodes"} {
		for _, n := range nodes {
			value, err := n.saved(part)
			if err != nil {
				return fmt.Errorf("dht: saving nodes: %w", err)
			}
			b = appendText(b, part+n.family, value)
		}
	}
	if err := stateFile(path).Save(append(b, 'e')); err != nil {
		return fmt.Errorf("dht: saving nodes: %w", err)
	}
	return nil
}

// saved gives a part of what is kept of a node.
func (n *node) saved(part string) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if part == "id" {
		return n.id[:], nil
	}
	nodes := n.server.Nodes()
	nodes = nodes[:min(len(nodes), maxSaved)]
	if n.family == "6" {
		return krpc.CompactIPv6NodeInfo(nodes).MarshalBinary()
	}
	return krpc.CompactIPv4NodeInfo(nodes).MarshalBinary()
}
