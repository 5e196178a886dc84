package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// PeerIDPrefix is how our peer ids begin (BEP 20, Azureus style).
const PeerIDPrefix = "-GW0100-"

// ClientName names the client that made a peer id by the conventions of BEP
// 20, with its version; "" if it follows none that is known.
func ClientName(id [20]byte) string {
	if name := azureusName(id); name != "" {
		return name
	}
	return mainlineName(id)
}

// azureusName reads "-XX1234-".
func azureusName(id [20]byte) string {
	if id[0] != '-' || id[7] != '-' {
		return ""
	}
	name := azureusClient(string(id[1:3]))
	if name == "" {
		for _, c := range id[1:3] {
			if !alphanumeric(c) {
				return ""
			}
		}
		name = string(id[1:3])
	}
	version := ""
	for i, c := range id[3:7] {
		d, ok := digit(c)
		if !ok {
			return name
		}
		if i > 0 {
			version += "."
		}
		version += fmt.Sprint(d)
	}
	return name + " " + version
}

// azureusClient names the clients that are met most.
func azureusClient(code string) string {
	switch code {
	case "7T":
		return "aTorrent"
	case "A2":
		return "aria2"
	case "AZ":
		return "Vuze"
	case "BC":
		return "BitComet"
	case "BI":
		return "BiglyBT"
	case "BT":
		return "BitTorrent"
	case "DE":
		return "Deluge"
	case "FD":
		return "Free Download Manager"
	case "GT":
		return "anacrolix"
	case "GW":
		return "btgw"
	case "KT":
		return "KTorrent"
	case "LT":
		return "libtorrent"
	case "lt":
		return "rTorrent"
	case "qB":
		return "qBittorrent"
	case "RN":
		return "rain"
	case "rQ":
		return "rqbit"
	case "SD":
		return "Xunlei"
	case "TR":
		return "Transmission"
	case "TX":
		return "Tixati"
	case "UT":
		return "µTorrent"
	case "WD":
		return "WebTorrent Desktop"
	case "WW":
		return "WebTorrent"
	default:
		return ""
	}
}

// mainlineName reads "M7-10-5--", "A2-1-36-0-" of aria2, and the plain name of
// rain.
func mainlineName(id [20]byte) string {
	text := string(id[:])
	switch {
	case strings.HasPrefix(text, "A2-"):
		return strings.TrimSpace("aria2 " + dashedVersion(text[3:10]))
	case id[0] == 'M' && '0' <= id[1] && id[1] <= '9':
		return strings.TrimSpace("BitTorrent " + dashedVersion(text[1:8]))
	case strings.HasPrefix(text, "rain"):
		return "rain"
	default:
		return ""
	}
}

// dashedVersion reads "7-10-5-" as 7.10.5, and nothing of what is not so.
func dashedVersion(s string) string {
	parts := strings.Split(strings.TrimRight(s, "-"), "-")
	for _, p := range parts {
		if _, err := strconv.ParseUint(p, 10, 16); err != nil {
			return ""
		}
	}
	return strings.Join(parts, ".")
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// digit reads a version digit: 0 to 9, then A for 10 and on.
func digit(c byte) (int, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0'), true
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10, true
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 36, true
	default:
		return 0, false
	}
}
