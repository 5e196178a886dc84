package clients

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var ffmpegProgram = program{"ffmpeg", "ffmpeg"}

// FilmSpec says what film to make: a moving picture with a tone.
type FilmSpec struct {
	// Name of the file. The extension chooses container and codecs (mp4, mkv
	// and ts: H.264 and AAC; webm: VP8 and Opus; avi: MPEG-4 and MP3).
	Name string
	// FastStart puts the index of an MP4, moov, at its start, not at its end.
	FastStart bool
	// Seconds is how long the film is.
	Seconds int
	// Size is that of the picture, as "640x360".
	Size string
	// Rate is how many bits a second the picture takes.
	Rate int
	// Filled makes it take them all the time, whatever it shows.
	Filled bool
	// Sound is ffmpeg's name of the sound's encoder; "" is that of the container.
	Sound string
	// PieceLength is the torrent's, as in Spec.
	PieceLength int64
}

// MakeFilm makes a film and the torrent of this single file.
func MakeFilm(tb testing.TB, spec FilmSpec) *Payload {
	tb.Helper()
	p := &Payload{Dir: tb.TempDir(), tb: tb}
	path := filepath.Join(p.Dir, spec.Name)
	encode(tb, path, spec)
	t := makeTorrent(tb, path, Spec{Name: spec.Name, PieceLength: spec.PieceLength})
	p.Info, p.Hash, p.Torrent = t.Info, t.Info.ID(), t.Encode()
	p.TorrentPath = writeTorrent(tb, p.Torrent)
	return p
}

// MakeHLS makes a film as HLS has it: index.m3u8 and segments of some seconds each, as
// 000.ts, in a torrent of the name of the spec.
func MakeHLS(tb testing.TB, spec FilmSpec, seconds int) *Payload {
	tb.Helper()
	p := &Payload{Dir: tb.TempDir(), tb: tb}
	whole := filepath.Join(tb.TempDir(), "whole.ts")
	encode(tb, whole, spec)
	root := filepath.Join(p.Dir, spec.Name)
	if err := os.Mkdir(root, 0o755); err != nil {
		tb.Fatal(err)
	}
	runFFmpeg(tb, root, "-v", "error", "-nostdin", "-i", whole, "-c", "copy", "-f", "hls", "-hls_time", strconv.Itoa(seconds),
		"-hls_playlist_type", "vod", "-hls_segment_filename", "%03d.ts", "index.m3u8")
	t := makeTorrent(tb, root, Spec{Name: spec.Name, PieceLength: spec.PieceLength})
	p.Info, p.Hash, p.Torrent = t.Info, t.Info.ID(), t.Encode()
	p.TorrentPath = writeTorrent(tb, p.Torrent)
	return p
}

// codecs are ffmpeg's arguments for each extension.
var codecs = map[string]string{
	".mp4":  "-c:v libx264 -preset ultrafast -c:a aac",
	".mkv":  "-c:v libx264 -preset ultrafast -c:a aac",
	".ts":   "-c:v libx264 -preset ultrafast -c:a aac",
	".webm": "-c:v libvpx -deadline realtime -cpu-used 16 -c:a libopus",
	".avi":  "-c:v mpeg4 -c:a libmp3lame",
}

func encode(tb testing.TB, path string, spec FilmSpec) {
	tb.Helper()
	rate := strconv.Itoa(spec.Rate)
	args := []string{"-v", "error", "-nostdin", "-y",
		// Noise, for a test picture alone is too simple to fill the rate.
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=%s:rate=25:duration=%d,noise=alls=12:allf=t", spec.Size, spec.Seconds),
		"-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=440:sample_rate=48000:duration=%d", spec.Seconds),
		"-pix_fmt", "yuv420p", "-g", "25", "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-b:a", "64k"}
	args = append(args, strings.Fields(codecs[filepath.Ext(path)])...)
	if spec.Filled {
		args = append(args, "-minrate", rate, "-x264-params", "nal-hrd=cbr")
	}
	if spec.Sound != "" {
		args = append(args, "-c:a", spec.Sound)
	}
	if spec.FastStart {
		args = append(args, "-movflags", "+faststart")
	}
	runFFmpeg(tb, filepath.Dir(path), append(args, path)...)
}

// wait waits for the program's end and gives its exit status. One that does not
// end within ctx fails the test.
func (p *process) wait(ctx context.Context) (status int) {
	p.tb.Helper()
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.tb.Fatalf("%s does not end: %v", p.name, context.Cause(ctx))
	}
	return p.cmd.ProcessState.ExitCode()
}

// runFFmpeg waits for its end, which has to be a good one.
func runFFmpeg(tb testing.TB, dir string, args ...string) {
	tb.Helper()
	p := newProcess(tb, ffmpegProgram, dir, args...)
	p.start()
	ctx, cancel := context.WithTimeout(tb.Context(), workTimeout)
	defer cancel()
	if status := p.wait(ctx); status != 0 {
		tb.Fatalf("ffmpeg %s: status %d", args[len(args)-1], status)
	}
}
