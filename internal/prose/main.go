// Command prose checks the English of the documentation and of doc comments, and
// that links within the documentation lead somewhere.
//
// It reads README.md, every other Markdown file and every Go file that git
// knows, and prints one line per finding. It leaves out tests.
//
//	go run ./internal/prose            # what lint runs
//	go run ./internal/prose FILE...    # these files
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
)

func main() {
	findings, err := run(os.Args[1:])
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
func run(files []string) ([]string, error) {
	if len(files) == 0 {
		out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.go").Output()
		if err != nil {
			return nil, fmt.Errorf("git ls-files: %w", err)
		}
		files = strings.Fields(string(out))
	}
	var findings []string
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
		findings = append(findings, found...)
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

// linksOf returns the broken links of a Markdown file.
func linksOf(file string) ([]string, error) {
	src, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	return brokenLinks(file, src), err
}
