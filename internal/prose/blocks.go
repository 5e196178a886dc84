package main

import (
	"bytes"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"strings"

	"github.com/yuin/goldmark"
	markdown "github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// block is one run of prose: a paragraph, a list item, a table cell.
type block struct {
	line int
	text string
	// whole reports whether the block is made of sentences. A table cell, a
	// heading and a list item may be a phrase.
	whole bool
	// name is the identifier that a doc comment describes, or "".
	name string
}

// code stands for a code span: one word that is neither noun nor verb to the rules.
const code = "`code`"

// markdownBlocks returns the prose of a Markdown file without its code.
func markdownBlocks(src []byte) []block {
	doc := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(src))
	var out []block
	_ = markdown.Walk(doc, func(n markdown.Node, entering bool) (markdown.WalkStatus, error) {
		if !entering {
			return markdown.WalkContinue, nil
		}
		switch n.(type) {
		case *markdown.Paragraph, *markdown.TextBlock, *tables.TableCell:
			b := block{text: inline(n, src), line: lineOf(n, src)}
			_, paragraph := n.(*markdown.Paragraph)
			_, item := n.Parent().(*markdown.ListItem)
			b.whole = paragraph && !item
			out = append(out, b)
			return markdown.WalkSkipChildren, nil
		}
		return markdown.WalkContinue, nil
	})
	return out
}

// inline returns the text of a node's children, code spans as one word each.
func inline(n markdown.Node, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *markdown.Text:
			b.Write(c.Segment.Value(src))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *markdown.CodeSpan:
			b.WriteString(code)
		case *markdown.Image:
		default:
			b.WriteString(inline(c, src))
		}
	}
	return b.String()
}

// lineOf returns the number of the line on which n begins.
func lineOf(n markdown.Node, src []byte) int {
	at := -1
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		at = lines.At(0).Start
	}
	_ = markdown.Walk(n, func(c markdown.Node, _ bool) (markdown.WalkStatus, error) {
		if t, ok := c.(*markdown.Text); ok && at < 0 {
			at = t.Segment.Start
		}
		return markdown.WalkContinue, nil
	})
	return 1 + bytes.Count(src[:max(at, 0)], []byte{'\n'})
}

// goBlocks returns the paragraphs of a Go file's doc comments: those of the
// package, of declarations and of struct fields, exported or not.
func goBlocks(file string, src []byte) ([]block, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(tree) {
		return nil, nil
	}
	var out []block
	add := func(c *ast.CommentGroup, name string) {
		if c != nil {
			out = append(out, commentBlocks(c, name, fset.Position(c.Pos()).Line)...)
		}
	}
	add(tree.Doc, "")
	for _, d := range tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d.Doc, d.Name.Name)
		case *ast.GenDecl:
			add(d.Doc, specName(d))
			for _, s := range d.Specs {
				specBlocks(s, add)
			}
		}
	}
	return out, nil
}

// specBlocks passes on the doc comments of a type, constant or variable, and
// those of the fields and methods in it.
func specBlocks(s ast.Spec, add func(*ast.CommentGroup, string)) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		add(s.Doc, s.Names[0].Name)
	case *ast.TypeSpec:
		add(s.Doc, s.Name.Name)
		ast.Inspect(s.Type, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok {
				add(f.Doc, fieldName(f))
			}
			return true
		})
	}
}

// specName returns the name that a declaration without parentheses declares, or "".
func specName(d *ast.GenDecl) string {
	if len(d.Specs) != 1 {
		return ""
	}
	switch s := d.Specs[0].(type) {
	case *ast.ValueSpec:
		return s.Names[0].Name
	case *ast.TypeSpec:
		return s.Name.Name
	}
	return ""
}

// fieldName returns the first name of a field, or "" for an embedded one.
func fieldName(f *ast.Field) string {
	if len(f.Names) == 0 {
		return ""
	}
	return f.Names[0].Name
}

// commentBlocks returns the paragraphs of one comment without its code.
func commentBlocks(c *ast.CommentGroup, name string, line int) []block {
	var p comment.Parser
	var out []block
	for _, content := range p.Parse(c.Text()).Content {
		switch content := content.(type) {
		case *comment.Paragraph:
			out = append(out, block{line: line, text: plain(content.Text), name: name, whole: true})
		case *comment.List:
			for _, item := range content.Items {
				for _, inner := range item.Content {
					if par, ok := inner.(*comment.Paragraph); ok {
						out = append(out, block{line: line, text: plain(par.Text)})
					}
				}
			}
		}
		name = "" // the first paragraph alone names what it describes
	}
	return out
}

// plain returns the words of a doc comment's text.
func plain(texts []comment.Text) string {
	var b strings.Builder
	for _, t := range texts {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.Link:
			b.WriteString(plain(t.Text))
		case *comment.DocLink:
			b.WriteString(plain(t.Text))
		}
	}
	return b.String()
}
