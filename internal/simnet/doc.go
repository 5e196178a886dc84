// Package simnet is a simulated network for tests: hosts with addresses, links
// with a round trip and a bandwidth, TCP connections and UDP datagrams that
// arrive exactly when an ideal network would bring them.
//
// It is made for testing/synctest: create the [Network] inside the bubble, give
// each party a [Host] in place of the operating system's network, and virtual
// time is exact. Delivery runs on timers, no goroutine belongs to the network,
// and every wait is one that synctest calls durable, so a swarm of a thousand
// hosts passes minutes of virtual time in seconds. Outside a bubble the same
// code runs in real time, as exactly as timers are.
//
// # The model
//
// A round trip R lies between each pair of hosts, half of it each way. A host
// has an uplink and a downlink of so many bytes a second; each serves one
// segment (at most [Config].Segment bytes) at a time, round-robin over the
// connections that have something to send, so connections share fairly and a
// short message never waits behind another connection's queue. Links cut
// through: P bytes over links of B bytes/s arrive complete R/2 + P/B after they
// were written, whether one side has the bandwidth B or both.
//
// TCP: a dial returns after R. Accept returns at 3R/2, as in life (the
// acknowledgement that completes the handshake brings the first data with it).
// A Write returns when its bytes fit in the socket's send buffer; what was
// written and not yet sent is bounded by [Config].SendBuffer, what is in flight
// or unread by [Config].Window. A receiver that does not read stops its sender.
// Between a fast sender and a slow downlink, congestion control is ideal: the
// queue before a downlink stays at its bandwidth × R plus 32 KiB a connection.
//
// In mode [SlowStart] each direction of a connection starts with a window of
// 14,600 bytes that doubles each round trip while it limits the sender, without
// loss, and is cold again after a second without sending. Cold, a connection
// has delivered 14,600 × (2^n − 1) bytes n round trips after the first request.
//
// Failures: nobody listens (connection refused after R), nobody is there
// (silence), hosts that cannot be dialled ([HostConfig].NAT), resets ([Conn]'s
// SetLinger(0), a close with unread data, [Network.Cut]), departures with a
// reset ([Host.Leave]) and without a word ([Host.Vanish]), pairs that do not
// hear each other for a while ([Network.Block]), lost datagrams.
//
// The same seed and the same order of calls give the same run; goroutines that
// call at the same instant of virtual time are ordered by the Go scheduler.
//
// [Seed] is a scripted BitTorrent peer with the manners, good and bad, of the
// clients in the wild.
package simnet
