package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names of files on this machine, made of a torrent's, which may hold any byte.

const (
	// partSuffix marks a file that is not complete yet.
	partSuffix = ".part"
	// maxName is the longest name of a file in bytes: NAME_MAX of Linux and of most file systems.
	maxName = 255
	// maxExtension is the longest end of a name, in bytes, that is kept when the name is cut.
	maxExtension = 16
	// longPart is the length in bytes above which the name of a part is made anew, and cutPart the length that it keeps
	// of the file's name. Some file systems take less than maxName.
	longPart = 120
	cutPart  = 80
)

// localName makes one file name of this machine of a torrent's: what a path or a terminal could misunderstand becomes "_".
func localName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == filepath.Separator || unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	if !filepath.IsLocal(name) || name == "." {
		name = "_" + name
	}
	return cutStem(name, "")
}

// freeName gives name, with a number before its extension where it is taken, and takes it.
func freeName(name string, taken map[string]bool) string {
	free := name
	for n := 2; taken[free]; n++ {
		free = cutStem(name, fmt.Sprintf(" (%d)", n))
	}
	taken[free] = true
	return free
}

// partName returns the name of a file until it is complete. It is the same each time, so that the download can
// resume. It is short enough for any name, and differs from the names that other files of its folder take.
func partName(name string, taken map[string]bool) string {
	part := name + partSuffix
	if len(name) > longPart {
		sum := sha256.Sum256([]byte(name))
		part = fmt.Sprintf("%s~%x%s", cutEnd(name, cutPart), sum[:8], partSuffix)
	}
	for taken[part] {
		part = "~" + part
	}
	return part
}

// cutStem puts insert before a name's extension, and cuts what stands before it so that all fits into maxName.
func cutStem(name, insert string) string {
	extension := filepath.Ext(name)
	if len(extension) > maxExtension || len(extension) == len(name) {
		extension = ""
	}
	stem := strings.TrimSuffix(name, extension)
	return cutEnd(stem, maxName-len(insert)-len(extension)) + insert + extension
}

// cutEnd is at most n bytes of s, cut between two characters.
func cutEnd(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
