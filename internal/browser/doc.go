// Package browser has tests alone: the gateway's pages in Chromium and Firefox as Debian has them, with torrents in
// memory. What browsers make of a swarm is measured in internal/bench.
package browser
