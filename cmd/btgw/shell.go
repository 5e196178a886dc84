package main

import (
	"context"
	"fmt"
)

// helpCmd is "btgw help COMMAND", which is "btgw COMMAND --help".
type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The command."`
}

// Run prints the help of a command.
func (c *helpCmd) Run(_ context.Context, a *app) error {
	about, err := a.program.Find(c.Command...)
	if err != nil {
		return withStatus(exitUsage, fmt.Errorf("%w\nsee `%s --help`", err, about.Path()))
	}
	about.WriteHelp(a.stdout)
	return nil
}

// completionCmd prints what makes a shell complete commands and flags.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help says how the output is used.
func (completionCmd) Help() string {
	return `bash: source <(btgw completion bash), or write it to /etc/bash_completion.d/btgw

zsh: source <(btgw completion zsh) after compinit

fish: btgw completion fish > ~/.config/fish/completions/btgw.fish`
}

// Run prints the code.
func (c *completionCmd) Run(_ context.Context, a *app) error {
	return a.program.WriteCompletion(a.stdout, c.Shell)
}

// manCmd prints the manual page, made of the same grammar as the help.
type manCmd struct{}

// Run prints it as roff.
func (manCmd) Run(_ context.Context, a *app) error {
	page, err := a.program.Man()
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(a.stdout, page)
	return err
}
