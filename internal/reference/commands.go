package reference

import (
	"slices"
	"strings"

	"github.com/btgw/btgw/internal/command"
)

// Commands is the page of all commands and their flags. Flags that a command shares with the first one are described there alone.
func Commands(program *command.Command) string {
	p := newPage("Commands", "Each command, its arguments and its flags. `btgw help COMMAND` says the same.\n\n"+
		"A flag with a variable can be set by it, or by its name in the file of `--config`. [Running btgw](../operations.md#settings) says which wins.")
	var first *command.Command
	for _, c := range program.Leaves() {
		if first == nil {
			first = c
		}
		p.command(c, first)
	}
	return p.String()
}

func (p *page) command(c, first *command.Command) {
	p.line("\n## %s\n\n%s", c.Path(), prose(c.Help))
	if c.Detail != "" {
		p.line("\n    %s", strings.ReplaceAll(strings.TrimSpace(c.Detail), "\n", "\n    "))
	}
	if len(c.Args) > 0 {
		var rows [][]string
		for _, arg := range c.Args {
			rows = append(rows, []string{quote(arg.Summary()), describe(arg.Help, arg.Default)})
		}
		p.table([]string{"argument", "what"}, rows)
	}
	own := flagsOf(c)
	if c != first {
		own = p.refer(own, first)
	}
	var rows [][]string
	for _, flag := range own {
		name := "--" + flag.Name
		if flag.Short != "" {
			name = "-" + flag.Short + ", " + name
		}
		rows = append(rows, []string{quote(name), quote(flag.Env), quote(flag.Default), describe(flag.Help, flag.Default)})
	}
	if len(rows) > 0 {
		p.table([]string{"flag", "variable", "default", "what"}, rows)
	}
}

// manyFlags is how many flags a command has to share with the first one before it refers to that.
const manyFlags = 10

// refer leaves out the flags that the first command has in the same words, and says which these are, where they are many.
func (p *page) refer(flags []*command.Flag, first *command.Command) (own []*command.Flag) {
	help := make(map[string]string)
	for _, flag := range flags {
		help[flag.Name] = flag.Help
	}
	var shared, missing []string
	for _, flag := range flagsOf(first) {
		if text, ok := help[flag.Name]; ok && text == flag.Help {
			shared = append(shared, quote("--"+flag.Name))
			delete(help, flag.Name)
		} else {
			missing = append(missing, quote("--"+flag.Name))
		}
	}
	switch {
	case len(shared) < manyFlags:
		return flags
	case len(missing) == 0:
		p.line("\nIt takes all flags of `%s`.", first.Path())
	case len(missing) < manyFlags:
		p.line("\nIt takes the flags of `%s`, but for %s.", first.Path(), strings.Join(missing, ", "))
	default:
		p.line("\nIt takes these flags of `%s`: %s.", first.Path(), strings.Join(shared, ", "))
	}
	return slices.DeleteFunc(flags, func(f *command.Flag) bool { _, is := help[f.Name]; return !is })
}

// flagsOf are the flags of a command that are in its help.
func flagsOf(c *command.Command) (flags []*command.Flag) {
	for _, flag := range c.Flags {
		if !flag.Hidden {
			flags = append(flags, flag)
		}
	}
	return flags
}

// describe is the help of a flag or an argument, without the default, which has a place of its own.
func describe(help, value string) string {
	if value != "" {
		help = strings.ReplaceAll(help, " ("+value+")", "")
		help = strings.ReplaceAll(help, "("+value+": ", "("+quote(value)+": ")
	}
	return prose(help)
}
