package command

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

const helpOfHelp = "Show what it does, and its flags."

// Widths of help, in columns.
const (
	usualWidth = 80  // where the terminal does not say
	mostWidth  = 110 // longer lines are hard to read
	leastWidth = 40
	mostLeft   = 30 // of the left one of two columns; what is longer has a line of its own
)

// WriteHelp writes what the command does, its arguments, flags and commands, in the width of the terminal.
func (c *Command) WriteHelp(w io.Writer) {
	width := widthOf(w)
	fmt.Fprintf(w, "Usage: %s\n", c.usage())
	for _, text := range []string{c.Help, c.Detail} {
		if text = strings.TrimSpace(text); text != "" {
			fmt.Fprintf(w, "\n%s\n", paragraphs(text, width))
		}
	}
	if len(c.Args) > 0 {
		var rows [][2]string
		for _, arg := range c.Args {
			rows = append(rows, [2]string{arg.Summary(), arg.Help})
		}
		writeRows(w, "Arguments", rows, width)
	}
	flags := [][2]string{{"-h, --help", helpOfHelp}}
	for _, flag := range c.Program().Flags {
		flags = append(flags, flag.row())
	}
	for i, flag := range c.own() {
		if i == 0 {
			flags = append(flags, [2]string{})
		}
		flags = append(flags, flag.row())
	}
	writeRows(w, "Flags", flags, width)
	if len(c.Commands) == 0 {
		return
	}
	var rows [][2]string
	for _, leaf := range c.Leaves() {
		rows = append(rows, [2]string{strings.TrimPrefix(leaf.Path(), c.Program().Name+" "), leaf.Help})
	}
	writeRows(w, "Commands", rows, width)
	fmt.Fprintf(w, "\nRun \"%s <command> --help\" for more information on a command.\n", c.Path())
}

// Program is the command above all.
func (c *Command) Program() *Command {
	for c.Parent != nil {
		c = c.Parent
	}
	return c
}

// own are the flags of the command that help has, but for those of the program.
func (c *Command) own() (flags []*Flag) {
	for _, flag := range c.Flags {
		if !flag.Hidden && c.Parent != nil {
			flags = append(flags, flag)
		}
	}
	return flags
}

// usage is the command line in short.
func (c *Command) usage() string {
	parts := []string{c.Path()}
	if len(c.Commands) > 0 {
		parts = append(parts, "<command>")
	}
	for _, flag := range c.Flags {
		if flag.Required {
			parts = append(parts, flag.Summary())
		}
	}
	for _, arg := range c.Args {
		parts = append(parts, arg.Summary())
	}
	return strings.Join(append(parts, "[flags]"), " ")
}

// row is the flag in two columns.
func (f *Flag) row() [2]string {
	name, help := "    "+f.Summary(), f.Help
	if f.Short != "" {
		name = "-" + f.Short + ", " + f.Summary()
	}
	if f.Env != "" {
		help = strings.TrimSuffix(help, ".") + " ($" + f.Env + ")."
	}
	return [2]string{name, help}
}

// widthOf returns how wide lines to w may be: what COLUMNS says, else the width of the terminal.
func widthOf(w io.Writer) int {
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if file, ok := w.(*os.File); ok && err != nil {
		width, _, err = term.GetSize(int(file.Fd()))
	}
	if err != nil {
		width = usualWidth
	}
	return min(max(width, leastWidth), mostWidth)
}

// writeRows writes two columns below a title. A row of nothing is an empty line.
func writeRows(w io.Writer, title string, rows [][2]string, width int) {
	left := 0
	for _, row := range rows {
		if n := utf8.RuneCountInString(row[0]); n <= mostLeft {
			left = max(left, n)
		}
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	indent := strings.Repeat(" ", left+6)
	for _, row := range rows {
		if row[0] == "" {
			fmt.Fprintln(w)
			continue
		}
		help := strings.Join(wrapped(row[1], width-len(indent)), "\n"+indent)
		if utf8.RuneCountInString(row[0]) > left {
			fmt.Fprintf(w, "  %s\n%s%s\n", row[0], indent, help)
		} else {
			fmt.Fprintf(w, "  %s%s    %s\n", row[0], strings.Repeat(" ", left-utf8.RuneCountInString(row[0])), help)
		}
	}
}

// paragraphs wraps a text whose paragraphs have an empty line between them.
func paragraphs(text string, width int) string {
	parts := strings.Split(text, "\n\n")
	for i, part := range parts {
		parts[i] = strings.Join(wrapped(part, width), "\n")
	}
	return strings.Join(parts, "\n\n")
}

// wrapped breaks a text at blanks into lines of at most width columns. A longer word has a line of its own.
func wrapped(text string, width int) (lines []string) {
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if line != "" && used+1+n > width {
			lines, line, used = append(lines, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	return append(lines, line)
}
