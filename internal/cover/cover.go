// Package cover draws covers for products that have no picture, and portraits
// for people: small SVGs in the manner of mid-century posters, the same for
// the same product on every server.
//
// A cover is a composition above or below its title. The department chooses
// the family of compositions (contour lines for outdoor, arcs for music) and
// the palettes; categories nobody has heard of, like the genres of a film
// collection, choose by hash. The product's id turns the dials within the
// family. A cover needs nothing but itself: no script, no font file, no
// reference to elsewhere; it stays under [MaxBytes] whatever the title holds,
// and its text keeps a contrast of at least 4.5 to its ground.
package cover

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"valse/store"
)

// MaxBytes bounds the size of every cover and portrait.
const MaxBytes = 4096

// The page is 4:5, its margins a fourteenth.
const (
	pageWidth  = 400
	pageHeight = 500
	margin     = 28
	artHeight  = 292 // of the composition; the rest is text
)

// fonts is a stack of system fonts.
const fonts = `Inter,'Helvetica Neue',Helvetica,Arial,sans-serif`

// SVG draws the cover of a product from its id, title, category and vendor.
func SVG(p store.Product) []byte {
	f, pal := design(p.Department(), p.Category, p.ID)
	d := newDrawing("cover "+p.ID, pal)
	titleAbove := d.below(5) < 2
	ground, text := pal.paper, pal.ink
	if d.below(2) == 0 {
		ground, text = pal.field, pal.onField()
	}
	artY, textY := 0, artHeight
	if titleAbove {
		artY, textY = pageHeight-artHeight, 0
	}

	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`,
		pageWidth, pageHeight, pageWidth, pageHeight)
	fmt.Fprintf(&b, `<title>%s</title>`, escape(shorten(p.Title, 90)))
	fmt.Fprintf(&b, `<path d="M0 0h400v500H0z" fill="%s"/>`, ground)
	fmt.Fprintf(&b, `<svg y="%d" width="%d" height="%d"><path d="M0 0h400v292H0z" fill="%s"/>`, artY, pageWidth, artHeight, pal.field)
	f(d)
	b.Write(d.Bytes())
	b.WriteString(`</svg>`)
	writeText(&b, p, textY, text)
	b.WriteString(`</svg>`)
	return b.Bytes()
}

// writeText sets the title in the largest size that fits, flush left, and the
// vendor in small capitals at the foot of the text's field.
func writeText(b *bytes.Buffer, p store.Product, y int, colour string) {
	lines, size := fitTitle(p.Title)
	leading := size * 11 / 10
	fmt.Fprintf(b, `<g fill="%s" font-family="%s"><text font-size="%d" font-weight="700" letter-spacing="-.5">`, colour, fonts, size)
	baseline := y + margin + size*4/5 + 6
	for i, line := range lines {
		fmt.Fprintf(b, `<tspan x="%d" y="%d">%s</tspan>`, margin, baseline+i*leading, escape(line))
	}
	b.WriteString(`</text>`)
	if vendor := shorten(p.Vendor, 30); vendor != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="24" font-weight="500" letter-spacing="1" font-variant="all-small-caps">%s</text>`,
			margin, y+pageHeight-artHeight-margin+4, escape(vendor))
	}
	b.WriteString(`</g>`)
}

// escape makes any text fit for XML; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
