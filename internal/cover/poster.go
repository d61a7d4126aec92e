package cover

import (
	"fmt"
	"math"
)

// bars run diagonally across the page, as on a concert poster.
func bars(d *drawing) {
	angle := []int{-45, -30, 30, 45}[d.below(4)]
	inks := d.inks()
	fmt.Fprintf(d, `<g transform="rotate(%d 200 146)">`, angle)
	for y, i := -120, 0; y < 420; i++ {
		h := d.between(14, 64)
		d.rect(d.between(-140, 160), y, d.between(180, 420), h, inks[i%3])
		y += h + d.between(8, 22)
	}
	d.WriteString(`</g>`)
}

// panes divide the page at right angles until it is quiet.
func panes(d *drawing) {
	d.divide(0, 0, 400, 292, 4)
}

// divide fills a rectangle or cuts it in two, at most depth times.
func (d *drawing) divide(x, y, w, h, depth int) {
	if depth == 0 || w < 70 || h < 70 || (depth < 3 && d.below(4) == 0) {
		fill := d.field
		if d.below(3) > 0 {
			fill = d.ink()
		}
		d.rect(x, y, w, h, fill)
		if d.below(4) == 0 {
			d.circle(x+w/2, y+h/2, min(w, h)*3/8, d.ink())
		}
		return
	}
	part := d.between(30, 70)
	if w > h {
		cut := w * part / 100
		d.divide(x, y, cut, h, depth-1)
		d.divide(x+cut, y, w-cut, h, depth-1)
		return
	}
	cut := h * part / 100
	d.divide(x, y, w, cut, depth-1)
	d.divide(x, y+cut, w, h-cut, depth-1)
}

// rays leave a disc on the horizon.
func rays(d *drawing) {
	x, y := d.between(80, 320), []int{146, 292}[d.below(2)]
	count := d.between(9, 15)
	for i := range count {
		from := 2 * math.Pi * float64(i) / float64(count)
		to := from + math.Pi/float64(count)
		d.path([]string{d.a, d.b}[i%2], "M%d %dL%d %dL%d %dz", x, y,
			x+int(520*math.Cos(from)), y+int(520*math.Sin(from)), x+int(520*math.Cos(to)), y+int(520*math.Sin(to)))
	}
	d.circle(x, y, d.between(56, 84), d.field)
	d.circle(x, y, d.between(34, 48), d.c)
}

// discs overlap, and where they do the light changes.
func discs(d *drawing) {
	inks := d.inks()
	r := d.between(92, 120)
	x1, y1 := d.between(90, 170), d.between(100, 180)
	x2, y2 := x1+d.between(80, 130), y1+d.between(-40, 40)
	d.circle(x1, y1, r, inks[0])
	d.circle(x2, y2, r, inks[1])
	fmt.Fprintf(d, `<clipPath id="c"><circle cx="%d" cy="%d" r="%d"/></clipPath><circle cx="%d" cy="%d" r="%d" fill="%s" clip-path="url(#c)"/>`,
		x1, y1, r, x2, y2, r, inks[2])
}
