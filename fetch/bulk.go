package fetch

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A film is of use as it comes; a disk image, an archive or a program when all of
// it is there. Who reads such a file, and has had its first bytes, is patient in a
// crowd: what it reads is wanted in the order of rarity from where it is to the end
// of its window, so that all who fetch it have something to give to each other, and
// have it sooner. It waits for one piece no longer than bulkPatience, then that is
// urgent.

// bulkPatience bounds the wait of a patient reader, far below what clients and
// proxies wait for the next byte.
const bulkPatience = 5 * time.Second

// whenever is the deadline of what a patient reader wants: before what nobody waits
// for, and behind all others.
const whenever = someday - 1

// patient reports whether the reader can do with its bytes in any order.
func (c *core) patient(w *window) bool { return w.bulk && c.inCrowd && w.sent > 0 }

// hurry makes the pieces urgent that patient readers have waited for long enough.
func (c *core) hurry(now time.Duration) {
	for _, w := range c.windows {
		if w.waiting && w.patient && now >= w.since+bulkPatience {
			w.patient = false
			i, _ := slices.BinarySearchFunc(c.stalled, w, func(a, b *window) int { return cmp.Compare(a.since, b.since) })
			c.stalled = slices.Insert(c.stalled, i, w)
			c.urge(now, w)
		}
	}
}

// media are the files that are played while they come, by extension.
var media = map[string]bool{
	".3gp": true, ".aac": true, ".ac3": true, ".aif": true, ".aiff": true, ".ape": true, ".asf": true, ".avi": true, ".dts": true,
	".flac": true, ".flv": true, ".m2ts": true, ".m4a": true, ".m4b": true, ".m4v": true, ".mka": true, ".mkv": true, ".mov": true,
	".mp3": true, ".mp4": true, ".mpeg": true, ".mpg": true, ".mts": true, ".oga": true, ".ogg": true, ".ogv": true, ".opus": true,
	".rm": true, ".rmvb": true, ".ts": true, ".vob": true, ".wav": true, ".webm": true, ".wma": true, ".wmv": true, ".wv": true,
}

// played reports whether a file is of use as it comes.
func played(info *metainfo.Info, f *metainfo.File) bool {
	name := info.Name
	if len(f.Path) > 0 {
		name = f.Path[len(f.Path)-1]
	}
	return media[strings.ToLower(path.Ext(name))]
}
