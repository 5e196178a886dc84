package fetch

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

// newDiskFleet makes three gateways with disks of so many bytes and next to no memory, and a swarm.
func newDiskFleet(t *testing.T, disk int64, size int) *simFleet {
	f := newSimFleetOf(t, metainfo.V1, 0, 256<<10, size)
	f.disk = disk
	f.begin(3)
	for range 4 {
		f.seed(simRate, false)
	}
	return f
}

// What an owner fetches for another gateway does not take the place of what its own readers read: that gateway has it.
func TestSiblingsFullDisk(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const half, size = 4 << 20, 8 << 20
		f := newDiskFleet(t, 6<<20, size)
		owner, others := f.owner()
		f.fetch(owner, f.hints(), half, half)
		f.fetch(others[0], f.hints(), 0, half) // by way of the owner, whose disk has no room for all of it
		synctest.Wait()
		if n := f.outside(); n != size {
			t.Fatalf("%d bytes came from outside for %d", n, size)
		}
		f.fetch(owner, Hints{}, half, half)
		f.fetch(others[0], Hints{}, 0, half)
		f.fetch(others[1], Hints{}, 0, half) // which has it of the other
		if n := f.outside(); n != size {
			t.Errorf("%d bytes more came from outside for what was here", n-size)
		}
	})
}

// As long as there is room, an owner keeps what it fetched for another gateway, and gives it again.
func TestSiblingsDiskWithRoom(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 4 << 20
		f := newDiskFleet(t, 64<<20, size)
		_, others := f.owner()
		f.fetch(others[0], f.hints(), 0, size)
		if err := others[0].session.Evict(context.Background(), f.hash()); err != nil {
			t.Fatal(err)
		}
		f.fetch(others[0], Hints{}, 0, size)
		if n := f.outside(); n != size {
			t.Errorf("%d bytes came from outside for %d", n, size)
		}
	})
}

// What an owner gives another gateway once more still makes way for what its own readers read.
func TestSiblingsFullDiskAfterAnUpload(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const part, size = 2 << 20, 8 << 20
		f := newDiskFleet(t, 7<<20, size)
		owner, others := f.owner()
		f.fetch(owner, f.hints(), 2*part, part)
		f.fetch(others[0], f.hints(), 0, 2*part)
		if err := others[0].session.Evict(context.Background(), f.hash()); err != nil {
			t.Fatal(err)
		}
		f.fetch(others[0], Hints{}, 0, 2*part)
		f.fetch(owner, f.hints(), 3*part, part) // for which there is too little room
		if n := f.outside(); n != size {
			t.Fatalf("%d bytes came from outside for %d", n, size)
		}
		f.fetch(owner, Hints{}, 2*part, 2*part)
		f.fetch(others[0], Hints{}, 0, 2*part)
		if n := f.outside(); n != size {
			t.Errorf("%d bytes more came from outside for what was here", n-size)
		}
	})
}
