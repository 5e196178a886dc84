package peer

import (
	"testing"
	"time"
)

func TestSlotsGrowWithWhatTheUplinkCarries(t *testing.T) {
	t0 := time.Unix(1000, 0)
	s := &Swarm{host: &Host{cfg: HostConfig{UploadSlots: 8}}, wanted: true, looked: t0}
	s.obey(UploadPolicy{})
	s.choker.Slots = 8
	at := t0
	look := func(perSecond int64, took time.Duration) int {
		at = at.Add(took)
		s.uploaded.Add(int64(float64(perSecond) * took.Seconds()))
		s.growSlots(at)
		return s.choker.Slots
	}
	for _, step := range []struct {
		rate int64
		took time.Duration
		want int
	}{
		{0, slotLook, 8},
		{8*fastSlot - 1, slotLook, 8},
		{12 * fastSlot, slotLook / 2, 8}, // too soon to tell
		{12 * fastSlot, slotLook, 12},
		{100 * fastSlot, slotLook, 24}, // twice as many at most
		{100 * fastSlot, slotLook, maxUploadSlots},
		{100 * fastSlot, slotLook, maxUploadSlots},
		{10 * fastSlot, slotLook, 10},
		{0, slotLook, 8},
	} {
		if n := look(step.rate, step.took); n != step.want {
			t.Errorf("%d slots where %d bytes/s are uploaded, %d expected", n, step.rate, step.want)
		}
	}
	s.host.cfg.UploadRate = 1 << 20
	if n := look(100*fastSlot, slotLook); n != 8 {
		t.Errorf("%d slots under a limit", n)
	}
}
