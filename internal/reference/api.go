package reference

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// openAPI is what the page needs of the document.
type openAPI struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct {
		Schemas map[string]struct {
			Description string
			Properties  map[string]schema
		}
	}
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any
	Format      string
	Description string
	Items       *schema
}

type operation struct {
	Summary   string
	Responses map[string]struct {
		Ref         string `json:"$ref"`
		Description string
	}
}

// API is the page of the paths of both listeners and of the objects in JSON, from the OpenAPI document.
func API(document []byte) (string, error) {
	var doc openAPI
	if err := json.Unmarshal(document, &doc); err != nil {
		return "", fmt.Errorf("the OpenAPI document: %w", err)
	}
	p := newPage("Paths and the API", "All paths of the two listeners. [openapi.json](../openapi.json) says more to programs; the admin listener serves it.\n\n"+
		"Any other status is a [problem](problems.md). HEAD and OPTIONS go with every GET of content.")
	content, admin, err := doc.rows()
	if err != nil {
		return "", err
	}
	head := []string{"method", "path", "what", "answers"}
	p.line("\n## Content\n\nThe listener of `--listen`.")
	p.table(head, content)
	p.line("\n## Administration\n\nThe listener of `--admin-listen`. All but `/livez`, `/readyz`, the page at `/` and its files ask for `--admin-token`.")
	p.table(head, admin)
	p.line("\n## Objects\n\nFields may be added; those that are here stay.")
	var names []string
	for name := range doc.Components.Schemas {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := doc.Components.Schemas[name]
		p.line("\n### %s", name)
		if s.Description != "" {
			p.line("\n%s", prose(s.Description))
		}
		var rows [][]string
		for field, f := range s.Properties {
			rows = append(rows, []string{quote(field), f.kind(), prose(f.Description)})
		}
		slices.SortFunc(rows, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
		p.table([]string{"field", "type", "what"}, rows)
	}
	return p.String(), nil
}

// rows are the operations of each listener, by path.
func (d *openAPI) rows() (content, admin [][]string, err error) {
	var paths []string
	for path := range d.Paths {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		item := d.Paths[path]
		for _, method := range []string{"get", "put", "post", "patch", "delete"} {
			raw, ok := item[method]
			if !ok {
				continue
			}
			var o operation
			if err := json.Unmarshal(raw, &o); err != nil {
				return nil, nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			row := []string{strings.ToUpper(method), quote(path), prose(o.Summary), o.answers()}
			if item["servers"] != nil {
				admin = append(admin, row)
			} else {
				content = append(content, row)
			}
		}
	}
	return content, admin, nil
}

// answers are the statuses that are no problems, with what each means.
func (o *operation) answers() string {
	var list []string
	for status, r := range o.Responses {
		if r.Ref == "" {
			list = append(list, strings.TrimSuffix(status+" "+prose(r.Description), " "))
		}
	}
	slices.Sort(list)
	return strings.Join(list, ". ")
}

// kind is the type of a field.
func (s *schema) kind() string {
	switch {
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	case s.Items != nil:
		return "list of " + s.Items.kind()
	}
	kind := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(s.Type), "[]")), " or ")
	if s.Format != "" {
		kind += ", " + s.Format
	}
	return kind
}
