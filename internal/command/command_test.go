package command

import (
	"bytes"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mark is a flag that its name alone sets, and keeps its text.
type mark string

func (*mark) IsBoolFlag() bool { return true }

type shared struct {
	Level string `default:"info" placeholder:"LEVEL" env:"T_LEVEL" help:"What to log (${default})."`
}

type grammar struct {
	Run struct {
		PublicURL string   `placeholder:"URL" help:"Where it is."`
		Rate      string   `default:"0" placeholder:"SIZE" aliases:"max-rate" help:"How fast it may be at most, in all transfers together (${default}: without a limit)."`
		Peer      []string `placeholder:"HOST" sep:"," env:"T_PEER" help:"A peer."`
		Tracker   []string `short:"t" placeholder:"URL" sep:"none" env:"T_TRACKER" help:"A tracker."`
		Dir       string   `default:"${home}" placeholder:"DIR" help:"Where (${default})."`
		Quiet     bool     `short:"q" help:"Say nothing."`
		Loud      mark     `env:"T_LOUD" help:"Say all."`
		Secret    mark     `hidden:"" help:"Not shown."`
		shared
	} `cmd:"" default:"withargs" help:"Run it."`
	Make struct {
		V1   bool     `name:"v1" xor:"version" help:"One."`
		V2   bool     `name:"v2" xor:"version" help:"The other."`
		Jobs int      `short:"j" default:"3" placeholder:"N" help:"How many."`
		To   string   `required:"" placeholder:"DIR" env:"T_TO" help:"Where to."`
		Path []string `arg:"" help:"What."`
	} `cmd:"" help:"Make it."`
	Cache struct {
		Pin struct {
			Kind string `arg:"" enum:"one,other" help:"one or other."`
			More string `arg:"" optional:"" default:"." help:"More."`
		} `cmd:"" help:"Pin it."`
		Purge struct{} `cmd:"" help:"Purge it."`
	} `cmd:"" help:"Look after the cache."`
	Version bool `help:"Print the version."`
}

// parsed parses a command line.
func parsed(t *testing.T, settings map[string][]string, args ...string) (*grammar, *Command, string, error) {
	t.Helper()
	var g grammar
	var out bytes.Buffer
	program := New("prog", "It does.", "In detail.", &g, map[string]string{"home": "/home"})
	chosen, err := program.Parse(args, &out, func(*Command) (map[string][]string, error) { return settings, nil })
	return &g, chosen, out.String(), err
}

// The command line wins over the environment, that over the settings, and those over the defaults, for lists as a whole.
func TestPrecedence(t *testing.T) {
	settings := map[string][]string{"level": {"file"}, "peer": {"f,g"}, "tracker": {"a,b", "c"}, "rate": {"7"}, "unknown": {"x"}}
	check := func(want string, wantSources []Source, args ...string) {
		t.Helper()
		g, chosen, _, err := parsed(t, settings, args...)
		if err != nil {
			t.Fatal(err)
		}
		r := g.Run
		if got := strings.Join([]string{r.Level, strings.Join(r.Peer, " "), strings.Join(r.Tracker, " "), r.Rate, r.Dir, string(r.Loud)}, "|"); got != want {
			t.Errorf("%q: %s, want %s", args, got, want)
		}
		var sources []Source
		for _, name := range []string{"level", "peer", "tracker", "rate", "dir", "loud"} {
			sources = append(sources, chosen.Flag(name).Source)
		}
		if !slices.Equal(sources, wantSources) {
			t.Errorf("%q: set by %v, want %v", args, sources, wantSources)
		}
	}
	check("file|f g|a,b c|7|/home|", []Source{FromFile, FromFile, FromFile, FromFile, FromDefault, FromDefault})
	t.Setenv("T_LEVEL", "env")
	t.Setenv("T_PEER", "e,h")
	t.Setenv("T_TRACKER", "d,e")
	t.Setenv("T_LOUD", "maybe")
	check("env|e h|d,e|7|/home|maybe", []Source{FromEnv, FromEnv, FromEnv, FromFile, FromDefault, FromEnv})
	check("line|l m n|x,y z|9|/home|true", []Source{FromLine, FromLine, FromLine, FromLine, FromDefault, FromLine},
		"run", "--level=line", "--peer=l,m", "--peer", "n", "-tx,y", "--tracker=z", "--max-rate=9", "--loud")
	check("env|e h|d,e|7|/home|off", []Source{FromEnv, FromEnv, FromEnv, FromFile, FromDefault, FromLine}, "--loud=off")
	t.Setenv("T_PEER", "")
	t.Setenv("T_TRACKER", "")
	check("env|||7|/home|maybe", []Source{FromEnv, FromEnv, FromEnv, FromFile, FromDefault, FromEnv}) // empty lists
}

func TestWords(t *testing.T) {
	t.Parallel()
	g, chosen, _, err := parsed(t, nil, "make", "a", "-j5", "b", "--to=x", "--", "--c")
	if err != nil || chosen.Path() != "prog make" || !slices.Equal(g.Make.Path, []string{"a", "b", "--c"}) || g.Make.Jobs != 5 {
		t.Errorf("%+v, %v", g.Make, err)
	}
	g, _, _, err = parsed(t, nil, "make", "a", "", "--to=x") // as an unset variable of a shell is
	if err != nil || !slices.Equal(g.Make.Path, []string{"a", ""}) {
		t.Errorf("an empty argument: %q, %v", g.Make.Path, err)
	}
	g, _, _, err = parsed(t, nil, "--tracker=", "--peer=", "--quiet=yes")
	if err != nil || !slices.Equal(g.Run.Tracker, []string{""}) || g.Run.Peer != nil || !g.Run.Quiet {
		t.Errorf("empty flags: %q, %q, %v, %v", g.Run.Tracker, g.Run.Peer, g.Run.Quiet, err)
	}
	g, chosen, _, err = parsed(t, nil, "--rate", "5", "run", "--quiet") // flags before the command that they may do without
	if err != nil || chosen.Path() != "prog run" || g.Run.Rate != "5" || !g.Run.Quiet {
		t.Errorf("--rate 5 run --quiet: %+v, %v", g.Run, err)
	}
	g, chosen, _, err = parsed(t, nil, "cache", "pin", "other")
	if err != nil || chosen.Path() != "prog cache pin" || g.Cache.Pin.Kind != "other" || g.Cache.Pin.More != "." || chosen.Target != any(&g.Cache.Pin) {
		t.Errorf("%+v, %v", g.Cache.Pin, err)
	}
	g, chosen, _, err = parsed(t, nil, "make", "--version") // nothing of the command is missed
	if err != nil || chosen.Parent != nil || !g.Version {
		t.Errorf("--version: %v", err)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, want, at string }{
		{"--pubic-url=x", `unknown flag --pubic-url, did you mean "--public-url"?`, "prog run"},
		{"run --frobnicate", `unknown flag --frobnicate`, "prog run"},
		{"run -z", `unknown flag -z`, "prog run"},
		{"run --secre", `unknown flag --secre`, "prog run"}, // what is hidden is not offered
		{"run --trac", `unknown flag --trac, did you mean "--tracker"?`, "prog run"},
		{"run --publ", `unknown flag --publ, did you mean "--public-url"?`, "prog run"},
		{"vers", `unexpected argument vers`, "prog"},
		{"--rate=5 make a", `make stands after flags of run: write it first`, "prog"},
		{"run --rate=5 run", `unexpected argument run`, "prog run"},
		{"run --rate", `--rate: it takes a value`, "prog run"},
		{"run --quiet=perhaps", `--quiet: "perhaps" is neither true nor false`, "prog run"},
		{"run x", `unexpected argument x`, "prog run"},
		{"mke", `unexpected argument mke, did you mean "make"?`, "prog"},
		{"cache", `expected a command: pin, purge`, "prog cache"},
		{"cache purg", `unexpected argument purg, did you mean "purge"?`, "prog cache"},
		{"cache pin", `expected "<kind>"`, "prog cache pin"},
		{"cache pin neither", `<kind> is one of one, other, not "neither"`, "prog cache pin"},
		{"cache pin one x y", `unexpected argument y`, "prog cache pin"},
		{"make --to=x", `expected "<path> ..."`, "prog make"},
		{"make a", `missing flags: --to=DIR`, "prog make"},
		{"make --to=x --v1 --v2 a", `--v1 and --v2 can't be used together`, "prog make"},
		{"make --to=x --jobs=x a", `--jobs: "x" is not a whole number`, "prog make"},
	} {
		_, chosen, out, err := parsed(t, nil, strings.Fields(c.args)...)
		var usage *UsageError
		if !errors.As(err, &usage) || err.Error() != c.want || usage.Command.Path() != c.at || chosen != nil || out != "" {
			t.Errorf("%q: %v, printed %q, want %s", c.args, err, out, c.want)
		}
	}
	failed := errors.New("no file")
	_, err := New("prog", "", "", &grammar{}, map[string]string{"home": ""}).Parse(nil, t.Output(), func(*Command) (map[string][]string, error) { return nil, failed })
	if !errors.Is(err, failed) {
		t.Errorf("settings that fail: %v", err)
	}
}

func TestHelp(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	_, chosen, out, err := parsed(t, nil, "--help")
	want := `Usage: prog <command> [flags]

It does.

In detail.

Flags:
  -h, --help       Show what it does, and its flags.
      --version    Print the version.

Commands:
  run            Run it.
  make           Make it.
  cache pin      Pin it.
  cache purge    Purge it.

Run "prog <command> --help" for more information on a command.
`
	if chosen != nil || err != nil || out != want {
		t.Errorf("%v\n%s", err, out)
	}
	_, _, out, err = parsed(t, nil, "run", "-h")
	for _, want := range []string{"--public-url=URL", "--peer=HOST,...", "-t, --tracker=URL ", "A peer ($T_PEER).", "Where (/home).", "(0:", "-q, --quiet  "} {
		if err != nil || !strings.Contains(out, want) || strings.Contains(out, "--secret") || strings.Contains(out, "max-rate") {
			t.Errorf("%v: no %q, or what is hidden, in\n%s", err, want, out)
		}
	}
	for line := range strings.Lines(out) {
		if len(line) > 61 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
	_, _, out, err = parsed(t, nil, "make", "--help")
	if err != nil || !strings.HasPrefix(out, "Usage: prog make --to=DIR <path> ... [flags]\n") {
		t.Errorf("%v: the usage is not there, or without the flag that is needed:\n%s", err, out)
	}
	_, _, out, err = parsed(t, nil, "--help", "--rate=5")
	if err != nil || !strings.HasPrefix(out, "Usage: prog run ") {
		t.Errorf("%v: help about flags without a command is not that of the command that has them:\n%s", err, out)
	}
}

// TestShells has the shells that there are read the code that is for them, and words completed.
func TestShells(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"":                  "cache help make run",
		"--secr":            "", // what is hidden is not offered
		"ca":                "cache",
		"cache p":           "pin purge",
		"cache pin o":       "one other",
		"--lo":              "--loud",
		"run --pub":         "--public-url",
		"make --to=x --v":   "--version --v1 --v2",
		"run --rate x --qu": "--quiet",
	} {
		args := strings.Fields(words)
		if words == "" {
			args = []string{""}
		}
		_, chosen, out, err := parsed(t, nil, append([]string{"__completeNoDesc"}, args...)...)
		got, _, _ := strings.Cut("\n"+out, "\n:")
		if got = strings.Join(strings.Fields(got), " "); chosen != nil || err != nil || got != want {
			t.Errorf("%q is completed by %q, %v, want %q", words, got, err, want)
		}
	}
	program := New("prog", "", "", &grammar{}, map[string]string{"home": ""})
	for shell, mark := range map[string]string{"bash": "__start_prog", "zsh": "#compdef prog", "fish": "complete -c prog"} {
		var code bytes.Buffer
		if err := program.WriteCompletion(&code, shell); err != nil || !strings.Contains(code.String(), mark) {
			t.Errorf("%s: %v\n%s", shell, err, code.String())
		}
		if shell != "bash" {
			continue
		}
		bash := exec.Command("bash", "-c", code.String()+"\ncomplete -p prog")
		if out, err := bash.CombinedOutput(); err != nil || !strings.Contains(string(out), mark) {
			t.Errorf("bash: %v\n%s", err, out)
		}
	}
	if err := program.WriteCompletion(t.Output(), "csh"); err == nil {
		t.Error("code for csh")
	}
}

// TestBashAlone has words completed in a bash that has no package bash-completion. bash breaks words at = and :.
func TestBashAlone(t *testing.T) {
	t.Parallel()
	var code bytes.Buffer
	if err := New("prog", "", "", &grammar{}, map[string]string{"home": ""}).WriteCompletion(&code, "bash"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, words, want string }{
		{"prog ca", "prog ca", "__complete|ca|"},
		{"prog cache ", "prog cache ''", "__complete|cache||"},
		{"prog make --to=./x", "prog make --to = ./x", "__complete|make|--to=./x|"},
		{"prog make --to=", "prog make --to =", "__complete|make|--to=|"},
		{"prog  make\thttp://h:80/a b", "prog make http : //h : 80/a b", "__complete|make|http://h:80/a|b|"},
	} {
		script := code.String() + `
prog() { printf '%s|' "$@" >&3; echo :4; }
unset -f _get_comp_words_by_ref _init_completion
COMP_LINE=$1 COMP_POINT=${#1}
eval "COMP_WORDS=($2)"
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
__start_prog 3>&1 2>/dev/null`
		out, err := exec.Command("bash", "-c", script, "bash", c.line, c.words).Output()
		if string(out) != c.want {
			t.Errorf("%q: the program was asked for %q, %v, want %q", c.line, out, err, c.want)
		}
	}
}

// What help is about is a command.
func TestHelpIsCompleted(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{"": "cache help", "ca": "cache", "cache p": "pin purge", "pin": "", "x y": ""} {
		var g struct {
			Help struct {
				Command []string `arg:"" optional:""`
			} `cmd:""`
			Cache struct {
				Pin   struct{} `cmd:""`
				Purge struct{} `cmd:""`
			} `cmd:""`
		}
		args := strings.Fields(words)
		if words == "" {
			args = []string{""}
		}
		var out bytes.Buffer
		_, err := New("prog", "", "", &g, nil).Parse(append([]string{"__completeNoDesc", "help"}, args...), &out, nil)
		got, _, _ := strings.Cut("\n"+out.String(), "\n:")
		fields := strings.Fields(got)
		slices.Sort(fields)
		if got = strings.Join(fields, " "); err != nil || got != want {
			t.Errorf("help %s is completed by %q, %v, want %q", words, got, err, want)
		}
	}
}

// Paragraphs of a text stay apart in the manual, and a % stays one.
func TestManTexts(t *testing.T) {
	t.Parallel()
	var g struct {
		Run detailed `cmd:"" help:"Use 80% (or 1%)."`
	}
	page, err := New("prog", "It does.", "In detail.", &g, nil).Man()
	want := "\\fBrun [flags]\\fP\n.RS 4\nUse 80% (or 1%)\\&.\n.PP\nFirst\\&.\n.PP\nSecond\\&.\n.RE"
	if err != nil || !strings.Contains(page, want) {
		t.Errorf("%v: no\n%s\nin\n%s", err, want, page)
	}
}

type detailed struct{}

func (*detailed) Help() string { return "First.\n\nSecond." }

func TestMan(t *testing.T) {
	t.Parallel()
	page, err := New("prog", "It does.", "In detail.", &grammar{}, map[string]string{"home": "/home"}).Man()
	for _, want := range []string{".TH PROG 1", "public-url=URL", "cache pin <kind>", "make --to=DIR <path>", "$T_PEER"} {
		if err != nil || !strings.Contains(page, want) || strings.Contains(page, "Not shown") {
			t.Errorf("%v: no %q, or what is hidden, in\n%s", err, want, page)
		}
	}
}
