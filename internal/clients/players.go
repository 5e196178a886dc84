package clients

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	mpvProgram        = program{"mpv", "mpv"}
	vlcProgram        = program{"vlc", "vlc-bin"}
	gstPlayProgram    = program{"gst-play-1.0", "gstreamer1.0-plugins-base-apps"}
	gstExploreProgram = program{"gst-discoverer-1.0", "gstreamer1.0-plugins-base-apps"}
)

// Player is a program that plays films without screen or sound, at their speed.
type Player struct {
	Name string
	// Play plays a film for a second, seeks to a place in seconds, and plays on for a
	// second. It returns the length of the film, and the player's position at the end,
	// in seconds. Every failure, and everything that does not happen within ctx, fails
	// the test.
	Play func(ctx context.Context, tb testing.TB, url string, seek float64) (duration, reached float64)
	// Cannot names the containers, by their extensions, in which it does not
	// always seek by a range of its own, whatever the server.
	Cannot []string
}

// Players are the players that Debian has. mpv may read an AVI on to the place it
// seeks. VLC does not look for the end of an MPEG-TS, so it knows no duration.
// GStreamer's demuxer for MPEG-TS is in a large package of its own (bad).
var Players = []Player{
	{"mpv", playMPV, []string{".avi"}},
	{"VLC", playVLC, []string{".ts"}},
	{"GStreamer", playGStreamer, []string{".ts"}},
}

// playMPV steers mpv through its socket (JSON IPC, mpv(1)).
func playMPV(ctx context.Context, tb testing.TB, url string, seek float64) (duration, reached float64) {
	tb.Helper()
	dir, err := os.MkdirTemp("", "mpv") // a socket's path has to be short: unix(7)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	p := newProcess(tb, mpvProgram, dir, "--no-config", "--vo=null", "--ao=null", "--no-terminal", "--keep-open=yes", "--input-ipc-server="+socket, url)
	p.cmd.Env = append(withoutProxies(), "HOME="+dir)
	p.start()
	c := dialMPV(ctx, tb, socket)
	defer c.Close()
	m := &mpv{tb: tb, conn: c, lines: bufio.NewScanner(c)}
	until := func(place float64) (at float64) {
		for at < place {
			time.Sleep(pollInterval)
			at = m.get("time-pos")
			if ctx.Err() != nil {
				tb.Fatalf("mpv is at %v s, not at %v", at, place)
			}
		}
		return at
	}
	until(1)
	duration = m.get("duration")
	if _, err := m.call("seek", seek, "absolute"); err != nil {
		tb.Fatalf("mpv: seek: %v", err)
	}
	reached = until(seek + 1)
	_, _ = m.call("quit") // it may be gone before it answers
	if status := p.wait(ctx); status != 0 {
		tb.Errorf("mpv ended with status %d", status)
	}
	return duration, reached
}

// dialMPV waits for the socket.
func dialMPV(ctx context.Context, tb testing.TB, socket string) net.Conn {
	tb.Helper()
	for {
		c, err := net.Dial("unix", socket)
		if err == nil {
			if deadline, ok := ctx.Deadline(); ok {
				_ = c.SetDeadline(deadline)
			}
			return c
		}
		if ctx.Err() != nil {
			tb.Fatalf("mpv does not listen: %v", err)
		}
		time.Sleep(pollInterval)
	}
}

// mpv is a conversation with one.
type mpv struct {
	tb    testing.TB
	conn  net.Conn
	lines *bufio.Scanner
	last  int // request
}

