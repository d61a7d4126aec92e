package cover

import "fmt"

// arcs are the grooves of a record, whole or cut by a quarter.
func arcs(d *drawing) {
	inks := d.inks()
	x, y := 200, 146
	radius := d.between(128, 150)
	switch d.below(3) {
	case 0:
		x, y, radius = d.below(2)*400, 292, d.between(300, 380)
	case 1:
		x, y, radius = d.between(120, 280), 292, d.between(220, 270)
	}
	rings := d.between(5, 7)
	for i := range rings {
		fill := inks[i%3]
		if i%2 == 1 {
			fill = d.field
		}
		d.circle(x, y, radius*(rings-i)/rings, fill)
	}
	if d.below(2) == 0 && y == 146 {
		d.path(inks[1], "M%d %dh%dv%da%d %d 0 0 0 %d %dz", x, y, radius, 0, radius, radius, -radius, -radius)
	}
	d.circle(x, y, 9, d.field)
}

// spines are books on a shelf, some of them leaning.
func spines(d *drawing) {
	inks := d.inks()
	for x, i := 20+d.below(20), 0; x < 350; i++ {
		w, h := d.between(22, 54), d.between(120, 236)
		fill, band := inks[i%3], inks[(i+1)%3]
		lean := ""
		if d.below(6) == 0 {
			lean = fmt.Sprintf(` transform="rotate(%d %d 262)"`, d.between(7, 11), x+w)
			x += 22
		}
		fmt.Fprintf(d, `<g%s>`, lean)
		d.rect(x, 262-h, w, h, fill)
		switch d.below(3) {
		case 0:
			d.rect(x, 262-h+18, w, 12, band)
		case 1:
			d.rect(x, 262-h*2/3, w, h/4, band)
		default:
			d.circle(x+w/2, 262-h+30, w/5, band)
		}
		d.WriteString(`</g>`)
		x += w + 3
	}
	d.rect(0, 262, 400, 30, d.a)
}

// tiles are squares with quarter circles, triangles and dots: a board.
func tiles(d *drawing) {
	const s = 100
	for y := -4; y < 292; y += s {
		for x := 0; x < 400; x += s {
			ground, figure := d.ink(), d.ink()
			if ground == figure {
				ground = d.field
			}
			d.rect(x, y, s, s, ground)
			switch d.below(6) {
			case 0:
				d.path(figure, "M%d %dv%da%d %d 0 0 0 %d %dz", x, y, s, s, s, s, -s)
			case 1:
				d.path(figure, "M%d %dh%da%d %d 0 0 1 %d %dz", x, y, s, s, s, -s, s)
			case 2:
				d.path(figure, "M%d %dh%dv%dz", x, y, s, s)
			case 3:
				d.circle(x+s/2, y+s/2, s*3/10, figure)
			case 4:
				d.path(figure, "M%d %da50 50 0 0 0 %d 0z", x, y, s)
			default:
				d.path(figure, "M%d %dl50 50 50-50v100l-50-50-50 50z", x, y)
			}
		}
	}
}

// halftone is a screen of dots that swell towards a light.
func halftone(d *drawing) {
	fx, fy := d.between(60, 340), d.between(40, 250)
	reach := d.between(190, 300)
	const step = 36
	for y := step / 2; y < 300; y += step {
		fill := d.a
		if y/step == fy/step {
			fill = d.b
		}
		fmt.Fprintf(d, `<g fill="%s">`, fill)
		for x := step/2 + 2; x < 400; x += step {
			far := (abs(x-fx) + abs(y-fy)) * 16 / reach
			if r := 17 - far; r >= 2 {
				fmt.Fprintf(d, `<circle cx="%d" cy="%d" r="%d"/>`, x, y, r)
			}
		}
		d.WriteString(`</g>`)
	}
}

// bowls are half discs, stacked and turned.
func bowls(d *drawing) {
	inks := d.inks()
	const r = 66
	offset := d.below(2) * r
	for row := range 3 {
		for col := range 4 {
			x, y := col*2*r-offset*(row%2), 14+row*(r+24)
			fill := inks[(row+col)%3]
			switch d.below(4) {
			case 0:
				d.path(fill, "M%d %da%d %d 0 0 1 %d 0z", x+3, y+r, r-3, r-3, 2*r-6)
			case 1:
				d.circle(x+r, y+r/2, r/2-2, fill)
			default:
				d.path(fill, "M%d %da%d %d 0 0 0 %d 0z", x+3, y, r-3, r-3, 2*r-6)
			}
		}
	}
}

// arches are doorways within doorways.
func arches(d *drawing) {
	count := d.between(2, 4)
	w := 400 / count
	for i := range count {
		inks := d.inks()
		top := d.between(30, 110)
		for n, inset := 0, 10; n < 3 && w-2*inset > 24; n, inset = n+1, inset+d.between(16, 26) {
			r := (w - 2*inset) / 2
			d.path(inks[n], "M%d 292V%da%d %d 0 0 1 %d 0V292z", i*w+inset, top+r+inset, r, r, 2*r)
		}
	}
	if d.below(2) == 0 {
		d.rect(0, 272, 400, 20, d.ink())
	}
}

// weave is cloth seen close: warp over weft over warp.
func weave(d *drawing) {
	inks := d.inks()
	s := []int{80, 100}[d.below(2)]
	bar := s / 4
	for row, y := 0, -d.below(40); y < 292; row, y = row+1, y+s {
		for col, x := 0, 0; x < 400; col, x = col+1, x+s {
			upright := (row+col)%2 == 0
			fill := inks[0]
			if !upright {
				fill = inks[1]
			}
			if d.below(9) == 0 {
				fill = inks[2]
			}
			path := ""
			for i := range 3 {
				at := bar/4 + i*(bar+bar/4)
				if upright {
					path += fmt.Sprintf("M%d %dh%dv%dh%dz", x+at, y, bar, s, -bar)
				} else {
					path += fmt.Sprintf("M%d %dh%dv%dh%dz", x, y+at, s, bar, -s)
				}
			}
			d.path(fill, "%s", path)
		}
	}
}

func abs(n int) int { return max(n, -n) }
