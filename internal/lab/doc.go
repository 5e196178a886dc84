// Package lab is the simulator as a laboratory: a [Scenario] describes a swarm
// and its readers as data, [Run] plays it in virtual time with real sessions,
// hosts and caches over simnet, checks every byte that a reader gets, and
// returns how long everybody waited. A change to the picker is judged by its
// numbers:
//
//	make lab
//
// prints them for every named scenario. docs/lab/swarms.md says what they mean and
// what they are.
//
// A scenario and its seed give the same swarm each time. Its run is the same up
// to the order of goroutines that act at one instant of virtual time, which is
// the Go scheduler's.
package lab
