//go:build !linux

package publish

import (
	"encoding/binary"
	"hash/fnv"
	"io/fs"
	"time"
)

// stampOf tells a file's state: another one when it was written to. It is not 0.
func stampOf(info fs.FileInfo) uint64 {
	h := fnv.New64a()
	b := binary.BigEndian.AppendUint64(nil, uint64(info.Size()))
	_, _ = h.Write(binary.BigEndian.AppendUint64(b, uint64(info.ModTime().UnixNano())))
	return max(1, h.Sum64())
}

// changeTime returns the time of a file's last change.
func changeTime(info fs.FileInfo) time.Time { return info.ModTime() }
