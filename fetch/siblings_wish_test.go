package fetch

import (
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// Two gateways read a file that a third one fetches for them. It takes no longer where that one has no reader of
// its own.
func TestSiblingsOwnerWithoutReader(t *testing.T) {
	const size = 16 << 20
	took := make(map[bool]time.Duration)
	for _, reads := range []bool{true, false} {
		bubble.Test(t, func(t *testing.T) {
			f := newSimFleet(t, 3, 256<<10, size)
			for range 4 {
				f.seed(simRate, false)
			}
			owner, others := f.owner()
			var own, readers sync.WaitGroup
			if reads {
				own.Go(func() { f.fetch(owner, f.hints(), 0, size) })
			}
			start := time.Now()
			for _, g := range others {
				readers.Go(func() { f.fetch(g, f.hints(), 0, size) })
			}
			readers.Wait()
			took[reads] = time.Since(start)
			own.Wait()
			if n := f.outside(); n > size*102/100 {
				t.Errorf("%d bytes came from outside, for a file of %d", n, size)
			}
		})
	}
	t.Logf("%v where the owner reads, %v where it does not", took[true], took[false])
	if took[false] > took[true]*115/100 {
		t.Errorf("two readers took %v, and %v where the owner reads too", took[false], took[true])
	}
}
