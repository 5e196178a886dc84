package lanes

import "testing"

// TestCorrect: the test at the first use tells lanes that are wrong, if only the last of
// sixteen or of eight, and a standard hash that keeps its state in another way.
func TestCorrect(t *testing.T) {
	if !Available() {
		return // there is nothing that could be wrong
	}
	for name, spoil := range map[string]func(*algorithm){
		"last lane": func(a *algorithm) {
			blocks, half := a.blocks, a.half
			a.blocks = func(s *state, from *[Width]*byte, n int) {
				blocks(s, from, n)
				s[4][Width-1]++
			}
			a.half = func(s *state, from *[Width]*byte, n int) {
				half(s, from, n)
				s[4][Half-1]++
			}
		},
		"constants": func(a *algorithm) { a.start = append([]uint32{1}, a.start[1:]...) },
		"state":     func(a *algorithm) { a.magic = "sha" },
	} {
		for _, a := range []algorithm{algorithm1, algorithm256} {
			for _, n := range []int{Width, Half} {
				if !passes(&a, n) {
					t.Fatalf("%q does not pass", a.magic)
				}
				wrong := a
				if spoil(&wrong); passes(&wrong, n) {
					t.Errorf("%s of %q passes with %d", name, a.magic, n)
				}
			}
		}
	}
}
