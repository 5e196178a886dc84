package fleet

import "time"

// A Scenario is what happens to a fleet. The same one, seed included, gives the same result.
type Scenario struct {
	Seed     uint64
	Gateways int           // at the start; at most maxGateways with those that join
	Cache    int64         // bytes of each gateway's disk
	Titles   int           // torrents of one file
	Readers  int           // over Length
	Length   time.Duration // of the day that is played

	Siblings bool // the gateways are a fleet
	Store    bool // there is an object store
	// KeptTwice asks what if: an owner keeps what it fetches for a sibling like what its own readers read. btgw's
	// evicts it first.
	KeptTwice bool

	Kills    int // gateways that die and come back after Absence; each third has lost its disk
	Absence  time.Duration
	Joins    int           // gateways that come at a third of Length, and leave at two thirds
	Outage   time.Duration // of the store, from the middle of Length
	Overload float64       // the balancer's bound of a gateway's streams, as a multiple of the mean
}

// Day is the scenario of make lab-fleet.
func Day() Scenario {
	return Scenario{
		Seed: 1, Gateways: 50, Cache: 1 << 40, Titles: 100_000, Readers: 1_000_000, Length: 24 * time.Hour,
		Kills: 24, Absence: 10 * time.Minute, Joins: 5, Outage: 2 * time.Hour, Overload: 1.5,
	}
}

const (
	// maxGateways is how many there may be: a chunk knows its gateways by one word.
	maxGateways = 64
	// chunk is what is read, cached and written at a time.
	chunk = 128 << 20

	// The sizes of titles are spread log-normally.
	medianTitle   = 1 << 30
	titleSpread   = 1.0
	smallestTitle = chunk
	largestTitle  = 16 << 30
	// Which title is read follows Zipf's law with this exponent, from this rank on.
	zipfExponent = 1.1
	zipfOffset   = 10
	// whole is the part of readers that read to the end. The others stop anywhere.
	whole = 0.4
	// films is the part of readers that read at filmRate; others download.
	films        = 0.7
	filmRate     = 2_500_000  // bytes a second
	downloadRate = 20_000_000 // bytes a second

	// First bytes, by where they come from.
	firstCache   = time.Millisecond
	firstSibling = 5 * time.Millisecond
	firstStore   = 40 * time.Millisecond
	firstWarm    = 84 * time.Millisecond  // the median; peers outside are connected
	firstSwarm   = 185 * time.Millisecond // the median; the metadata is known
	firstUnknown = 287 * time.Millisecond // the median; it is not
	swarmSpread  = 0.5                    // of all three, log-normal

	// warmTime is how long peers outside stay connected after the last reader, as in fetch (warmFor).
	warmTime = 2 * time.Minute
)
