package netguard

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"

	"github.com/btgw/btgw/internal/bubble"
)

// pipes is a network where every dial succeeds but those to "dead".
type pipes struct{ Network }

func (pipes) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	if address == "dead" {
		return nil, errors.New("dead")
	}
	c, _ := net.Pipe()
	return c, nil
}

func TestLimit(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		n := Limit(pipes{}, 2)
		dial := func(address string) net.Conn {
			c, err := n.DialContext(t.Context(), "tcp", address)
			if (err != nil) != (address == "dead") {
				t.Fatal(err)
			}
			return c
		}
		first := dial("a")
		for range 3 {
			dial("dead") // takes no place for longer than it lasts
		}
		second := dial("b")
		defer second.Close()
		third := make(chan net.Conn)
		go func() { third <- dial("c") }()
		synctest.Wait()
		select {
		case <-third:
			t.Fatal("three are open")
		default:
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := n.DialContext(ctx, "tcp", "d"); !errors.Is(err, context.Canceled) {
			t.Errorf("a dial that was given up: %v", err)
		}
		first.Close()
		first.Close() // frees one place all the same
		c := <-third
		go func() { third <- dial("e") }()
		synctest.Wait()
		select {
		case <-third:
			t.Fatal("a place was freed twice")
		default:
		}
		c.Close()
		(<-third).Close()
	})
}
