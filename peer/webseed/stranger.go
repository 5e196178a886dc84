package webseed

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// A Stranger says on whose behalf a seed is asked that a client named, until the seed has
// proved itself; false from then on. It is called without locks, from any goroutine.
type Stranger func() (ask contact.Ask, still bool)

// do sends a request. One to a stranger's seed waits for its turn and has a connection of
// its own, so that it is counted against the address. The gate learns how the server did.
func (s *Seed) do(req *http.Request) (*http.Response, error) {
	if s.stranger == nil {
		return s.client.http.Do(req)
	}
	ask, still := s.stranger()
	if !still {
		return s.client.http.Do(req)
	}
	ctx := req.Context()
	d := &contact.Dialer{Network: s.client.network, Gate: s.client.gate, Ask: ask}
	place := contact.Place(s.base.String())
	d.Ask.Keys, d.Ask.Open, d.Ask.Reader = []contact.Key{place}, true, true
	if err := d.Begin(ctx, contact.Target(req.URL.Scheme, req.URL.Host)); err != nil {
		return nil, s.client.later(err)
	}
	resp, err := s.client.over(d).Do(req)
	switch {
	case err != nil:
		d.End()
		if !errors.Is(ctx.Err(), context.Canceled) {
			d.Failed(err, errors.As(err, new(*finalError)) || errors.As(err, new(*netguard.ForbiddenError)), place)
		}
		return nil, s.client.later(err)
	case resp.StatusCode/100 != 2:
		d.Failed(errors.New("the server answers "+statusText(resp.StatusCode)), true, place)
	default:
		d.Answered(place)
	}
	return resp, nil
}

// over is a client whose every connection, those of redirects too, is a contact of d's, and
// for one request.
func (c *Client) over(d *contact.Dialer) *http.Client {
	transport := c.http.Transport.(*http.Transport).Clone()
	transport.DialContext, transport.DisableKeepAlives = d.DialContext, true
	return &http.Client{CheckRedirect: checkRedirect, Transport: transport}
}

// later has a seed wait until its host is asked again, where that is what is wrong.
func (c *Client) later(err error) error {
	var resting *contact.RestingError
	switch {
	case errors.As(err, &resting):
		return &retryError{why: resting, after: time.Until(resting.Until)}
	case errors.Is(err, contact.ErrCrowded):
		return &retryError{why: err}
	}
	return err
}

// Rest says whether the seed is to wait: a client named it, which is gone, and it has not
// proved itself.
func (s *Seed) Rest(rest bool) {
	s.mu.Lock()
	was := s.resting
	s.resting = rest
	if was == rest || s.state == Failed || s.state == Banned {
		s.mu.Unlock()
		return
	}
	told := s.download != nil
	kind := peer.Choked
	switch {
	case rest && s.state == Ready:
		s.state = Resting
		s.queue.Close()
		s.queue.CancelRuns()
	case !rest && s.state == Resting:
		s.state = Ready
		s.queue.Open()
		kind = peer.Unchoked
	default: // it waits for its server: that goes on
		told = false
	}
	s.mu.Unlock()
	if told {
		s.report(peer.Event{Kind: kind})
	}
}
