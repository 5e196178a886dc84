package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// post sends JSON and gives the answer with its body read.
func post(ctx context.Context, url string, header http.Header, request any) (*http.Response, []byte, error) {
	b, err := json.Marshal(request)
	if err != nil {
		return nil, nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return nil, nil, err
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	return roundTrip(req)
}

// roundTrip keeps no connection, so that no goroutine of it outlives a question.
func roundTrip(req *http.Request) (*http.Response, []byte, error) {
	return roundTripBy(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, req)
}

func roundTripBy(client *http.Client, req *http.Request) (*http.Response, []byte, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return resp, body, err
}

// until asks done again and again until it is true, and fails the test when the
// process p ends first, or ctx. done gives what is to be said then.
func until(ctx context.Context, tb testing.TB, p *process, what string, done func() (bool, string)) {
	tb.Helper()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	last := ""
	for {
		ok, state := done()
		if ok {
			return
		}
		if ctx.Err() == nil {
			last = state
		}
		select {
		case <-p.ended:
			tb.Fatalf("%s ended (%v) before %s", p.name, p.err, what)
		case <-ctx.Done():
			tb.Fatalf("%s: %v before %s; %s", p.name, ctx.Err(), what, last)
		case <-tick.C:
		}
	}
}

// statusError is an HTTP answer that is no success.
func statusError(resp *http.Response, body []byte) error {
	return fmt.Errorf("%s: %.200q", resp.Status, body)
}
