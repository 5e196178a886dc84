package limit

import "time"

// Unbounded in place of a bound on one client is none.
const Unbounded = -1

// Bounds of connections and rates.
const (
	// refusedHead is how much is read of what a connection that is refused has sent, in bytes: a
	// head.
	refusedHead = 16 << 10
	// refusalsAtOnce is how many connections that are refused are told so at a time, and
	// refusalTime how long each may take.
	refusalsAtOnce = 8
	refusalTime    = time.Second

	// RequestBurst is for how many seconds of a client's requests at once there is room: a page
	// with thumbnails, a download manager that starts.
	RequestBurst = 4
	// floodHold is how long a refusal is held back from a flooding client, and floodTime
	// how long it may then open no connection. A client floods if it goes on after as many
	// refusals as it may make requests.
	floodHold = 250 * time.Millisecond
	floodTime = time.Second
	// SurplusBurst is the number of seconds of its surplus that a client may use at once.
	// A player that opens a film and seeks about in it a few times needs some 20.
	SurplusBurst = 64
	// maxClients is how many clients' rates are remembered, the latest ones: one
	// that was forgotten has its full burst again.
	maxClients = 16384

	// unproxiedEvery is how often it is said that a proxy is not believed.
	unproxiedEvery = time.Hour

	clientPrefixV4 = 32 // bits of an IPv4 address that are one client
	clientPrefixV6 = 56 // bits of an IPv6 address: what a household is given
)
