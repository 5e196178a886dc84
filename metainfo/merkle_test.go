package metainfo

import "crypto/sha256"

// leafHashes returns the leaves of a file's hash tree, padded with zeros to a
// power of two (BEP 52).
func leafHashes(content []byte) [][32]byte {
	var leaves [][32]byte
	for len(content) > 0 {
		n := min(len(content), BlockLen)
		leaves = append(leaves, sha256.Sum256(content[:n]))
		content = content[n:]
	}
	width := 1
	for width < len(leaves) {
		width *= 2
	}
	for len(leaves) < width {
		leaves = append(leaves, [32]byte{})
	}
	return leaves
}

// nextLevel returns the level above one of a hash tree.
func nextLevel(level [][32]byte) [][32]byte {
	up := make([][32]byte, len(level)/2)
	for i := range up {
		up[i] = sha256.Sum256(append(append([]byte{}, level[2*i][:]...), level[2*i+1][:]...))
	}
	return up
}
