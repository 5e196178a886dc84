package lab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
)

// busyDay is the day of a gateway with 200 swarms; the quick one has 8.
func busyDay(seed uint64, quick bool) Day {
	s := Day{
		Seed: seed, Swarms: 200, Size: miB, PieceLength: 64 * kiB, Visits: 600, Leeches: 60,
		Life: 8 * time.Hour, Uptime: 3 * time.Hour, UploadRate: 16 * kiB, CacheBytes: 64 * miB,
	}
	if quick {
		s.Swarms, s.Size, s.PieceLength, s.Visits, s.Leeches, s.CacheBytes = 8, 512*kiB, 32*kiB, 12, 4, 2*miB
	}
	return s
}

const (
	// torrentKept is what may be left of a torrent that nobody uses, in bytes: its parsed
	// metainfo (of the 256 used last), its totals, the names that it is found by.
	torrentKept = 8 * kiB
	// heapNoise is what queues and tables, the simulation's too, may have grown by since
	// their first hours, in bytes: seeds show 0.2 to 0.32 MB.
	heapNoise = 512 * kiB
)

// TestDay: what a gateway counts in a day is what its readers and peers count, within
// its limits, and it leaves nothing behind.
func TestDay(t *testing.T) {
	for i := range max(1, *seedsFlag) {
		s := busyDay(*seedFlag+uint64(i), !*reportFlag)
		r := s.Play(t)
		var table strings.Builder
		for _, l := range r.Loads {
			fmt.Fprintln(&table, l)
		}
		t.Logf("seed %d: %d readers of %d swarms (%d until hour 2), %d dropped; %d restarts; %.0f MiB read, %.0f downloaded (%.1f wasted), %.0f uploaded, %.0f of it to who stayed, at most %.2f a minute; %d evictions\n%s",
			s.Seed, r.Visits, r.Swarms, r.Early, r.Removed, r.Restarts, mebi(r.Got), mebi(r.Total.Downloaded), mebi(r.Total.Wasted),
			mebi(r.Total.Uploaded), mebi(r.Taken), mebi(r.MostUpload), r.Evictions, &table)
		r.assertCounts(t, &s)
		r.assertNothingLeft(t, &s)
	}
}

func mebi(n int64) float64 { return float64(n) / miB }

// assertCounts holds what the gateway counts against what the others do.
func (r *DayResult) assertCounts(t *testing.T, s *Day) {
	t.Helper()
	if r.Failed > 0 {
		t.Errorf("%d of %d readers gave up", r.Failed, r.Visits)
	}
	if r.Got != r.Total.Served {
		t.Errorf("%d bytes served, readers got %d", r.Total.Served, r.Got)
	}
	if r.Total.Downloaded-r.Total.Wasted < r.Distinct || r.Total.Downloaded > r.Sent || r.Total.Wasted > r.Total.Downloaded/10 {
		t.Errorf("%d bytes downloaded, %d in vain; seeds sent %d, readers wanted pieces of %d", r.Total.Downloaded, r.Total.Wasted, r.Sent, r.Distinct)
	}
	if r.Taken > r.Total.Uploaded || r.Taken == 0 {
		t.Errorf("%d bytes uploaded, leechers had %d", r.Total.Uploaded, r.Taken)
	}
	// A minute's worth, the burst of 256 KiB, and messages that are no blocks.
	if most := 60*s.UploadRate + 256*kiB + 64*kiB; r.MostUpload > most {
		t.Errorf("%d bytes were uploaded in a minute, at most %d may be", r.MostUpload, most)
	}
	// Of a swarm that is over the torrent stays for half an hour.
	if r.MostTorrents > min(2*s.Swarms, 256) || r.MostDisk > s.CacheBytes {
		t.Errorf("%d torrents at once, %d bytes on disk", r.MostTorrents, r.MostDisk)
	}
	if r.Evictions == 0 || r.Removed == 0 || r.Restarts < 2*r.Swarms {
		t.Errorf("a dull day: %d evictions, %d removals, %d restarts", r.Evictions, r.Removed, r.Restarts)
	}
}

// assertNothingLeft compares what the gateway holds after two hours and after 24, both
// times after 45 minutes without anybody.
func (r *DayResult) assertNothingLeft(t *testing.T, s *Day) {
	t.Helper()
	first, last := r.Loads[0], r.Loads[len(r.Loads)-1]
	for _, l := range []Load{first, last} {
		if l.Torrents != 0 || l.Conns != 0 || l.Readers != 0 {
			t.Errorf("at %v, with nobody there: %d torrents, %d connections, %d readers", l.At, l.Torrents, l.Conns, l.Readers)
		}
	}
	if last.Goroutines > first.Goroutines {
		t.Errorf("%d goroutines, %d after two hours", last.Goroutines, first.Goroutines)
	}
	// Files of runs that are cached are kept open. A small cache has runs of a 64th of it, and each torrent has one
	// that is not full.
	if last.Files > first.Files+min(64+s.Swarms, cache.MaxOpenFiles) {
		t.Errorf("%d files are open, %d after two hours", last.Files, first.Files)
	}
	grown := (last.Heap - last.Buffers) - (first.Heap - first.Buffers)
	if most := int64(heapNoise + (r.Swarms-r.Early)*torrentKept); grown > most {
		t.Errorf("%d bytes more on the heap than after two hours, at most %d may be", grown, most)
	}
	t.Logf("%d bytes more on the heap than after two hours, %d more goroutines, %d more files", grown, last.Goroutines-first.Goroutines, last.Files-first.Files)
}
