// Command btgw is an HTTP gateway to BitTorrent swarms: it answers GET /btih/<infohash>/<name> with verified bytes from the
// swarm as they arrive, keeps them in a bounded cache, and seeds them back.
//
// The package holds the commands, their configuration, and the wiring: main.go and cli.go are the process and its command
// line; a file a command (serve.go, get.go, inspect.go, demo.go, health.go, version.go); flags.go, configfile.go,
// problems.go and settings.go turn flags, environment and file into checked settings; engine.go owns the parts in the
// order in which they start and stop; telemetry.go and metrics.go say what happens.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, release := untilSignal()
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	release()
	os.Exit(status)
}

// interruption is the cause of the end of a context that a signal ended.
type interruption struct{ signal syscall.Signal }

// Error names the signal.
func (i interruption) Error() string { return fmt.Sprintf("stopped by a signal (%s)", i.signal) }

// untilSignal returns a context that the first SIGINT, SIGTERM or SIGHUP ends; the second ends the process at once. A SIGHUP
// that the process was started to ignore (nohup) stays ignored. release gives the signals back and ends the context.
func untilSignal() (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for {
			select {
			case s := <-signals:
				number, _ := s.(syscall.Signal)
				if ctx.Err() != nil {
					os.Exit(exitSignal + int(number))
				}
				cancel(interruption{number})
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
