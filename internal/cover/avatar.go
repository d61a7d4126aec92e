package cover

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// Avatar draws the portrait of a person from their name: initials on a disc
// of colour. Nameless people get the disc alone.
func Avatar(name string) []byte {
	temper := palettes[tempers[hash("temper "+name)%uint64(len(tempers))]]
	pal := temper[hash("avatar "+name)%uint64(len(temper))]
	d := newDrawing("avatar "+name, pal)
	d.rect(0, 0, 80, 80, pal.field)
	fmt.Fprintf(d, `<circle cx="%d" cy="%d" r="%d" fill="%s" opacity=".35"/>`, d.below(2)*80, d.below(2)*80, d.between(34, 54), d.ink())
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 80 80" role="img">`)
	fmt.Fprintf(&b, `<title>%s</title>`, escape(shorten(name, 60)))
	b.Write(d.Bytes())
	if letters := initials(name); letters != "" {
		fmt.Fprintf(&b, `<circle cx="40" cy="40" r="27" fill="%s"/>`, pal.field)
		fmt.Fprintf(&b, `<text x="40" y="50" font-family="%s" font-size="28" font-weight="700" text-anchor="middle" fill="%s">%s</text>`,
			fonts, pal.onField(), escape(letters))
	}
	b.WriteString(`</svg>`)
	return b.Bytes()
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if len(words) == 0 {
		return ""
	}
	first := []rune(words[0])[:1]
	if len(words) > 1 {
		first = append(first, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(first))
}
