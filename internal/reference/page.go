// Package reference writes the pages of docs/reference. They are made of the grammar of the command line, the instruments, the
// problems in the source of package gateway, and the OpenAPI document.
package reference

import (
	"fmt"
	"regexp"
	"strings"
)

// page is a page that grows.
type page struct{ strings.Builder }

// newPage begins a page with a heading and what it is about. A page says that it is generated.
func newPage(title, about string) *page {
	p := new(page)
	p.line("<!-- Written by make reference. -->\n\n# %s\n\n%s", title, about)
	return p
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// table writes a table. Cells are Markdown already, but for what would end a cell or a line.
func (p *page) table(head []string, rows [][]string) {
	p.line("\n| %s |\n|%s", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = strings.ReplaceAll(strings.Join(strings.Fields(cell), " "), "|", `\|`)
		}
		p.line("| %s |", strings.Join(row, " | "))
	}
}

// quote makes a code span; of nothing, nothing.
func quote(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// literal matches what is code within a text of the program: flags, URLs, links, paths and patterns, after a space or a bracket.
var literal = regexp.MustCompile(`(^|[ (])(--[a-z][a-z-]*[a-z]|[a-z][a-z0-9]*://[^ ,;)]+|magnet:[^ ,;)]+|/[a-z<-][^ ,;:)]*|<[^>]*>[^ ,;:)]*|[^ ,;:()]*\*\.[a-z.]+)`)

// prose makes Markdown of a text of the program.
func prose(text string) string {
	return literal.ReplaceAllStringFunc(text, func(s string) string {
		code := strings.TrimLeft(s, " (")
		before := s[:len(s)-len(code)]
		bare := strings.TrimRight(code, ".:")
		return before + quote(bare) + code[len(bare):]
	})
}
