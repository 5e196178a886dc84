package limit

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/btgw/btgw/internal/bubble"
)

func clientOf(addr string) Client {
	return Client{Prefix: PrefixOf(AddrOf(addr)), Addr: AddrOf(addr)}
}

func TestStreams(t *testing.T) {
	s := NewStreams(4, 2)
	a, b, local := clientOf("192.0.2.1"), clientOf("192.0.2.2"), clientOf("127.0.0.1")
	local.Local = true
	var got []string
	places := make([]Place, 7)
	for i, client := range []Client{a, a, a, b, local, b, local} {
		got = append(got, s.Enter(t.Context(), client, &places[i]))
	}
	if want := []string{"", "", "client_streams", "", "", "streams", "streams"}; !slices.Equal(got, want) {
		t.Fatal(got)
	}
	places[0].Leave()
	if refused := s.Enter(t.Context(), b, &places[0]); refused != "" {
		t.Errorf("a place that was left is not free: %s", refused)
	}
	for _, i := range []int{0, 1, 3, 4} {
		places[i].Leave()
	}
	if s.total != 0 || len(s.client) != 0 {
		t.Errorf("%d in all, %d clients", s.total, len(s.client))
	}
	for i := range places[:4] {
		if refused := s.Enter(t.Context(), local, &places[i]); refused != "" {
			t.Errorf("stream %d of this machine: %s", i, refused)
		}
	}
}

// A place is free at once when its client leaves, although the handler goes on. Those
// that go on are bounded too.
func TestStreamsAbandoned(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := NewStreams(2, 2)
		var places [5]Place
		a := clientOf("192.0.2.1")
		for range 3 { // of two each
			ctx, gone := context.WithCancel(t.Context())
			for i := range 2 {
				if refused := s.Enter(ctx, a, &places[i]); refused != "" {
					t.Fatal(refused)
				}
			}
			if refused := s.Enter(t.Context(), a, &places[2]); refused != RefusedStreams {
				t.Errorf("one too many: %q", refused)
			}
			gone()
			synctest.Wait()
			if total, lingering := s.Counts(); total != 0 || lingering != 2 {
				t.Errorf("%d streams, %d linger", total, lingering)
			}
			if refused := s.Enter(t.Context(), a, &places[2]); refused != RefusedLingering {
				t.Errorf("with as many lingering as there may be: %q", refused)
			}
			places[0].Leave()
			places[1].Leave()
			if total, lingering := s.Counts(); total != 0 || lingering != 0 || len(s.client) != 0 {
				t.Errorf("%d streams, %d linger, %d clients", total, lingering, len(s.client))
			}
		}
	})
}

// A place that follows a connection has its requests one after the other. The client that leaves frees it as any other, and one
// that leaves between two requests leaves nothing behind.
func TestStreamsFollow(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := NewStreams(2, 1)
		a, b := clientOf("192.0.2.1"), clientOf("198.51.100.1")
		counts := func(total, lingering int) {
			t.Helper()
			synctest.Wait()
			if n, left := s.Counts(); n != total || left != lingering || len(s.client) != total {
				t.Errorf("%d streams, %d linger, %d clients; want %d and %d", n, left, len(s.client), total, lingering)
			}
		}
		for _, during := range []bool{false, true} {
			ctx, gone := context.WithCancel(t.Context())
			var first, second Place
			s.Follow(ctx, &first)
			s.Follow(t.Context(), &second)
			for _, c := range []Client{a, a, b} { // a proxy's connection has many clients
				if refused := s.EnterAgain(c, &first); refused != "" {
					t.Fatal(refused)
				}
				if refused := s.EnterAgain(c, &second); refused != RefusedClientStreams {
					t.Errorf("one too many of a client: %q", refused)
				}
				counts(1, 0)
				first.Leave()
				counts(0, 0)
			}
			if during {
				if refused := s.EnterAgain(a, &first); refused != "" {
					t.Fatal(refused)
				}
			}
			if gone(); !during {
				counts(0, 0)
				continue
			}
			counts(0, 1)
			first.Leave()
			counts(0, 0)
		}
	})
}
