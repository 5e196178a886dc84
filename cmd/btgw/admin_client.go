package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// adminFlags say which btgw is asked, by its admin listener.
type adminFlags struct {
	AdminListen string `default:"127.0.0.1:8081" placeholder:"ADDR" env:"BTGW_ADMIN_LISTEN" help:"The admin listener to ask (${default})."`
	AdminToken  string `placeholder:"TOKEN" env:"BTGW_ADMIN_TOKEN" help:"What it asks for. Better set by the environment: other users can see a command line."`
}

// adminClient asks the API of a running btgw.
type adminClient struct {
	base, token string
	limit       time.Duration // for a whole answer
}

func (f *adminFlags) client(p *problems) adminClient {
	return adminClient{"http://" + reachable(p.listenAddr("admin-listen", f.AdminListen)), f.AdminToken, callTime}
}

// lasting is a client for calls that go over all of the cache before they are answered.
func (c adminClient) lasting() adminClient {
	c.limit = lastingCallTime
	return c
}

// do sends a request, and decodes its answer into what answer points to; nil drops it. The error has what the problem
// document says.
func (c adminClient) do(ctx context.Context, method, path string, body, answer any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.limit, fmt.Errorf("no answer within %v", c.limit))
	defer cancel()
	var data io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		data = bytes.NewReader(b)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, data)
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	transport := &http.Transport{DisableKeepAlives: true} // no proxy: it is the operator's
	resp, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("not running, or no admin listener there: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAdminAnswer))
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	if resp.StatusCode >= 300 {
		var problem struct {
			Detail string `json:"detail"`
		}
		_ = json.Unmarshal(text, &problem) // it may be something else than btgw
		err := errors.New(cmp.Or(problem.Detail, "the answer is "+resp.Status))
		if resp.StatusCode == http.StatusNotFound {
			return withStatus(exitNotFound, err)
		}
		return err
	}
	if answer == nil || len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, answer)
}
