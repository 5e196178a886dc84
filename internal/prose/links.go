package main

import (
	"fmt"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	markdown "github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// brokenLinks returns a finding for each link of a Markdown file to a file or a
// heading of the repository that is not there.
func brokenLinks(file string, src []byte) []string {
	var out []string
	walk(src, func(n markdown.Node) {
		var target string
		switch n := n.(type) {
		case *markdown.Link:
			target = string(n.Destination)
		case *markdown.Image:
			target = string(n.Destination)
		default:
			return
		}
		if target == "" || strings.Contains(target, ":") {
			return // another site's
		}
		name, heading, _ := strings.Cut(target, "#")
		to := file
		if name != "" {
			to = path.Join(path.Dir(file), name)
		}
		if !reaches(to, heading) {
			out = append(out, fmt.Sprintf("%s: a link to %s, which is not there", file, target))
		}
	})
	return out
}

// reaches reports whether a file has a heading with this anchor; an empty one is its beginning.
func reaches(file, anchor string) bool {
	src, err := os.ReadFile(file)
	if err != nil {
		info, err := os.Stat(file)
		return err == nil && info.IsDir() && anchor == ""
	}
	found := anchor == ""
	walk(src, func(n markdown.Node) {
		if h, ok := n.(*markdown.Heading); ok && slug(headingText(h, src)) == anchor {
			found = true
		}
	})
	return found
}

func walk(src []byte, visit func(markdown.Node)) {
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(src))
	_ = markdown.Walk(doc, func(n markdown.Node, entering bool) (markdown.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return markdown.WalkContinue, nil
	})
}

// headingText returns a heading's text, code included.
func headingText(n markdown.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*markdown.Text); ok {
			b.Write(t.Segment.Value(src))
		} else {
			b.WriteString(headingText(c, src))
		}
	}
	return b.String()
}

// slug returns the anchor that GitHub and most generators of sites give a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, heading)
}
