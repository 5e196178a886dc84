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

const (
	// documentTime bounds the wait for the header of a document, from its turn on, and then for each byte more.
	documentTime = 10 * time.Second
	// documentMost bounds the whole of it.
	documentMost = time.Minute
)

// Document fetches a small document, of at most limit bytes, over a connection of its own. A
// client named the URL: each host that it leads to is a contact for the sake of ask, redirects
// too. One that redirects to a magnet link gives the link.
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
	timed, cancel := context.WithTimeout(ctx, documentMost)
	defer cancel()
	silent := time.AfterFunc(documentTime, cancel)
	defer silent.Stop()
	req = req.WithContext(timed)
	req.Header.Set(loopHeader, c.mark)
	client := c.over(d)
	client.CheckRedirect = netguard.UntilMagnet(client.CheckRedirect)
	res, err := client.Do(req)
	if err != nil {
		if ctx.Err() == nil {
			d.Failed(err, errors.As(err, new(*finalError)) || errors.As(err, new(*netguard.ForbiddenError)), place)
		}
		return nil, errors.New("webseed: " + cause(err))
	}
	defer res.Body.Close()
	if link := netguard.MagnetLink(res); link != "" {
		return []byte(link), nil
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("webseed: %s", http.StatusText(res.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(&progressReader{res.Body, silent}, limit+1))
	switch {
	case err != nil:
		return nil, errors.New("webseed: " + cause(err))
	case int64(len(body)) > limit:
		return nil, &netguard.TooLargeError{What: "body", Max: limit}
	}
	return body, nil
}

// A progressReader puts a timer off with each byte that comes.
type progressReader struct {
	io.Reader
	silent *time.Timer
}

// Read implements io.Reader.
func (r *progressReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.silent.Reset(documentTime)
	}
	return n, err
}
