package lsd

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// message says which torrents a peer has (BEP 14).
type message struct {
	port   uint16 // TCP
	hashes [][20]byte
	cookie string // what the sender knows its own messages by; "" for none
}

const firstLine = "BT-SEARCH * HTTP/1.1"

// append encodes the message to a multicast group.
func (m *message) append(b []byte, group string) []byte {
	b = fmt.Appendf(b, "%s\r\nHost: %s\r\nPort: %d\r\n", firstLine, group, m.port)
	for _, h := range m.hashes {
		b = fmt.Appendf(b, "Infohash: %x\r\n", h)
	}
	return fmt.Appendf(b, "cookie: %s\r\n\r\n\r\n", m.cookie)
}

// parse reads a message of at most maxMessage bytes; false if it is none. Of its
// infohashes maxHashes are taken.
func parse(b []byte) (m message, ok bool) {
	line, rest, ok := strings.Cut(string(b), "\r\n")
	if !ok || line != firstLine {
		return m, false
	}
	for ok && line != "" {
		line, rest, ok = strings.Cut(rest, "\r\n")
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "port":
			n, err := strconv.ParseUint(value, 10, 16)
			if err != nil {
				return m, false
			}
			m.port = uint16(n)
		case "infohash":
			if h, err := hex.DecodeString(value); err == nil && len(h) == 20 && len(m.hashes) < maxHashes {
				m.hashes = append(m.hashes, [20]byte(h))
			}
		case "cookie":
			m.cookie = value
		}
	}
	return m, m.port != 0 && len(m.hashes) > 0
}
