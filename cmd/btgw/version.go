package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// versionCmd prints what this binary was built from.
type versionCmd struct{}

// Run prints one line.
func (versionCmd) Run(_ context.Context, a *app) error {
	_, err := fmt.Fprintln(a.stdout, "btgw", version())
	return err
}

// release is the version that a release is built with (-ldflags "-X main.release=v1.2.3").
var release string

// version returns the release, else the module's version, else the commit that the binary was built from, else "devel".
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}
