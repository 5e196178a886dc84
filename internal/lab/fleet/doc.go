// Package fleet simulates a fleet of gateways at a size that no test can start. It counts the
// bytes that come from outside, by tier those that readers get, and how long they wait for the
// first one.
//
//	make lab-fleet
//
// prints it for fleets that have the same readers and the same accidents, with siblings and
// without, with an object store and without. docs/lab/fleet.md has the results, and says
// what is modelled and how.
//
// It is pure: events in virtual time, on one goroutine, with all chance from a seed. The owner
// of a torrent is the real one ([sibling.Order]); the rest are models.
package fleet
