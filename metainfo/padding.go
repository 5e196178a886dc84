package metainfo

import "bytes"

// Programs that are older than BEP 47 pad without saying so: the name tells it.

// bitCometPadding begins the name of a padding file that BitComet made.
var bitCometPadding = []byte("_____padding_file_")

// paddingDir is the directory of padding files that BEP 47 suggests.
const paddingDir = ".pad"

// namesPadding reports whether a file of a v1 torrent is padding by its path: such
// files are zeros, and other clients hide them too.
func namesPadding(path [][]byte) bool {
	if bytes.HasPrefix(path[len(path)-1], bitCometPadding) {
		return true
	}
	return len(path) == 2 && string(path[0]) == paddingDir && isDecimal(path[1])
}

func isDecimal(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
