package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"github.com/btgw/btgw/gateway"
)

// Exit statuses, the same for every command.
const (
	exitOK          = 0
	exitFailed      = 1   // the work failed, or what was given is refused (inspect)
	exitUsage       = 2   // wrong flags or settings; nothing was started
	exitNotFound    = 3   // the torrent has no such path
	exitUnavailable = 4   // no peer gave it within the time
	exitLocal       = 5   // the output cannot be written
	exitSignal      = 128 // plus the number of the signal that ended it
)

const description = `An HTTP gateway to BitTorrent swarms.

A GET for /btih/<infohash>/<name> is answered with verified bytes from the swarm, as they arrive. Without a command it serves.`

// cli is the command line: one field a command.
type cli struct {
	Serve   serveCmd   `cmd:"" default:"withargs" help:"Serve torrents over HTTP (what btgw does without a command)."`
	Get     getCmd     `cmd:"" help:"Fetch a file, or a whole torrent, to disk or standard output."`
	Ls      lsCmd      `cmd:"" help:"List what a torrent holds, asking its swarm where that is needed."`
	Inspect inspectCmd `cmd:"" help:"Show what a .torrent or a magnet link holds; status 1 and the reason where it is refused."`
	Publish publishCmd `cmd:"" help:"Make torrents of files and folders, and serve them where they are."`
	Follow  followCmd  `cmd:"" help:"Mirror what feeds and names offer, and serve it."`
	Make    makeCmd    `cmd:"" help:"Make a .torrent of a file or folder."`
	Verify  verifyCmd  `cmd:"" help:"Check files on disk against a .torrent; status 1 where they differ."`
	Name    nameCmd    `cmd:"" help:"Keep the key of names elsewhere, or take it from there."`
	Demo    demoCmd    `cmd:"" help:"A swarm on loopback with made-up content and a gateway to try it with."`
	Key     keyCmd     `cmd:"" help:"Make a key for a user (serve --mode keys)."`
	Sign    signCmd    `cmd:"" help:"Sign a URL, so that its holder may read what it names (serve --mode signed)."`
	Cache   cacheCmd   `cmd:"" help:"Look after the cache of a running btgw: ls, stats, pin, unpin, prefetch, verify, evict, purge."`
	Health  healthCmd  `cmd:"" help:"Ask a running btgw whether it is ready; status 0 or 1."`

	Conformance conformanceCmd `cmd:"" help:"Check a gateway against the HTTP contract, by its URL; status 1 where a rule fails."`

	Help       helpCmd       `cmd:"" help:"Show what a command does, and its flags."`
	Completion completionCmd `cmd:"" help:"Print what makes a shell complete commands and flags (bash, zsh or fish)."`
	Man        manCmd        `cmd:"" help:"Print the manual page (btgw man | man -l -)."`
	Version    versionCmd    `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" help:"Print the version."`
}

// app is what a command works with: its streams, and where its settings came from.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	problems       *problems
	args           []string          // the command line
	values         map[string]string // what its flags are, by their names
}

// statusError is an error that decides the exit status.
type statusError struct {
	status int
	err    error
}

// Error is the message of the wrapped error.
func (e *statusError) Error() string { return e.err.Error() }

// Unwrap gives the wrapped error.
func (e *statusError) Unwrap() error { return e.err }

// withStatus makes err end the program with status. A nil err stays nil.
func withStatus(status int, err error) error {
	if err == nil {
		return nil
	}
	return &statusError{status: status, err: err}
}

// run is the program without the process around it: it parses args, runs one command and returns the exit status.
// ctx ends when the program was asked to stop.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	parsed, a, err := parse(args, &cli{}, stdout, stderr)
	if err != nil {
		return fail(stderr, withStatus(exitUsage, fmt.Errorf("%w\nsee `btgw %s`", err, helpFor(args))))
	}
	if parsed == nil { // help was printed
		return exitOK
	}
	a.stdin = stdin
	parsed.BindTo(ctx, (*context.Context)(nil))
	return fail(stderr, parsed.Run(a))
}

// parse fills grammar in from args, the environment and the settings file. It returns nil for all where args asked for help,
// which was printed.
func parse(args []string, grammar *cli, stdout, stderr io.Writer) (*kong.Context, *app, error) {
	var (
		file   = &fileSettings{}
		helped bool
	)
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	parser := newParser(grammar, defaultCacheDir(), kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }), kong.Resolvers(file))
	if kongcompletion.Register(parser); helped { // a shell asked for completions, by the environment
		return nil, nil, nil
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, nil, nil
	}
	if err = errors.Join(err, file.err()); err != nil {
		return nil, nil, err
	}
	return parsed, &app{stdout: stdout, stderr: stderr, problems: newProblems(parsed, file), args: args, values: valuesOf(parsed)}, nil
}

// newParser makes the parser of grammar. Where no folder is named, the cache is in cacheDir.
func newParser(grammar *cli, cacheDir string, options ...kong.Option) *kong.Kong {
	parser, err := kong.New(grammar, append(options,
		kong.Name("btgw"), kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: helpWidth}),
		kong.Vars{"cacheDir": cacheDir, "letsEncrypt": gateway.LetsEncrypt, "version": "btgw " + version()},
	)...)
	if err != nil {
		panic(fmt.Sprintf("the grammar of the command line is wrong: %v", err)) // a mistake in this package, seen by every test
	}
	return parser
}

// helpFor names the help that a user who got args wrong needs.
func helpFor(args []string) string {
	for _, a := range args {
		switch a {
		case "serve", "get", "publish", "follow", "cache", "ls", "inspect", "make", "name", "verify", "demo", "health", "conformance":
			return a + " --help"
		}
	}
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		return "serve --help" // flags alone are serve's
	}
	return "--help"
}

// fail prints err, a line for each of its causes, and gives the status to exit with.
func fail(stderr io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	status := exitFailed
	if s := (*statusError)(nil); errors.As(err, &s) {
		status = s.status
	}
	if message := strings.TrimSpace(err.Error()); message != "" {
		fmt.Fprintln(stderr, "btgw: "+strings.ReplaceAll(message, "\n", "\n      "))
	}
	return status
}

// defaultCacheDir is btgw's folder in the user's cache folder, or in the folder for temporary files where there is none.
func defaultCacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return dir + string(os.PathSeparator) + "btgw"
}
