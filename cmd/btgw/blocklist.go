package main

import (
	"log/slog"

	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/peer"
)

// blocklist is the file of the peers that are kept away.
type blocklist = reload.File[*peer.Blocklist]

// openBlocklist reads the file.
func openBlocklist(name string) (*blocklist, error) {
	return reload.Open(name, maxBlocklistFile, peer.ParseBlocklist)
}

// block keeps the peers of a list away, from each version of it on.
func block(list *blocklist, host *peer.Host, w *reload.Watcher, log *slog.Logger) {
	host.SetBlocklist(list.Load())
	w.Add(list, func() {
		host.SetBlocklist(list.Load())
		log.Info("blocklist reloaded", "ranges", list.Load().Len(), "unread", list.Load().Unread)
	})
}
