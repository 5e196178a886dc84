package discovery

import (
	"encoding/binary"
	"errors"
	"net/netip"
)

// Actions and sizes of the UDP tracker protocol (BEP 15).
const (
	actionConnect  = 0
	actionAnnounce = 1
	actionError    = 3

	protocolID = 0x41727101980 // in place of the connection id, in a connect request

	replyHeader    = 4 + 4           // action, transaction id
	connectReply   = replyHeader + 8 // connection id
	announceReply  = replyHeader + 12
	maxUDPReply    = announceReply + compact6*maxPeers
	urlDataOption  = 2   // BEP 41
	maxURLDataPart = 255 // bytes in one option
)

// appendConnect appends a connect request.
func appendConnect(dst []byte, transaction uint32) []byte {
	dst = binary.BigEndian.AppendUint64(dst, protocolID)
	dst = binary.BigEndian.AppendUint32(dst, actionConnect)
	return binary.BigEndian.AppendUint32(dst, transaction)
}

// appendAnnounce appends an announce request. urlData is the path and query of
// the announce URL; it goes into as many options as it needs (BEP 41).
func appendAnnounce(dst []byte, connection uint64, transaction uint32, r *request, urlData string) []byte {
	be := binary.BigEndian
	dst = be.AppendUint64(dst, connection)
	dst = be.AppendUint32(dst, actionAnnounce)
	dst = be.AppendUint32(dst, transaction)
	dst = append(dst, r.infoHash[:]...)
	dst = append(dst, r.peerID[:]...)
	dst = be.AppendUint64(dst, uint64(r.downloaded))
	dst = be.AppendUint64(dst, uint64(r.left))
	dst = be.AppendUint64(dst, uint64(r.uploaded))
	dst = be.AppendUint32(dst, uint32(r.event))
	dst = be.AppendUint32(dst, 0) // our address: the one that this comes from
	dst = be.AppendUint32(dst, r.key)
	dst = be.AppendUint32(dst, uint32(r.numWant))
	dst = be.AppendUint16(dst, uint16(r.port))
	for len(urlData) > 0 {
		n := min(len(urlData), maxURLDataPart)
		dst = append(dst, urlDataOption, byte(n))
		dst = append(dst, urlData[:n]...)
		urlData = urlData[n:]
	}
	return dst
}

// parseReply gives the payload of a reply to the request of that action and
// transaction. ok is false for any other datagram; a *refusal is the tracker's
// error message. A reply without its payload is an error too: opentracker sends
// that for a torrent that it does not serve.
func parseReply(b []byte, action, transaction uint32) (payload []byte, ok bool, err error) {
	if len(b) < replyHeader || binary.BigEndian.Uint32(b[4:]) != transaction {
		return nil, false, nil
	}
	payload = b[replyHeader:]
	switch binary.BigEndian.Uint32(b) {
	case actionError:
		return nil, true, &refusal{reason: string(payload[:min(len(payload), 4*maxText)])}
	case action:
		if len(b) < minReply(action) {
			return nil, true, errShortReply
		}
		return payload, true, nil
	}
	return nil, false, nil
}

var errShortReply = errors.New("the tracker's reply is empty")

func minReply(action uint32) int {
	if action == actionConnect {
		return connectReply
	}
	return announceReply
}

// parseUDPAnswer reads the payload of an announce reply; peers are of size
// bytes each, which the family of the socket decides.
func parseUDPAnswer(payload []byte, size int) *answer {
	signed := func(b []byte) int { return int(int32(binary.BigEndian.Uint32(b))) }
	list := payload[12:]
	if size == compact6 && len(list)%compact6 != 0 && len(list)%compact4 == 0 {
		size = compact4 // some trackers have these alone
	}
	return &answer{
		interval: seconds(int64(signed(payload))),
		leechers: max(signed(payload[4:]), -1),
		seeders:  max(signed(payload[8:]), -1),
		peers:    appendCompact([]netip.AddrPort(nil), list, size),
		listed:   true,
	}
}
