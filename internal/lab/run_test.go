package lab

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/simnet"
)

// plain is one reader at a gateway with one honest seed of 1 MB/s, 100 ms away.
func plain() Scenario {
	s := single("plain", 1, miB, 256*kiB, []Peer{{Up: mB, RTT: 90 * time.Millisecond, Behaviour: simnet.Libtorrent()}})
	s.Readers = []Reader{{Pace: 500 * kB, Ranges: []Range{{Len: miB}}}}
	return s
}

func TestPlainRun(t *testing.T) {
	r := Run(t, plain())
	complain(t, r)
	floor := 400*time.Millisecond + time.Duration(256*kiB)*time.Second/mB
	if r.First[0] < floor-100*time.Millisecond || r.First[0] > floor+100*time.Millisecond {
		t.Errorf("first byte after %v, the floor is %v", r.First[0], floor)
	}
	if r.Bytes != miB || r.Fetched != miB || r.Seeded != miB || r.Wasted != 0 || r.Stalls != 0 || len(r.Violations) != 0 {
		t.Errorf("%+v", r)
	}
	// The last second of the film is in the player's buffer when it was all read.
	if film := time.Duration(miB) * time.Second / (500 * kB); r.Virtual < r.First[0]+film-bufferTime || r.Virtual > r.First[0]+film {
		t.Errorf("a film of %v took %v", film, r.Virtual)
	}
}

// A seed that is slower than the film stalls the player, as long as it is
// slower, and that is fair.
func TestStallsAreCounted(t *testing.T) {
	s := plain()
	s.Peers[0].Up = 250 * kB
	r := Run(t, s)
	complain(t, r)
	lost := time.Duration(3*256*kiB) * time.Second / (250 * kB) / 2
	if got := r.Stalled.Quantile(1); r.Stalls != 3 || got < lost-100*time.Millisecond || got > lost+100*time.Millisecond || len(r.Violations) > 0 {
		t.Errorf("%d stalls, %v in all, want 3 and %v; %v", r.Stalls, got, lost, r.Violations)
	}
}

// What keeps a reader waiting that is not the bandwidth's is seen.
func TestStarvationIsSeen(t *testing.T) {
	s := plain()
	s.Peers[0].MetadataDelay = 5 * time.Second
	r := Run(t, s)
	if len(r.Violations) != 1 || r.Violations[0].What != "first byte" || r.Violations[0].Waited < 5*time.Second {
		t.Errorf("%v", r.Violations)
	}
}

// What givers that pause give together is all that they have given by then at the
// latest.
func TestTogether(t *testing.T) {
	steady, bursts := giver{rate: mB}, giver{rate: 3 * mB, pause: time.Second}
	for _, c := range []struct {
		givers []giver
		bytes  float64
		want   time.Duration
	}{
		{[]giver{steady}, mB, time.Second},
		{[]giver{steady, steady}, mB, time.Second / 2},
		{[]giver{bursts}, 3 * mB, 2 * time.Second},
		{[]giver{bursts, steady}, mB / 2, time.Second / 2},
		{[]giver{bursts, steady}, 3 * mB, 1500 * time.Millisecond},
	} {
		if got := together(c.givers, c.bytes); got.Round(time.Millisecond) != c.want {
			t.Errorf("%v give %v after %v, want %v", c.givers, c.bytes, got, c.want)
		}
	}
}

// Who pauses for its limit's sake serves, and has its pauses; who says nothing when it
// pleases does not, so that its reader is not judged.
func TestPausesAreJudged(t *testing.T) {
	s := plain()
	s.Peers[0].UploadLimit = 400 * kB
	r := Run(t, s)
	complain(t, r)
	if r.Unjudged > 0 || r.Stalls == 0 {
		t.Errorf("%+v", r)
	}
	s = plain()
	s.Peers[0].StallFirst, s.Peers[0].StallEvery, s.Peers[0].StallFor = 0, 2*time.Second, 1500*time.Millisecond
	r = Run(t, s)
	complain(t, r)
	if r.First[0] < 1500*time.Millisecond || r.Unjudged != r.Waits || r.Waits == 0 {
		t.Errorf("%+v", r)
	}
}

