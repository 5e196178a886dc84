// Command prose checks the English of the documentation and of doc comments, and
// that links within the documentation lead somewhere.
//
// It reads README.md, every other Markdown file and every Go file that git
// knows, and prints one line per finding. It leaves out tests, and files below a
// path of todo.txt, which are not finished yet. A listed path without a finding
// has to be taken off the list, so that the list only shrinks.
//
//	go run ./internal/prose            # what lint runs
//	go run ./internal/prose -all       # the listed files too
//	go run ./internal/prose FILE...    # these files, listed or not
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
)

//go:embed todo.txt
var todoText string

func main() {
	all := flag.Bool("all", false, "check the files of todo.txt too")
	flag.Parse()
	findings, err := run(flag.Args(), *all)
	if err != nil {
		fmt.Fprintln(os.Stderr, "prose:", err)
		os.Exit(2)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// run checks files, or all files of the repository if none are named.
func run(files []string, all bool) ([]string, error) {
	listed := todo(todoText)
	if len(files) > 0 {
		all = true
	} else {
		out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.go").Output()
		if err != nil {
			return nil, fmt.Errorf("git ls-files: %w", err)
		}
		files = strings.Fields(string(out))
	}
	var findings []string
	seen := make(map[string]int)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") {
			continue
		}
		found, err := check(file)
		if err != nil {
			return nil, err
		}
		if path.Ext(file) == ".md" {
			links, err := linksOf(file)
			if err != nil {
				return nil, err
			}
			findings = append(findings, links...)
		}
		if entry := listed.covers(file); entry != "" {
			seen[entry] += len(found)
			if !all {
				continue
			}
		}
		findings = append(findings, found...)
	}
	if !all {
		findings = append(findings, listed.stale(seen)...)
	}
	return findings, nil
}

// check returns the findings in one file.
func check(file string) ([]string, error) {
	src, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil // git knows it, the working tree does not
	}
	if err != nil {
		return nil, err
	}
	var blocks []block
	if path.Ext(file) == ".go" {
		blocks, err = goBlocks(file, src)
	} else {
		blocks = markdownBlocks(src)
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, b := range blocks {
		for _, reason := range b.findings() {
			out = append(out, fmt.Sprintf("%s:%d: %s", file, b.line, reason))
		}
	}
	return out, nil
}

// linksOf returns the broken links of a Markdown file, which no list excuses.
func linksOf(file string) ([]string, error) {
	src, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return brokenLinks(file, src), err
}

// list names the files and folders that are not finished.
type list []string

func todo(text string) list {
	var l list
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			l = append(l, line)
		}
	}
	return l
}

// covers returns the entry that holds file, or "".
func (l list) covers(file string) string {
	for _, entry := range l {
		if file == entry || strings.HasSuffix(entry, "/") && strings.HasPrefix(file, entry) {
			return entry
		}
	}
	return ""
}

// stale returns a finding for each entry without one.
func (l list) stale(seen map[string]int) []string {
	var out []string
	for _, entry := range l {
		if seen[entry] == 0 {
			out = append(out, fmt.Sprintf("internal/prose/todo.txt: %s has no finding: take it off the list", entry))
		}
	}
	return out
}
