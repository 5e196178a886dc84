package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxWords is the length of the longest sentence that needs one reading.
const maxWords = 30

var (
	// bareWho matches a "who" that no noun stands before. A question may begin with it.
	bareWho = regexp.MustCompile(`(?i)(^|[,;:(] ?|\b(to|for|by|of|from|with|than|as|and|or|but|if|that|what|whether) )(who(m?ever)?)\b`)
	// isThat matches the form of "Held is that…", a claim about a word in place of a sentence.
	isThat = regexp.MustCompile(`(?i)\b(is|are|was|were) that\b(,| (?:[^o]|o[^f]))`)
	// isWhether matches the beginning of a doc comment that does not say what a thing does.
	isWhether = regexp.MustCompile(`^(is|are) (whether|why|when|where|who|if|how [^mlof])`)
)

// findings returns what is wrong with the block, a line each.
func (b block) findings() []string {
	var out []string
	report := func(sentence, reason string) { out = append(out, reason+": "+shorten(sentence)) }
	for i, s := range sentences(b.text) {
		if n := words(s); n > maxWords {
			report(s, fmt.Sprintf("%d words in a sentence", n))
		}
		if !strings.HasSuffix(s, "?") && bareWho.MatchString(s) {
			report(s, `"who" without a noun`)
		}
		if isThat.MatchString(s) {
			report(s, `"is that"`)
		}
		if rest, ok := strings.CutPrefix(s, b.name+" "); ok && i == 0 && b.name != "" && isWhether.MatchString(rest) {
			report(s, "a doc comment says what a thing does")
		}
		if b.whole && strings.HasSuffix(s, ".") && words(s) > 1 && !hasVerb(s) {
			report(s, "no verb")
		}
	}
	return out
}

// abbreviations end with a full stop that ends no sentence.
var abbreviations = []string{"e.g.", "i.e.", "cf.", "vs.", "etc.", "approx.", "no."}

// sentences splits a text at full stops, question and exclamation marks before a space.
func sentences(text string) []string {
	var out []string
	var sentence []string
	for _, w := range strings.Fields(text) {
		sentence = append(sentence, w)
		bare := strings.TrimRight(w, `"')]*_`)
		if !strings.ContainsAny(bare[max(len(bare)-1, 0):], ".?!") || strings.HasSuffix(bare, "…") {
			continue
		}
		if slices.Contains(abbreviations, strings.ToLower(strings.TrimLeft(bare, "(\""))) {
			continue
		}
		out = append(out, strings.Join(sentence, " "))
		sentence = nil
	}
	if len(sentence) > 0 {
		out = append(out, strings.Join(sentence, " "))
	}
	return out
}

// words counts the words of a sentence; a dash or a sign alone is none.
func words(sentence string) int {
	n := 0
	for _, w := range strings.Fields(sentence) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// shorten cuts a sentence to what identifies it.
func shorten(sentence string) string {
	const most = 90
	if r := []rune(sentence); len(r) > most {
		return string(r[:most]) + "…"
	}
	return sentence
}
