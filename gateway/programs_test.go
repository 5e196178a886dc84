package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// program runs a client to its end, and returns what it printed and its exit
// status.
func program(t *testing.T, dir, name string, args ...string) (stdout string, code int) {
	t.Helper()
	return programWithin(t, 60*time.Second, dir, name, args...)
}

// programWithin is program with a time of its own.
func programWithin(t *testing.T, limit time.Duration, dir, name string, args ...string) (stdout string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		if !strings.Contains(strings.ToLower(v), "_proxy=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("%s (make test-deps installs it): %v", name, err)
	}
	if errs.Len() > 0 {
		t.Logf("%s: %s", name, errs.String())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// breaksOnce makes the first body fail past an offset, and none after it.
func (g *gatewayTest) breaksOnce(limit int) {
	broken := false
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) {
		if broken {
			return
		}
		broken = true
		c.chunk = 100_000
		c.fail = func(pos int) error {
			if pos >= limit {
				return errors.New("the swarm went away")
			}
			return nil
		}
	})
}

func TestWget(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 5<<20)
	location, dir := "http://"+g.addr+hash.Path()+"/film.mkv", t.TempDir()
	file := filepath.Join(dir, "film.mkv")
	if _, code := program(t, dir, "wget", "-q", location); code != 0 {
		t.Errorf("wget: %d", code)
	}
	wantFile(t, file, data)
	if _, code := program(t, dir, "wget", "-q", "-c", location); code != 0 {
		t.Errorf("wget -c of a whole file: %d", code)
	}
	wantFile(t, file, data)
	if err := os.Truncate(file, 1<<20+17); err != nil {
		t.Fatal(err)
	}
	if _, code := program(t, dir, "wget", "-q", "-c", location); code != 0 {
		t.Errorf("wget -c: %d", code)
	}
	wantFile(t, file, data)
	// It goes on by itself where a body was cut.
	g.breaksOnce(2 << 20)
	if _, code := program(t, dir, "wget", "-q", "--tries=3", "--waitretry=0", "-O", "again", location); code != 0 {
		t.Errorf("wget after a cut: %d", code)
	}
	wantFile(t, filepath.Join(dir, "again"), data)
	if _, code := program(t, dir, "wget", "-q", "--content-disposition", "http://"+g.addr+hash.Path()+"?filename=other.mkv"); code != 0 {
		t.Errorf("wget --content-disposition: %d", code)
	}
	wantFile(t, filepath.Join(dir, "other.mkv"), data)
	if _, code := program(t, dir, "wget", "-q", location+"-not"); code != 8 {
		t.Errorf("wget of what does not exist: %d", code)
	}
}

// aria2 asks for a file by eight connections, and goes on where they were cut.
func TestAria2(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 9<<20+5)
	location, dir := "http://"+g.addr+hash.Path()+"/film.mkv", t.TempDir()
	args := []string{"--no-conf", "-q", "-x8", "-s8", "-k1M", "--file-allocation=none", "--retry-wait=1", "--max-tries=5"}
	if _, code := program(t, dir, "aria2c", append(args, "-o", "whole", location)...); code != 0 {
		t.Errorf("aria2c: %d", code)
	}
	wantFile(t, filepath.Join(dir, "whole"), data)
	if n := len(g.backend.opens); n < 4 {
		t.Errorf("%d requests: no parts", n)
	}
	g.breaksOnce(300_000)
	if _, code := program(t, dir, "aria2c", append(args, "-o", "cut", location)...); code != 0 {
		t.Errorf("aria2c after a cut: %d", code)
	}
	wantFile(t, filepath.Join(dir, "cut"), data)
}

