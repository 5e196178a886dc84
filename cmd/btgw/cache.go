package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
)

// cacheCmd looks after the cache of a running btgw, through its admin listener.
type cacheCmd struct {
	Ls       cacheLsCmd       `cmd:"" help:"List the torrents that the cache has something of, the largest first."`
	Stats    cacheStatsCmd    `cmd:"" help:"Show what the cache holds and has done, as JSON."`
	Pin      cachePinCmd      `cmd:"" help:"Keep torrents from eviction, over restarts too."`
	Unpin    cacheUnpinCmd    `cmd:"" help:"Let torrents be evicted again."`
	Prefetch cachePrefetchCmd `cmd:"" help:"Fetch a torrent, or a part of it, into the cache."`
	Verify   cacheVerifyCmd   `cmd:"" help:"Verify what is on disk; status 1 where something was wrong, which is dropped."`
	Evict    cacheEvictCmd    `cmd:"" help:"Drop what the cache has of torrents. Their metadata stays."`
	Purge    cachePurgeCmd    `cmd:"" help:"Drop everything that is not pinned and that nobody reads."`
}

const (
	cacheAPI   = "/api/v1/cache"
	torrentAPI = cacheAPI + "/torrents/"
	verifyPath = "/verify" // below a torrent
)

type cacheLsCmd struct {
	adminFlags
	JSON bool `name:"json" help:"JSON, one torrent a line."`
}

// Run prints a table.
func (c *cacheLsCmd) Run(ctx context.Context, a *app) error {
	client := c.client(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var list struct{ Torrents []fetch.CachedTorrent }
	if err := client.do(ctx, http.MethodGet, cacheAPI+"/torrents", nil, &list); err != nil {
		return err
	}
	if c.JSON {
		lines := json.NewEncoder(a.stdout)
		for _, t := range list.Torrents {
			if err := lines.Encode(t); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "INFOHASH\tON DISK\tPIECES\tPINNED\tNAME")
	for _, t := range list.Torrents {
		pinned := "no"
		if t.Pinned {
			pinned = "yes"
		}
		fmt.Fprintf(table, "%s\t%s\t%d/%d\t%s\t%s\n", t.Hash, ByteSize(t.DiskBytes), t.PiecesHave, t.Pieces, pinned, printable(t.Name))
	}
	return table.Flush()
}

type cacheStatsCmd struct{ adminFlags }

// Run prints what the API says.
func (c *cacheStatsCmd) Run(ctx context.Context, a *app) error {
	client := c.client(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var stats json.RawMessage
	if err := client.do(ctx, http.MethodGet, cacheAPI, nil, &stats); err != nil {
		return err
	}
	lines := json.NewEncoder(a.stdout)
	lines.SetIndent("", "  ")
	return lines.Encode(stats)
}

// cachedFlags name torrents of the cache.
type cachedFlags struct {
	adminFlags
	InfoHash []string `arg:"" name:"infohash" help:"The torrents, each by its infohash."`
}

// each asks for the same of every torrent. One that fails does not keep the others from it.
func (c *cachedFlags) each(ctx context.Context, a *app, method, path string, answered func(hash string, answer json.RawMessage) error) error {
	client := c.client(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var errs []error
	if path == verifyPath {
		client = client.lasting()
	}
	for _, hash := range c.InfoHash {
		var answer json.RawMessage
		err := client.do(ctx, method, torrentAPI+url.PathEscape(hash)+path, nil, &answer)
		if err == nil && answered != nil {
			err = answered(hash, answer)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", hash, err))
		}
	}
	return errors.Join(errs...)
}

type cachePinCmd struct{ cachedFlags }

// Run pins each.
func (c *cachePinCmd) Run(ctx context.Context, a *app) error {
	return c.each(ctx, a, http.MethodPut, "/pin", nil)
}

type cacheUnpinCmd struct{ cachedFlags }

// Run unpins each.
func (c *cacheUnpinCmd) Run(ctx context.Context, a *app) error {
	return c.each(ctx, a, http.MethodDelete, "/pin", nil)
}

type cacheEvictCmd struct {
	cachedFlags
	Purge bool `help:"Delete what the object store has of them, too. What is pinned stays here, and goes there."`
}

// Run evicts each.
func (c *cacheEvictCmd) Run(ctx context.Context, a *app) error {
	query := ""
	if c.Purge {
		query = "?purge=true"
	}
	return c.each(ctx, a, http.MethodDelete, query, nil)
}

type cacheVerifyCmd struct{ cachedFlags }

// errWrong says that pieces were dropped.
var errWrong = errors.New("pieces on disk were wrong, and were dropped")

// Run verifies each, and prints what came of it.
func (c *cacheVerifyCmd) Run(ctx context.Context, a *app) error {
	return c.each(ctx, a, http.MethodPost, verifyPath, func(hash string, answer json.RawMessage) error {
		var done fetch.Checked
		if err := json.Unmarshal(answer, &done); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(a.stdout, "%s: %d right, %d wrong, %d without a hash\n", hash, done.Right, done.Wrong, done.Unknown); err != nil {
			return withStatus(exitLocal, err)
		}
		if done.Wrong > 0 {
			return errWrong
		}
		return nil
	})
}

type cachePurgeCmd struct{ adminFlags }

// Run evicts all.
func (c *cachePurgeCmd) Run(ctx context.Context, a *app) error {
	client := c.client(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var done struct{ Evicted int }
	if err := client.lasting().do(ctx, http.MethodDelete, cacheAPI, nil, &done); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "evicted from %d torrents\n", done.Evicted)
	return err
}

type cachePrefetchCmd struct {
	adminFlags
	InfoHash string `arg:"" name:"infohash" help:"The torrent. Its metadata is looked for where it is not here."`
	Path     string `arg:"" optional:"" help:"A file or folder of it, in place of all."`
	NoWait   bool   `help:"Return at once. The server goes on."`
}

// Run begins it, and waits until it has ended. Where this is stopped, the server goes on.
func (c *cachePrefetchCmd) Run(ctx context.Context, a *app) error {
	client := c.client(a.problems)
	if err := a.problems.err(); err != nil {
		return err
	}
	var now gateway.Prefetch
	if err := client.do(ctx, http.MethodPost, torrentAPI+url.PathEscape(c.InfoHash)+"/prefetch", map[string]string{"path": c.Path}, &now); err != nil {
		return err
	}
	ticker := time.NewTicker(prefetchPoll)
	defer ticker.Stop()
	for !c.NoWait && now.State == "running" {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := c.look(ctx, client, &now); err != nil {
			return err
		}
	}
	return c.report(a.stdout, now)
}

// look asks how far it has come.
func (c *cachePrefetchCmd) look(ctx context.Context, client adminClient, now *gateway.Prefetch) error {
	var list struct{ Prefetches []gateway.Prefetch }
	if err := client.do(ctx, http.MethodGet, cacheAPI+"/prefetches", nil, &list); err != nil {
		return err
	}
	for _, p := range list.Prefetches {
		if p.Hash == now.Hash {
			*now = p
			return nil
		}
	}
	return errors.New("the server knows nothing of the prefetch any more: was it restarted?")
}

func (c *cachePrefetchCmd) report(w io.Writer, p gateway.Prefetch) error {
	if p.State == "failed" {
		return withStatus(exitUnavailable, fmt.Errorf("after %s of %s: %s", ByteSize(p.Done), ByteSize(p.Bytes), p.Error))
	}
	_, err := fmt.Fprintf(w, "%s: %s of %s\n", p.State, ByteSize(p.Done), ByteSize(p.Bytes))
	return err
}
