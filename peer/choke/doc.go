// Package choke owns who may download from us: it gives upload slots to peers by what they
// sent, by rotation where we only seed, and by lot (BEP 3). It is values that take the time
// as an argument: nothing in it blocks, and the caller's lock guards it.
package choke
