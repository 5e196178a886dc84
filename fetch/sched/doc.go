// Package sched decides which block is asked of which peer, and when. It is a
// value: events go in with the time, effects are left behind. It knows no
// goroutine, clock or socket, and nothing in it blocks.
//
// A Core is a torrent's scheduler. Its windows are what readers want, its links
// the peers that can be asked, its flights the pieces that are being fetched.
// docs/scheduler.md says how it decides, and the top of picker.go by which rules.
package sched
