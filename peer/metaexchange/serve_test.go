package metaexchange

import (
	"bytes"
	"testing"

	"github.com/btgw/btgw/peer/wire"
)

func TestServedIsTwiceTheWholeInAPeriod(t *testing.T) {
	const parts = 3
	var s Served
	granted := 0
	for i := range 10 * parts {
		if s.Grant(epoch, i%parts, parts) {
			granted++
		}
	}
	if granted != 2*parts {
		t.Errorf("%d parts granted, want %d", granted, 2*parts)
	}
	if s.Grant(epoch.Add(ServedPeriod), 0, parts) {
		t.Error("granted before the period is over")
	}
	if !s.Grant(epoch.Add(ServedPeriod+1), 0, parts) {
		t.Error("not granted in the next period")
	}
	if s.Grant(epoch.Add(ServedPeriod+1), parts, parts) {
		t.Error("granted a part that there is not")
	}
}

func TestServedQueue(t *testing.T) {
	raw := rawMetadata(2*wire.MetadataPart + 7)
	var s Served
	of := NumParts(int64(len(raw)))
	for i := range maxQueue {
		if !s.Grant(epoch, i%of, maxQueue) {
			t.Fatalf("part %d not granted", i)
		}
		s.Queue(raw, i%of)
	}
	if s.Grant(epoch, 0, maxQueue) {
		t.Error("granted beyond the queue")
	}
	for i := range maxQueue {
		part, data, total := s.Next()
		from := (i % of) * wire.MetadataPart
		if want := raw[from:min(len(raw), from+wire.MetadataPart)]; part != i%of || total != int64(len(raw)) || !bytes.Equal(data, want) {
			t.Fatalf("%d: part %d, %d bytes of %d", i, part, len(data), total)
		}
	}
	if s.Waiting() {
		t.Error("something waits")
	}
}
