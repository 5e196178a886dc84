// Package simnet is a simulated network for tests. It has hosts with addresses, and
// links with a round trip and a bandwidth. Its TCP connections and UDP datagrams
// deliver exactly when an ideal network would.
//
// It is made for testing/synctest. Create the [Network] inside the bubble and give each
// party a [Host] in place of the operating system's network; virtual time is then
// exact. Delivery runs on timers, no goroutine belongs to the network, and every wait
// is one that synctest calls durable. So a swarm of a thousand hosts passes minutes of
// virtual time in seconds. Outside a bubble the same code runs in real time, as exactly
// as timers are.
//
// # The model
//
// A round trip R lies between each pair of hosts, half of it each way. A host has an
// uplink and a downlink of so many bytes a second. Each serves one segment (at most
// [Config].Segment bytes) at a time, round-robin over the connections that have
// something to send. So connections share fairly, and a short message never waits
// behind another connection's queue. Links cut through: P bytes over links of B bytes/s
// arrive complete R/2 + P/B after they were written, whether one side has the bandwidth
// B or both.
//
// TCP: a dial returns after R. Accept returns at 3R/2, as in life: the acknowledgement
// that completes the handshake brings the first data with it. A Write returns when its
// bytes fit in the socket's send buffer. [Config].SendBuffer bounds the bytes written
// and not yet sent, [Config].Window the bytes in flight or unread. A receiver that does
// not read stops its sender. Between a fast sender and a slow downlink, congestion
// control is ideal: the queue before a downlink stays at its bandwidth × R plus 32 KiB
// a connection.
//
// In mode [SlowStart] each direction of a connection starts with a window of 14,600
// bytes. The window doubles each round trip while it limits the sender, without loss.
// After a second without sending it is cold again. Cold, a connection has delivered
// 14,600 × (2^n − 1) bytes n round trips after the first request.
//
// The network can fail in these ways:
//
//   - Nobody listens: the dial ends with connection refused after R.
//   - Nobody is there: silence.
//   - A host cannot be dialled ([HostConfig].NAT).
//   - A connection is reset ([Conn]'s SetLinger(0), a close with unread data,
//     [Network.Cut]).
//   - A host leaves with a reset ([Host.Leave]) or without a word ([Host.Vanish]).
//   - A pair of hosts does not hear each other for a while ([Network.Block]).
//   - Datagrams are lost.
//
// The same seed and the same order of calls give the same run. The Go scheduler orders
// goroutines that call at the same instant of virtual time.
//
// [Seed] is a scripted BitTorrent peer with the manners, good and bad, of real clients.
package simnet