// The last of a peer's stalls does not end: another gives what it was asked for.
func TestStallsThatEnd(t *testing.T) {
	s := plain()
	p := &s.Peers[0]
	p.StallFirst, p.StallEvery, p.StallFor, p.StallTimes = time.Second, time.Second, 500*time.Millisecond, 2
	s.Readers[0].Pace = 0
	s.Size, s.Readers[0].Ranges[0].Len = 8*miB, 8*miB
	if r := Run(t, s); len(r.Failures) != 1 || r.Seeded > 2*mB+100*kB || r.Seeded < mB {
		t.Errorf("%+v", r)
	}
	next := s.Peers[0]
	next.StallEvery, next.At, next.Dials = 0, 5*time.Second, []int{0}
	s.Peers = append(s.Peers, next)
	r := Run(t, s)
	complain(t, r)
	if r.Bytes != 8*miB {
		t.Errorf("%+v", r)
	}
}

func TestReaderGivesUp(t *testing.T) {
	s := plain()
	s.Peers[0].Unchoke = simnet.NeverUnchoke
	r := Run(t, s)
	var e *fetch.UnavailableError
	if len(r.Failures) != 1 || !errors.As(r.Failures[0], &e) || r.Virtual < s.Patience || r.Virtual > s.Patience+time.Second {
		t.Errorf("%+v", r)
	}
}

func TestPeersComeAndGo(t *testing.T) {
	s := plain()
	s.Size, s.Readers[0].Ranges[0].Len, s.Readers[0].Pace = 4*miB, 4*miB, 0
	s.Peers[0].Until = 2 * time.Second
	next := s.Peers[0]
	next.At, next.Until, next.Dials = 4*time.Second, 0, []int{0}
	s.Peers = append(s.Peers, next)
	r := Run(t, s)
	complain(t, r)
	if r.Bytes != 4*miB || r.Virtual < 6*time.Second || r.Virtual > 8*time.Second {
		t.Errorf("%d bytes in %v", r.Bytes, r.Virtual)
	}
}

func TestBreaks(t *testing.T) {
	p := Peer{At: 10 * time.Second, ChokeFirst: 5 * time.Second, ChokeEvery: 30 * time.Second, ChokeFor: 2 * time.Second, Until: time.Minute}
	for _, c := range []struct {
		from, to time.Duration
		want     bool
	}{
		{0, 14, false}, {14, 15, true}, {16, 16, true}, {18, 44, false}, {18, 45, true}, {48, 59, false}, {59, 61, true}, {61, 62, false},
	} {
		if got := p.breaks(c.from*time.Second, c.to*time.Second); got != c.want {
			t.Errorf("from %d to %d s: %v", c.from, c.to, got)
		}
	}
}

func TestTable(t *testing.T) {
	r := &Result{
		Scenario: "plain", Seed: 7, First: Durations{3 * time.Second, time.Second, 2 * time.Second}, Stalls: 2, Stalled: Durations{0, time.Second},
		Bytes: 100, Fetched: 50, Wasted: 5, Seeded: 25, Waits: 9, Unjudged: 1, Beaten: 3, Bans: 1, Liars: 2,
	}
	var b strings.Builder
	if err := Report(&b, []*Result{r}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for _, want := range []string{"| plain ", "| 7 ", "2s / 3s / 3s", "2 (1 of 2, 1s)", "0.500", "10.0 %", "0.250", "1 / 2", "0 / 3 / 8 / 9"} {
		if len(lines) != 3 || !strings.Contains(lines[2], want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Count(lines[0], "|") != strings.Count(lines[2], "|") {
		t.Errorf("columns differ\n%s", b.String())
	}
}
