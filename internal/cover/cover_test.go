package cover

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"valse/store"
)

// sample is products of every department and of categories nobody knows.
func sample() []store.Product {
	var list []store.Product
	categories := []string{"", "Film-Noir", "Sci-Fi > Space", "Home decoration", "儿童"}
	for d := range designs {
		categories = append(categories, d+" > A", d+" > B", d)
	}
	for _, c := range categories {
		for i := range 40 {
			list = append(list, store.Product{
				ID: fmt.Sprint(c, i), Category: c, Vendor: "Dovetail & Daughter",
				Title: strings.Repeat("Wool <&> blanket ", i%14+1),
			})
		}
	}
	return list
}

func TestSVGIsTheSameForTheSameProduct(t *testing.T) {
	for _, p := range sample() {
		if first, second := SVG(p), SVG(p); !bytes.Equal(first, second) {
			t.Fatalf("SVG(%q) differs between two calls", p.ID)
		}
	}
	a, b := SVG(store.Product{ID: "a", Title: "T"}), SVG(store.Product{ID: "b", Title: "T"})
	if bytes.Equal(a, b) {
		t.Error("SVG draws the same cover for two ids")
	}
}

func TestSVGIsSmallWellFormedAndSelfContained(t *testing.T) {
	for _, p := range sample() {
		check(t, SVG(p))
		check(t, Avatar(p.Title))
	}
}

// check fails unless svg is one well-formed document without scripts or
// references to elsewhere, within MaxBytes.
func check(t *testing.T, svg []byte) {
	t.Helper()
	if len(svg) > MaxBytes {
		t.Errorf("a cover has %d bytes, want at most %d:\n%s", len(svg), MaxBytes, svg)
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			checkElement(t, e)
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 {
		t.Errorf("%d root elements, want 1", roots)
	}
}

func checkElement(t *testing.T, e xml.StartElement) {
	t.Helper()
	switch e.Name.Local {
	case "svg", "title", "path", "g", "circle", "text", "tspan", "clipPath":
	default:
		t.Errorf("element <%s> in a cover", e.Name.Local)
	}
	for _, a := range e.Attr {
		name := strings.ToLower(a.Name.Local)
		if strings.HasPrefix(name, "on") || strings.Contains(name, "href") || name == "style" ||
			strings.Contains(a.Value, "url(") && a.Value != "url(#c)" {
			t.Errorf("attribute %s=%q in a cover", a.Name.Local, a.Value)
		}
	}
}

func TestTextStandsOutFromItsGroundInEveryPalette(t *testing.T) {
	for temper, list := range palettes {
		for i, p := range list {
			if got := contrast(p.paper, p.ink); got < 4.5 {
				t.Errorf("%s %d: ink on paper has contrast %.2f, want 4.5", temper, i, got)
			}
			if got := contrast(p.field, p.onField()); got < 4.5 {
				t.Errorf("%s %d: text on field has contrast %.2f, want 4.5", temper, i, got)
			}
		}
	}
}

func TestContrastFollowsWCAG(t *testing.T) {
	for _, c := range []struct {
		x, y string
		want string
	}{{"#000000", "#ffffff", "21.00"}, {"#777777", "#ffffff", "4.48"}, {"#ff0000", "#ff0000", "1.00"}} {
		if got := fmt.Sprintf("%.2f", contrast(c.x, c.y)); got != c.want {
			t.Errorf("contrast(%s, %s) = %s, want %s", c.x, c.y, got, c.want)
		}
	}
}

func TestEveryFamilyShowsItsInks(t *testing.T) {
	for i, f := range families {
		d := newDrawing("x", palettes["play"][0])
		f(d)
		if inks := strings.Count(d.String(), d.a) + strings.Count(d.String(), d.b) + strings.Count(d.String(), d.c); inks < 2 {
			t.Errorf("family %d uses inks %d times", i, inks)
		}
	}
	if len(families) < 13 {
		t.Errorf("%d families, want at least 13", len(families))
	}
}

func TestUnknownCategoriesSpreadOverAllFamilies(t *testing.T) {
	seen := map[string]bool{}
	for i := range 500 {
		f, _ := design("", "", fmt.Sprint("film-", i))
		seen[fmt.Sprintf("%p", f)] = true
	}
	if len(seen) != len(families) {
		t.Errorf("500 products without a category use %d families, want %d", len(seen), len(families))
	}
}

func TestTitlesWrapWithinTheField(t *testing.T) {
	for _, c := range []struct {
		title string
		lines int
	}{
		{"", 1}, {"Up", 1}, {"Toy Story (1995)", 2},
		{"One Flew Over the Cuckoo's Nest (1975)", 3},
		{strings.Repeat("W", 300), 5},
		{strings.Repeat("七人の侍", 60), 5},
	} {
		lines, size := fitTitle(c.title)
		if len(lines) != c.lines {
			t.Errorf("fitTitle(%q) = %q, want %d lines", c.title, lines, c.lines)
		}
		for _, line := range lines {
			if width := measure(line) * size / 100; width > textWidth+size {
				t.Errorf("line %q at %d is %d wide, want at most %d", line, size, width, textWidth)
			}
		}
	}
}

func TestLongTitlesEndInAnEllipsis(t *testing.T) {
	lines, _ := fitTitle(strings.Repeat("a very long title indeed ", 20))
	if last := lines[len(lines)-1]; !strings.HasSuffix(last, "…") {
		t.Errorf("last line of a cut title is %q, want an ellipsis at its end", last)
	}
}

func TestInitialsComeFromTheFirstAndLastWord(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "  ": "", "Ada": "A", "mara lindqvist": "ML", "Anna Maria da Silva": "AS", "佐藤 健": "佐健", "42 <b>": "B",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzSVGIsWellFormedWhateverTheTitle(f *testing.F) {
	for _, title := range []string{"", "Heat", "<script>", `"&'>`, "\x00\x1b\xff", "a\u200db\ufffe", "]]>", strings.Repeat("𝕎", 400)} {
		f.Add(title, "Sci-Fi", "Vendor", "id")
	}
	f.Fuzz(func(t *testing.T, title, category, vendor, id string) {
		check(t, SVG(store.Product{ID: id, Title: title, Category: category, Vendor: vendor}))
		check(t, Avatar(title))
	})
}
