package fetch

import (
	"path"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// Players read the index of a film before the film: MP4 has it at the end unless
// it was made for streaming, Matroska has its cues there, AVI its index.
var indexed = map[string]bool{".mp4": true, ".m4v": true, ".mov": true, ".mkv": true, ".webm": true, ".avi": true}

// hintMedia prefetches the parts of a film that its player asks for next, when the film
// is opened at its start. When a player reads elsewhere, it drops the prefetches that
// the player has no use for.
func (t *Torrent) hintMedia(f *metainfo.File, off int64) {
	if !indexed[extension(t.info, f)] {
		return
	}
	t.mu.Lock()
	now, end := t.now(), f.Offset+f.Length
	if off == 0 {
		until := now + prefetchTime
		t.core.Prefetch(now, f.Offset, min(end, f.Offset+mediaHead), until)
		t.core.Prefetch(now, max(f.Offset, end-mediaTail), end, until)
	} else if t.core.Prefetches() > 0 {
		t.core.Overtaken(f.Offset, end, f.Offset+off)
		t.leaveAll()
	}
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// media are the files that are played while they come, by extension.
var media = map[string]bool{
	".3gp": true, ".aac": true, ".ac3": true, ".aif": true, ".aiff": true, ".ape": true, ".asf": true, ".avi": true, ".dts": true,
	".flac": true, ".flv": true, ".cmfa": true, ".cmfv": true, ".m2ts": true, ".m4a": true, ".m4b": true, ".m4s": true, ".m4v": true, ".mka": true, ".mkv": true, ".mov": true,
	".mp3": true, ".mp4": true, ".mpeg": true, ".mpg": true, ".mts": true, ".oga": true, ".ogg": true, ".ogv": true, ".opus": true,
	".rm": true, ".rmvb": true, ".ts": true, ".vob": true, ".wav": true, ".webm": true, ".wma": true, ".wmv": true, ".wv": true,
}

// played reports whether a file is of use as it comes.
func played(info *metainfo.Info, f *metainfo.File) bool {
	return media[extension(info, f)]
}

// playlists are the files that say which others a player reads one after another, by extension.
var playlists = map[string]bool{".m3u8": true, ".mpd": true}

// extension is that of a file's name, in small letters.
func extension(info *metainfo.Info, f *metainfo.File) string {
	return strings.ToLower(path.Ext(info.FileName(f)))
}
