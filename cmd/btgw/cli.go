package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/command"
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

const (
	summary     = "An HTTP gateway to BitTorrent swarms."
	description = "A GET for /btih/<infohash>/<name> is answered with verified bytes from the swarm, as they arrive. Without a command it serves."
)

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

	ShowVersion bool `name:"version" help:"Print the version."`
}

// app is what a command works with: its streams, and where its settings came from.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	problems       *problems
	program        *command.Command
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
	chosen, a, err := parse(args, &cli{}, stdout, stderr)
	if err != nil {
		return fail(stderr, withStatus(exitUsage, withHint(err)))
	}
	if chosen == nil { // help was printed, or completions
		return exitOK
	}
	a.stdin = stdin
	return fail(stderr, chosen.Target.(runner).Run(ctx, a))
}

// A runner is a command that does something.
type runner interface {
	Run(ctx context.Context, a *app) error
}

// Run prints the version: that is the one flag of the program itself.
func (c *cli) Run(ctx context.Context, a *app) error { return c.Version.Run(ctx, a) }

// parse fills grammar in from args, the environment and the settings file. It returns nil for all where args asked for help,
// which was printed.
func parse(args []string, grammar *cli, stdout, stderr io.Writer) (*command.Command, *app, error) {
	program, file := newProgram(grammar, defaultCacheDir()), &fileSettings{}
	chosen, err := program.Parse(args, stdout, file.load)
	if err != nil || chosen == nil {
		return nil, nil, err
	}
	return chosen, &app{stdout: stdout, stderr: stderr, problems: newProblems(chosen, file), program: program, args: args, values: valuesOf(chosen)}, nil
}

// withHint adds to a mistake how to get help.
func withHint(err error) error {
	if usage := (*command.UsageError)(nil); errors.As(err, &usage) {
		return fmt.Errorf("%w\nsee `%s --help`", err, usage.Command.Path())
	}
	return err
}

// newProgram makes the command line of grammar. Where no folder is named, the cache is in cacheDir.
func newProgram(grammar *cli, cacheDir string) *command.Command {
	return command.New("btgw", summary, description, grammar, map[string]string{"cacheDir": cacheDir, "letsEncrypt": gateway.LetsEncrypt})
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
