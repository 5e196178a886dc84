// Package metaexchange owns the exchange of metadata (BEP 9). It decides which peer is
// asked for which part of an info dictionary, and which copies are gathered. It finds the
// peer that sent a false copy, and bounds the parts that a peer gets from us. Its types are
// values that take the time as an argument and return what is to be done. Nothing in it
// blocks, and the caller's lock guards it.
package metaexchange
