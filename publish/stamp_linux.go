package publish

import (
	"encoding/binary"
	"hash/fnv"
	"io/fs"
	"syscall"
	"time"
)

// stampOf tells a file's state: another one when it was written to, or another file has its
// name. It is not 0.
func stampOf(info fs.FileInfo) uint64 {
	h := fnv.New64a()
	b := binary.BigEndian.AppendUint64(nil, uint64(info.Size()))
	b = binary.BigEndian.AppendUint64(b, uint64(info.ModTime().UnixNano()))
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		b = binary.BigEndian.AppendUint64(b, s.Ino)
		b = binary.BigEndian.AppendUint64(b, uint64(s.Dev))
		b = binary.BigEndian.AppendUint64(b, uint64(s.Ctim.Nano()))
	}
	_, _ = h.Write(b)
	return max(1, h.Sum64())
}

// changeTime returns the time of a file's last change of any kind.
func changeTime(info fs.FileInfo) time.Time {
	at := info.ModTime()
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		if c := time.Unix(s.Ctim.Unix()); c.After(at) {
			at = c
		}
	}
	return at
}
