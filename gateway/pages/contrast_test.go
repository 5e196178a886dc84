package pages

import (
	"fmt"
	"math"
	"regexp"
	"testing"
)

// The colours of text stand out from their ground: WCAG 2.1 asks for 4.5.
func TestPageContrast(t *testing.T) {
	hex := regexp.MustCompile(`--(soft|link): (#[0-9a-f]{3,6});`)
	found := hex.FindAllStringSubmatch(style, -1)
	if len(found) != 4 {
		t.Fatalf("%q", found)
	}
	for i, m := range found {
		ground := 1.0 // white; dark pages are at most as bright as #1e1e1e
		if i >= 2 {
			ground = luminance(t, "#1e1e1e")
		}
		text := luminance(t, m[2])
		if ratio := (max(text, ground) + 0.05) / (min(text, ground) + 0.05); ratio < 4.5 {
			t.Errorf("%s %s: contrast %.2f", m[1], m[2], ratio)
		}
	}
}

// luminance is the relative luminance of a colour (WCAG 2.1).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	if len(colour) == 4 {
		colour = fmt.Sprintf("#%c%c%c%c%c%c", colour[1], colour[1], colour[2], colour[2], colour[3], colour[3])
	}
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
