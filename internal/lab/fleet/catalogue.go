package fleet

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/btgw/btgw/peer/sibling"
)

// A catalogue is all titles, each with its chunks.
type catalogue struct {
	seed   uint64
	first  []int32  // each title's first chunk; one more at the end
	owners [][]int8 // the gateways by their right to a title; nil where nobody has asked
	places [][]int8 // the gateways in the order of the balancer's hash
	nodes  []sibling.Node
	slots  []sibling.Node
}

func newCatalogue(seed uint64, titles, gateways int, random *rand.Rand) *catalogue {
	c := &catalogue{seed: seed, first: make([]int32, titles+1), owners: make([][]int8, titles), places: make([][]int8, titles)}
	for i := range titles {
		size := math.Exp(random.NormFloat64()*titleSpread) * medianTitle
		size = min(max(size, smallestTitle), largestTitle)
		c.first[i+1] = c.first[i] + int32(math.Ceil(size/chunk))
	}
	for i := range gateways {
		c.nodes = append(c.nodes, sibling.Node(c.name("node", i)))
		c.slots = append(c.slots, sibling.Node(c.name("slot", i)))
	}
	return c
}

// name is a hash that nothing else has.
func (c *catalogue) name(kind string, i int) [20]byte {
	b := binary.BigEndian.AppendUint64([]byte(kind), c.seed)
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(b, uint64(i)))
	return [20]byte(sum[:20])
}

// ownersOf returns all gateways by their right to a title. Those that are gone are to be passed
// over: rendezvous hashing orders the others the same without them.
func (c *catalogue) ownersOf(title int) []int8 {
	if c.owners[title] == nil {
		c.owners[title] = order(c.name("title", title), c.nodes)
	}
	return c.owners[title]
}

// placesOf returns all gateways in the order in which the balancer tries them. Its ring moves as
// few titles as this hash does, and is another one than that of the owners.
func (c *catalogue) placesOf(title int) []int8 {
	if c.places[title] == nil {
		c.places[title] = order(c.name("title", title), c.slots)
	}
	return c.places[title]
}

func order(hash [20]byte, nodes []sibling.Node) []int8 {
	at := make(map[sibling.Node]int8, len(nodes))
	for i, n := range nodes {
		at[n] = int8(i)
	}
	out := make([]int8, 0, len(nodes))
	for _, n := range sibling.Order(hash, nodes) {
		out = append(out, at[n])
	}
	return out
}
