// Package contact bounds how often the process turns to one host, for all those that name it
// together.
//
// A stranger that asks for a torrent names trackers, web seeds and peers. Each of them is a
// host that the stranger chose, and what we send there is traffic that the stranger does not
// pay for. So each contact is counted against its target: the host name, and the network
// of the address that the name led to. A contact is a dial, a datagram, or a request on a
// connection that is kept. It is counted too against the client that causes it, its torrent and all of the
// process.
//
// [Limiter] and [Health] are values that take the time as an argument: the first says when
// the next contact may be made, the second which hosts failed and rest. [Gate] is both of
// them for concurrent use, with a queue where a contact has to wait. What has begun goes
// first, then what a reader waits for, and clients take turns.
//
// A failure of a host is known to all: nobody asks it again until its rest is over.
package contact
