package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// documentTime bounds the request for a document, from its turn on.
const documentTime = 10 * time.Second

// Document fetches a small document, of at most limit bytes, over a connection of its own. A
// client named the URL: each host that it leads to is a contact for the sake of ask, redirects
// too.
func (c *Client) Document(ctx context.Context, raw string, ask contact.Ask, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, raw, nil)
	if err != nil {
		return nil, errors.New("webseed: not a URL")
	}
	place := contact.Place(raw)
	d := &contact.Dialer{Network: c.network, Gate: c.gate, Ask: ask}
	d.Ask.Keys, d.Ask.Open = []contact.Key{place}, true
	defer d.End()
	if err := d.Begin(ctx, contact.Target(req.URL.Scheme, req.URL.Host)); err != nil {
		return nil, errors.New("webseed: " + cause(err))
	}
	timed, cancel := context.WithTimeout(ctx, documentTime)
	defer cancel()
	req = req.WithContext(timed)
	req.Header.Set(loopHeader, c.mark)
	res, err := c.over(d).Do(req)
	if err != nil {
		if ctx.Err() == nil {
			d.Failed(err, errors.As(err, new(*finalError)) || errors.As(err, new(*netguard.ForbiddenError)), place)
		}
		return nil, errors.New("webseed: " + cause(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("webseed: %s", http.StatusText(res.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	switch {
	case err != nil:
		return nil, errors.New("webseed: " + cause(err))
	case int64(len(body)) > limit:
		return nil, &netguard.TooLargeError{What: "body", Max: limit}
	}
	return body, nil
}
