package fetch

import (
	"errors"
	"testing"
	"testing/synctest"
)

// A torrent that was begun, or found, for somebody who does not wait for it yet makes way for
// nobody: it would end under its client.
func TestWhatIsAboutToBeUsedDoesNotMakeWay(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		makeRoom := func() bool {
			gate.mu.Lock()
			defer gate.mu.Unlock()
			return gate.makeRoom(false)
		}
		for _, who := range []string{"begun", "found"} {
			x, err := gate.torrent(t.Context(), s.hash(), Hints{Client: clientOf(1)})
			if err != nil {
				t.Fatal(err)
			}
			if makeRoom() {
				t.Errorf("%s: it made way before its client waited", who)
			}
			x.unhold()
		}
		if !makeRoom() {
			t.Error("nobody uses it, and it did not make way")
		}
	})
}

// Who waits for a torrent that is ended for another's sake may come again: the server does
// not end.
func TestWhoIsPushedOutMayComeAgain(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		waited := make(chan error, 1)
		go func() {
			_, err := gate.Info(t.Context(), s.hash(), Hints{Client: clientOf(1)})
			waited <- err
		}()
		synctest.Wait()
		if err := gate.Remove(t.Context(), s.hash()); err != nil {
			t.Fatal(err)
		}
		if err := <-waited; !errors.Is(err, ErrBusy) {
			t.Errorf("%v", err)
		}
	})
}
