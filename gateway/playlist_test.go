package gateway

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
)

// played is the playlist of a torrent of these files: paths below its name, each with its subtitles behind.
func played(t *testing.T, g *gatewayTest, query string, paths ...string) []string {
	t.Helper()
	files := make(map[string][]byte)
	for i, path := range paths {
		files[path] = random(uint64(i), 10)
	}
	hash := g.backend.add(t, "t", metainfo.V1, files)
	a := g.get(t, hash.Path()+"/"+query+"?format=m3u8")
	if a.status != 200 || a.get("Content-Type") != "application/vnd.apple.mpegurl" || !strings.HasPrefix(string(a.body), "#EXTM3U\n") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	root := "http://" + g.addr + hash.Path() + "/t/"
	var list []string
	slaves := ""
	for line := range strings.SplitSeq(strings.TrimSuffix(string(a.body), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, "#EXTVLCOPT:input-slave="):
			for url := range strings.SplitSeq(strings.TrimPrefix(line, "#EXTVLCOPT:input-slave="), "#") {
				slaves += " + " + strings.TrimPrefix(url, root)
			}
		case !strings.HasPrefix(line, "#"):
			list = append(list, strings.TrimPrefix(line, root)+slaves)
			slaves = ""
		}
	}
	return list
}

func TestPlaylists(t *testing.T) {
	g := serve(t, nil)
	for name, c := range map[string]struct{ files, want []string }{
		"HLS": {[]string{"hls/index.m3u8", "hls/seg0.ts", "hls/seg1.ts", "hls/key.bin", "film.mkv"}, []string{"film.mkv", "hls/index.m3u8"}},
		"HLS with variants": {[]string{"x/master.m3u8", "x/720p.m3u8", "x/720p/a-1.ts", "x/480/index.m3u8", "x/480/init.mp4", "x/480/1.m4s", "x/audio/seg-1.aac", "x/audio/seg-2.aac"},
			[]string{"x/master.m3u8"}},
		"DASH":                             {[]string{"d/stream.mpd", "d/init-0.mp4", "d/chunk-0-00001.m4s", "d/video.mp4", "d/audio.m4a"}, []string{"d/stream.mpd"}},
		"both":                             {[]string{"c/main.mpd", "c/main.m3u8", "c/v/1.m4s", "c/v/v.m3u8"}, []string{"c/main.m3u8", "c/main.mpd"}},
		"two films":                        {[]string{"a.m3u8", "b.m3u8", "a1.ts", "b1.ts"}, []string{"a.m3u8", "b.m3u8"}},
		"an album's list":                  {[]string{"album.m3u8", "01.mp3", "02.flac", "album.m3u"}, []string{"01.mp3", "02.flac"}},
		"a list of films":                  {[]string{"list.m3u8", "one.mkv", "sub/two.mp4"}, []string{"one.mkv", "sub/two.mp4"}},
		"transport streams":                {[]string{"one.ts", "two.m2ts", "sub/three.ts"}, []string{"one.ts", "sub/three.ts", "two.m2ts"}},
		"at the side of another's":         {[]string{"hls/a.m3u8", "hls/a.ts", "b.ts"}, []string{"b.ts", "hls/a.m3u8"}},
		"segments alone":                   {[]string{"a.m4s", "b.mp4"}, []string{"b.mp4"}},
		"old ones":                         {[]string{"a.rmvb", "b.asf", "c.wmv", "d.divx", "e.ogm", "f.RM", "g.mxf", "h.wtv", "i.dvr-ms"}, []string{"a.rmvb", "b.asf", "c.wmv", "d.divx", "e.ogm", "f.RM", "g.mxf", "h.wtv", "i.dvr-ms"}},
		"music":                            {[]string{"a.wv", "b.mpc", "c.tta", "d.tak", "e.dsf", "f.caf", "g.mp2", "h.spx", "i.shn", "j.ra", "k.thd"}, []string{"a.wv", "b.mpc", "c.tta", "d.tak", "e.dsf", "f.caf", "g.mp2", "h.spx", "i.shn", "j.ra", "k.thd"}},
		"subtitles":                        {[]string{"film.mkv", "film.srt", "Film.en.ass", "film.de.forced.vtt", "other.srt", "film 2.mkv"}, []string{"film%202.mkv", "film.mkv + film.de.forced.vtt + Film.en.ass + film.srt"}},
		"a folder of them":                 {[]string{"film.rmvb", "Subs/2_English.srt", "Subs/readme.txt"}, []string{"film.rmvb + Subs/2_English.srt"}},
		"a folder of them for several":     {[]string{"a.mkv", "b.mkv", "Subs/a/1.srt", "subs/b.en.srt", "Subtitles/none.srt"}, []string{"a.mkv + Subs/a/1.srt", "b.mkv + subs/b.en.srt"}},
		"pages, pictures, subtitles alone": {[]string{"a.html", "b.jpg", "c.srt", "go.mod"}, nil},
	} {
		if got := played(t, g, "", c.files...); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
	// Of a directory too.
	if got := played(t, g, "t/hls/", "hls/x.m3u8", "hls/1.ts", "film.mkv"); len(got) != 1 || got[0] != "hls/x.m3u8" {
		t.Errorf("%q", got)
	}
}

// Whatever ffprobe finds media in by its extension has a type of its own, but for what is mostly something else.
func TestMediaTypesOfFFprobe(t *testing.T) {
	types := newMediaTypes()
	for ext := range strings.FieldsSeq("3g2 3gp aa aac aax ac3 adx aif aiff amr amv ape asf au avc avi awb caf cdg dif divx dts dtshd dv eac3 f4v flac flv h264 h265 hevc isma ismv ivf " +
		"m1v m2a m2t m2ts m2v m4a m4b m4v mid mjpeg mjpg mk3d mka mkv mlp mov mp2 mp3 mp4 mpa mpc mpeg mpg mts mxf nsv nut obu oga ogg ogm ogv oma omg opus qt ra rm rmvb s3m shn smk spx " +
		"tak thd ts tta vc1 viv vob voc w64 wav weba webm wm wma wmv wtv wv xm y4m") {
		if kind := types.of("a." + ext); !playable(kind) {
			t.Errorf("%s is %s", ext, kind)
		}
	}
	for ext := range strings.FieldsSeq("txt nfo sub idx str mod it art cgi dat bit c2 ty m3u pls m3u8 mpd m4s srt") {
		if kind := types.of("a." + ext); playable(kind) {
			t.Errorf("%s is %s", ext, kind)
		}
	}
}

// VLC plays what a playlist names.
func TestPlaylistInVLC(t *testing.T) {
	g := serve(t, nil)
	dir := t.TempDir()
	if _, code := program(t, dir, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=2", "-c:v", "mpeg4", "film.mkv"); code != 0 {
		t.Fatalf("ffmpeg: %d", code)
	}
	film, err := os.ReadFile(dir + "/film.mkv")
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("1\n00:00:00,100 --> 00:00:01,900\nHello\n")
	hash := g.backend.add(t, "vlc", metainfo.V1, map[string][]byte{"film.mkv": film, "film.en.srt": text, "film.de.srt": text})
	// It plays what the playlist names, and opens subtitles by their URL where its command line has it: in a playlist
	// VLC 3 refuses the option for security reasons, wherever the playlist is.
	playlist, folder := "http://"+g.addr+hash.Path()+"/?format=m3u8", "http://"+g.addr+hash.Path()+"/vlc/"
	for _, args := range [][]string{{playlist}, {folder + "film.mkv", "--input-slave=" + folder + "film.en.srt"}} {
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, "vlc", append([]string{"-I", "dummy", "--no-dbus", "--ignore-config", "--vout=dummy", "--aout=dummy", "--play-and-exit"}, args...)...)
		cmd.Dir, cmd.Env = "/", []string{"HOME=/nonexistent", "PATH=" + os.Getenv("PATH")}
		clients.AsNobody(cmd) // it refuses to run as root
		out, err := cmd.CombinedOutput()
		g.backend.mu.Lock()
		films, subtitles := 0, 0
		for _, r := range g.backend.opens {
			if r.N == int64(len(text)) {
				subtitles++
			} else {
				films++
			}
		}
		g.backend.opens = nil
		g.backend.mu.Unlock()
		if films == 0 || len(args) > 1 && subtitles == 0 {
			t.Errorf("%s: the film was opened %d times, its subtitles %d: %v\n%s", args, films, subtitles, err, out)
		}
	}
}
