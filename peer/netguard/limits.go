package netguard

import "time"

const (
	// DialTimeout bounds one dial, its name lookup included, whatever the
	// context of the caller allows. A SYN retransmitted after 1, 3 and 7 s
	// (RFC 6298, Linux) is still answered within it.
	DialTimeout = 15 * time.Second

	// maxAddrs is how many addresses of one name are tried for one connection with a [Bind] or a [Proxy].
	maxAddrs = 4

	// maxDeviceName bounds the name of an interface, in bytes; Windows has long ones.
	maxDeviceName = 128

	// minRelayWait and maxRelayWait are between two questions to a proxy that passes no datagrams on for
	// now.
	minRelayWait = time.Second
	maxRelayWait = time.Minute

	// HTTPTimeout bounds one HTTP exchange of [HTTPClient], from the dial to
	// the last byte of the body. Each redirect is an exchange of its own.
	HTTPTimeout = 30 * time.Second

	// MaxRedirects is how many redirects [HTTPClient] follows for one request
	// (SSRF: a chain of redirects is a port scanner).
	MaxRedirects = 3

	// MaxHTTPBody bounds the body of one response, in bytes after the transfer
	// coding is taken off. Nothing that is fetched for a swarm needs more: a
	// tracker's answer is a few KiB.
	MaxHTTPBody = 4 << 20

	// MaxHTTPHeader bounds the status line and header fields of one response,
	// interim responses included, in bytes.
	MaxHTTPHeader = 64 << 10

	// maxInterim is how many 1xx responses may come before the final one; the
	// number net/http's Transport allows.
	maxInterim = 5

	// minThrottleRead and maxThrottleRead bound one read of a connection whose network has a
	// [Throttle], in bytes. That is what some tenths of a second bring at low rates, and little
	// beside a second's at high ones.
	minThrottleRead = 4 << 10
	maxThrottleRead = 64 << 10
)