// mediaFormats are containers as players find them, by the arguments of ffmpeg
// that make them.
var mediaFormats = map[string][]string{
	"moov last.mp4":  {"-c:v", "mpeg4"},
	"moov first.mp4": {"-c:v", "mpeg4", "-movflags", "+faststart"},
	"film.mkv":       {"-c:v", "mpeg4"},
	"film.ts":        {"-c:v", "mpeg2video", "-f", "mpegts"},
	"film.webm":      {"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "400k"},
	"film.avi":       {"-c:v", "mpeg4"},
}

// ffmpeg reads every container over HTTP as it reads the file: the same frames
// from the start, and from a place that it seeks to.
func TestFFmpeg(t *testing.T) {
	g := serve(t, nil)
	dir := t.TempDir()
	files := make(map[string][]byte)
	for name, args := range mediaFormats {
		make := append([]string{"-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=8", "-g", "25"}, args...)
		if _, code := program(t, dir, "ffmpeg", append(make, name)...); code != 0 {
			t.Fatalf("%s was not made: %d", name, code)
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	hash := g.backend.add(t, "media", metainfo.V1, files)
	for name, data := range files {
		location := "http://" + g.addr + hash.Path() + "/media/" + escapeSegment(name)
		duration, code := program(t, dir, "ffprobe", "-v", "error", "-show_entries", "format=duration,size", "-of", "csv=p=0", location)
		if code != 0 || !strings.HasSuffix(strings.TrimSpace(duration), fmt.Sprintf(",%d", len(data))) || !strings.HasPrefix(duration, "8.") && !strings.HasPrefix(duration, "7.9") {
			t.Errorf("%s: ffprobe: %d, %q", name, code, duration)
		}
		for _, seek := range []string{"0", "6"} {
			frames := func(input string) string {
				out, code := program(t, dir, "ffmpeg", "-v", "error", "-ss", seek, "-i", input, "-an", "-f", "framemd5", "-")
				if code != 0 || strings.Count(out, "\n") < 30 {
					t.Errorf("%s from %s s: exit %d, %d lines", input, seek, code, strings.Count(out, "\n"))
				}
				return out
			}
			if frames(location) != frames(filepath.Join(dir, name)) {
				t.Errorf("%s from %s s: the frames differ", name, seek)
			}
		}
	}
	// The tail is read for the index, and not all that is before it.
	g.asked()
	if _, code := program(t, dir, "ffprobe", "-v", "error", "http://"+g.addr+hash.Path()+"/media/moov%20last.mp4"); code != 0 {
		t.Errorf("ffprobe: %d", code)
	}
	g.backend.mu.Lock()
	defer g.backend.mu.Unlock()
	tail := false
	for _, r := range g.backend.opens {
		tail = tail || r.Off > int64(len(files["moov last.mp4"]))/2
	}
	if !tail {
		t.Errorf("the index at the end was not sought: %v", g.backend.opens)
	}
}

// curl speaks every version to the same bytes, and several ranges at once.
func TestCurlVersions(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "film.mkv", 1<<20)
	location, dir := "http://"+g.addr+hash.Path()+"/film.mkv", t.TempDir()
	for _, version := range []string{"--http1.0", "--http1.1", "--http2", "--http2-prior-knowledge"} {
		if code := curl(t, dir, version, "-o", "whole", location); code != 0 {
			t.Errorf("curl %s: %d", version, code)
		}
		wantFile(t, filepath.Join(dir, "whole"), data)
		if code := curl(t, dir, version, "-r", "5-999", "-o", "part", location); code != 0 {
			t.Errorf("curl %s -r: %d", version, code)
		}
		wantFile(t, filepath.Join(dir, "part"), data[5:1000])
	}
	if code := curl(t, dir, "--parallel", "--parallel-max", "8", "-o", "p#1", location+"?x=[1-8]"); code != 0 {
		t.Errorf("curl --parallel: %d", code)
	}
	for i := 1; i <= 8; i++ {
		wantFile(t, filepath.Join(dir, fmt.Sprintf("p%d", i)), data)
	}
	if code := curl(t, dir, "--etag-save", "tag", "-o", "tagged", location); code != 0 {
		t.Errorf("curl --etag-save: %d", code)
	}
	if code := curl(t, dir, "--etag-compare", "tag", "-f", "-o", "again", location); code != 0 {
		t.Errorf("curl --etag-compare: %d", code)
	}
	if again, err := os.ReadFile(filepath.Join(dir, "again")); err == nil && len(again) > 0 {
		t.Errorf("curl --etag-compare fetched %d bytes", len(again))
	}
}
