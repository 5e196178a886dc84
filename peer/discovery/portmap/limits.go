package portmap

import "time"

const (
	// lease is for how long a mapping is asked for. It is renewed at half of what
	// is granted, at least minRenew and at most maxRenew after it was: RFC 6886
	// section 3.3 recommends two hours, some routers forget sooner.
	lease    = time.Hour
	minRenew = time.Minute
	maxRenew = 30 * time.Minute

	// firstRetry is the wait after all ways failed. It doubles up to maxRetry: a
	// router may be restarting, or there may be none.
	firstRetry = time.Minute
	maxRetry   = 30 * time.Minute

	// natPMPTime is how long a router has to answer NAT-PMP: four sendings, the
	// first wait being 250 ms.
	natPMPTime = 2 * time.Second

	// searchTime is how long devices have to answer a search for gateways, and
	// soapTime how long an exchange with one may take.
	searchTime = 2 * time.Second
	soapTime   = 5 * time.Second

	// searchGrace is how long further devices have after the first has answered.
	searchGrace = 300 * time.Millisecond

	// searchSends is how often a search is sent: datagrams are lost.
	searchSends = 2

	// maxDevices is how many devices are asked, and maxAnswers how many answers to
	// a search are read.
	maxDevices = 4
	maxAnswers = 32

	// maxDocument bounds a description, or an answer, in bytes.
	maxDocument = 256 << 10

	// portTries is how many external ports are tried where ours is taken.
	portTries = 4

	// minExternal is the lowest external port that is tried in place of ours.
	minExternal = 20000
)
