package reference

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Problems is the page of the problem documents that the package in a folder answers with, as its source has them.
func Problems(folder string) (string, error) {
	s, err := parse(folder)
	if err != nil {
		return "", err
	}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Body != nil {
				s.function(f.Body)
			}
			return true
		})
	}
	p := newPage("Problems", "An answer that is not content is a problem document (RFC 9457) for programs and a page for people. Its `type` is "+
		"`urn:btgw:problem:` and the name here. `error.type` in traces and metrics is the name alone. [The HTTP contract](../http.md) says when each comes.")
	slices.SortFunc(s.problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.status, b.status), cmp.Compare(a.name, b.name), cmp.Compare(a.title, b.title))
	})
	var rows [][]string
	for _, x := range slices.Compact(s.problems) {
		rows = append(rows, []string{fmt.Sprint(x.status), quote(x.name), x.title})
	}
	p.table([]string{"status", "type", "title"}, rows)
	return p.String(), nil
}

// problem is one kind of answer.
type problem struct {
	status      int
	name, title string
}

// source is a package's.
type source struct {
	files    []*ast.File
	texts    map[string]string // constants that are strings
	problems []problem
}

func parse(folder string) (*source, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	s := &source{texts: make(map[string]string)}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					if text, ok := s.text(spec.Values[i]); ok {
						s.texts[name.Name] = text
					}
				}
			}
			return true
		})
	}
	return s, nil
}

// function finds the problems that a function makes. A name or a title that it assigns after it made one is another problem,
// with what is not assigned beside it as it was made.
func (s *source) function(body *ast.BlockStmt) {
	var made problem
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if t, ok := n.Type.(*ast.Ident); ok && t.Name == "problem" {
				made = problem{}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						s.set(&made, kv.Key, kv.Value)
					}
				}
				s.add(made)
			}
		case *ast.AssignStmt:
			x := made
			if len(n.Lhs) != len(n.Rhs) {
				return true
			}
			for i := range n.Lhs {
				if field, ok := n.Lhs[i].(*ast.SelectorExpr); ok {
					s.set(&x, field.Sel, n.Rhs[i])
				}
			}
			if x.name != made.name {
				s.add(x)
			}
		}
		return true
	})
}

func (s *source) add(p problem) {
	if p.name != "" && p.status != 0 {
		s.problems = append(s.problems, p)
	}
}

// set takes a field of a problem.
func (s *source) set(p *problem, key, value ast.Expr) {
	name, ok := key.(*ast.Ident)
	if !ok {
		return
	}
	switch name.Name {
	case "status":
		if status, ok := value.(*ast.SelectorExpr); ok {
			p.status = statuses[status.Sel.Name]
		}
	case "slug":
		p.name, _ = s.text(value)
	case "title":
		p.title, _ = s.text(value)
	}
}

// text is the value of a string, or of a constant that is one.
func (s *source) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.Ident:
		text, ok := s.texts[e.Name]
		return text, ok
	}
	return "", false
}

// statuses are the status codes by the names that net/http gives them.
var statuses = func() map[string]int {
	m := make(map[string]int)
	for code := 100; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			m["Status"+strings.NewReplacer(" ", "", "-", "").Replace(text)] = code
		}
	}
	return m
}()
