package webseed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/btgw/btgw/peer/netguard"
)

// Document fetches a small document, of at most limit bytes, over a connection of its own.
func (c *Client) Document(ctx context.Context, raw string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, raw, nil)
	if err != nil {
		return nil, errors.New("webseed: not a URL")
	}
	req.Close = true
	req.Header.Set(loopHeader, c.mark)
	res, err := c.http.Do(req)
	if err != nil {
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
