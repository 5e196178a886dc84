// Package lab is the simulator as a laboratory. A [Scenario] describes a swarm and its
// readers as data. [Run] plays it in virtual time with real sessions, hosts and caches
// over simnet. It checks every byte that a reader gets, and returns how long each
// reader waited. These numbers judge a change to the picker:
//
//	make lab
//
// prints them for every named scenario. docs/lab/swarms.md explains them and lists the
// current ones.
//
// A scenario and its seed give the same swarm each time. Its run is the same up to the
// order of goroutines that act at one instant of virtual time, which is the Go
// scheduler's.
package lab
