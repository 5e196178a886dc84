package simnet

import "time"

const (
	// initialWindow is what a fresh TCP connection sends before the first
	// acknowledgement, in bytes: ten segments of 1,460 (RFC 6928).
	initialWindow = 10 * defaultSegment
	// idleRestart is the silence after which a sender starts again from
	// initialWindow (RFC 5681 section 4.1 says a retransmission time-out).
	idleRestart = time.Second
	// defaultSegment is the bytes a link serves at a time: TCP's usual payload
	// on Ethernet.
	defaultSegment = 1460
	// maxSegment is the most bytes a link without a bandwidth serves at a time.
	maxSegment = 64 << 10
	// defaultSendBuffer is the bytes written and not yet sent that a connection
	// holds: about what Linux gives a connection of modest speed.
	defaultSendBuffer = 64 << 10
	// defaultWindow is the bytes in flight or unread of one direction: somewhat
	// below Linux's largest receive window of 6 MiB.
	defaultWindow = 4 << 20
	// downlinkSlack is the bytes a connection may have queued before a downlink
	// beyond its share of bandwidth × round trip.
	downlinkSlack = 32 << 10
	// synTimeout bounds a dial without any answer: six retransmissions (Linux's
	// tcp_syn_retries).
	synTimeout = 127 * time.Second
	// synRetry is the wait before a SYN is sent again the first time; later waits
	// double (RFC 6298 section 5.7, Linux's TCP_TIMEOUT_INIT).
	synRetry = time.Second
	// acceptBacklog is the connections that wait for Accept at most; more are
	// dropped like SYNs (Linux's somaxconn).
	acceptBacklog = 4096
	// datagramBuffer is the bytes of datagrams that wait at a socket, each way,
	// before they are dropped (Linux's rmem_default).
	datagramBuffer = 212992
	// maxDatagram is the largest UDP payload over IPv4, in bytes.
	maxDatagram = 65507
	// firstEphemeral is the first port given to those who ask for none (RFC 6335).
	firstEphemeral = 49152
	// firstHost is the address of the first host that names none: a block of
	// public addresses, so that address policies let it through.
	firstHost = "11.0.0.1"
)
