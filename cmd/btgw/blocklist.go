package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/btgw/btgw/peer"
)

// blocklist is the file of the peers that are kept away.
type blocklist struct {
	path     string
	modified time.Time
	size     int64
}

// read gives the list if it has changed since the last time, nil if it has not.
func (b *blocklist) read() (*peer.Blocklist, error) {
	f, err := os.Open(b.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.ModTime().Equal(b.modified) && info.Size() == b.size {
		return nil, nil
	}
	list, err := peer.ParseBlocklist(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.path, err)
	}
	b.modified, b.size = info.ModTime(), info.Size()
	return list, nil
}

// watch puts each change of the file in force, until ctx ends. A list that cannot be read changes nothing.
func (b *blocklist) watch(ctx context.Context, host *peer.Host, log *slog.Logger) {
	ticker := time.NewTicker(blocklistInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		list, err := b.read()
		switch {
		case err != nil:
			log.Error("blocklist not reloaded: the one before stays in force", "error", err)
		case list != nil:
			host.SetBlocklist(list)
			log.Info("blocklist reloaded", "ranges", list.Len(), "unread", list.Unread)
		}
	}
}