// call carries out a command.
func (m *mpv) call(command ...any) (json.RawMessage, error) {
	m.last++
	line, err := json.Marshal(map[string]any{"command": command, "request_id": m.last})
	if err != nil {
		return nil, err
	}
	if _, err := m.conn.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	for m.lines.Scan() {
		var answer struct {
			ID    int             `json:"request_id"`
			Event string          `json:"event"`
			Error string          `json:"error"`
			Data  json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(m.lines.Bytes(), &answer); err != nil {
			return nil, err
		}
		switch {
		case answer.Event != "" || answer.ID != m.last:
		case answer.Error != "success":
			return nil, errors.New(answer.Error)
		default:
			return answer.Data, nil
		}
	}
	return nil, fmt.Errorf("mpv hung up: %v", m.lines.Err())
}

// get gives a property that is a number; 0 while it is not known.
func (m *mpv) get(property string) (value float64) {
	m.tb.Helper()
	data, err := m.call("get_property", property)
	if err != nil {
		if err.Error() == "property unavailable" {
			return 0
		}
		m.tb.Fatalf("mpv: %s: %v", property, err)
	}
	if err := json.Unmarshal(data, &value); err != nil {
		m.tb.Fatalf("mpv: %s is %s", property, data)
	}
	return value
}

// playVLC steers VLC by its command line interface.
func playVLC(ctx context.Context, tb testing.TB, url string, seek float64) (duration, reached float64) {
	tb.Helper()
	p := newProcess(tb, vlcProgram, "/", "-I", "rc", "--no-dbus", "--ignore-config", "--vout=dummy", "--aout=dummy", url)
	p.cmd.Env = append(withoutProxies(), "HOME=/nonexistent")
	AsNobody(p.cmd) // it refuses to run as root
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, in, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	defer out.Close()
	p.cmd.Stdout = in
	p.start()
	in.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = out.SetReadDeadline(deadline)
	}
	lines := bufio.NewScanner(out)
	// ask gives the number that a question is answered with: 0 for a blank.
	ask := func(question string) float64 {
		fmt.Fprintln(stdin, question)
		for lines.Scan() {
			line := strings.Trim(lines.Text(), "> \r")
			if n, err := strconv.Atoi(line); err == nil || line == "" {
				return float64(n)
			}
		}
		tb.Fatalf("VLC does not say %s: %v", question, lines.Err())
		return 0
	}
	until := func(place float64) (at float64) {
		for at < place {
			time.Sleep(pollInterval)
			at = ask("get_time")
			if ctx.Err() != nil {
				tb.Fatalf("VLC is at %v s, not at %v", at, place)
			}
		}
		return at
	}
	until(1)
	duration = ask("get_length")
	fmt.Fprintf(stdin, "seek %.0f\n", seek)
	reached = until(seek + 1)
	fmt.Fprintln(stdin, "quit")
	if status := p.wait(ctx); status != 0 {
		tb.Errorf("VLC ended with status %d", status)
	}
	return duration, reached
}

// gstDuration matches what gst-discoverer-1.0 prints about a film.
var gstDuration = regexp.MustCompile(`(?s)Duration: (\d+):(\d+):(\d+\.\d+)\n\s*Seekable: yes`)

// gstPosition matches the position that gst-play-1.0 prints.
var gstPosition = regexp.MustCompile(`(\d+):(\d+):(\d+\.\d+) / `)

// playGStreamer makes gst-discoverer-1.0 print the film's length. Then gst-play-1.0
// begins with a seek and plays up to the end, which is no farther than 15 s.
// GStreamer's programs take commands from a terminal only.
func playGStreamer(ctx context.Context, tb testing.TB, url string, seek float64) (duration, reached float64) {
	tb.Helper()
	home := tb.TempDir()
	run := func(what program, args ...string) string {
		p := newProcess(tb, what, home, args...)
		p.cmd.Env = append(withoutProxies(), "HOME="+home, "GST_REGISTRY="+filepath.Join(home, "registry"))
		p.start()
		status := p.wait(ctx)
		text := p.output.String()
		if status != 0 || strings.Contains(text, "ERROR") {
			tb.Fatalf("%s: status %d: %s", what.path, status, text)
		}
		return text
	}
	text := run(gstExploreProgram, "--timeout=120", url)
	told := gstDuration.FindStringSubmatch(text)
	if told == nil {
		tb.Fatalf("gst-discoverer-1.0 tells of no duration, or that there is no seeking: %s", text)
	}
	duration = seconds(told)
	text = run(gstPlayProgram, "--no-interactive", "--videosink=fakesink sync=true", "--audiosink=fakesink sync=true",
		"--start-position="+strconv.FormatFloat(seek, 'f', 0, 64), url)
	if !strings.Contains(text, "Reached end of play list.") {
		tb.Errorf("gst-play-1.0 did not reach the end: %s", text)
	}
	places := gstPosition.FindAllStringSubmatch(text, -1)
	if len(places) == 0 {
		tb.Fatalf("gst-play-1.0 does not tell where it is: %s", text)
	}
	for _, place := range places { // it may tell of the start before it seeks
		if at := seconds(place); at > 1 && at < seek-1 {
			tb.Errorf("gst-play-1.0 played at %v s, before %v", at, seek)
			break
		}
	}
	return duration, seconds(places[len(places)-1])
}

// seconds reads what was found as hours, minutes and seconds.
func seconds(found []string) (sum float64) {
	for _, part := range found[1:] {
		n, _ := strconv.ParseFloat(part, 64) // digits, by the expression
		sum = sum*60 + n
	}
	return sum
}
