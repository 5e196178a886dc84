// Package metaexchange owns the exchange of metadata (BEP 9): which peer is asked for which
// part of an info dictionary, which copies are gathered and who sent a false one, and what
// a peer may have of ours. All of it are values that take the time as an argument and
// return what is to be done: nothing in it blocks, and the caller's lock guards it.
package metaexchange
