package lanes

import "testing"

// TestCorrect: the test at the first use tells lanes that are wrong, if only the last of
// sixteen, and a standard hash that keeps its state in another way.
func TestCorrect(t *testing.T) {
	if !Available() {
		return // there is nothing that could be wrong
	}
	for name, spoil := range map[string]func(*algorithm){
		"last lane": func(a *algorithm) {
			right := a.blocks
			a.blocks = func(s *state, from *[Width]*byte, n int) {
				right(s, from, n)
				s[4][Width-1]++
			}
		},
		"constants": func(a *algorithm) { a.start = append([]uint32{1}, a.start[1:]...) },
		"state":     func(a *algorithm) { a.magic = "sha" },
	} {
		for _, a := range []algorithm{algorithm1, algorithm256} {
			if !passes(&a) {
				t.Fatalf("%q does not pass", a.magic)
			}
			if spoil(&a); passes(&a) {
				t.Errorf("%s of %q passes", name, a.magic)
			}
		}
	}
}
