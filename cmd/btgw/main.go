// Command btgw is an HTTP gateway to BitTorrent swarms. It answers GET /btih/<infohash>/<name> with verified bytes from
// the swarm as they arrive, keeps them in a bounded cache, and seeds them back.
//
// The package holds the commands, their configuration, and the wiring. main.go and cli.go are the process and its
// command line. Each command has a file (serve.go, get.go, inspect.go, demo.go, health.go, version.go). flags.go,
// configfile.go, problems.go and settings.go turn flags, environment and file into checked settings. engine.go owns the
// parts in the order in which they start and stop. telemetry.go and metrics.go report what happens.
package main

import "os"

func main() {
	ctx, release := untilSignal()
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	release()
	os.Exit(status)
}
