package cover

import (
	"fmt"
	"math"
)

// contours are the height lines of a hill on a map, with a sun or a tarn.
func contours(d *drawing) {
	x, y := d.between(110, 290), d.between(110, 190)
	const points = 9
	var wobble [points]float64
	for i := range wobble {
		wobble[i] = 0.78 + float64(d.below(48))/100
	}
	squash := 0.6 + float64(d.below(25))/100
	if d.below(2) == 0 {
		d.circle(d.between(40, 360), d.between(30, 90), d.between(26, 44), d.b)
	}
	fmt.Fprintf(d, `<g fill="none" stroke="%s" stroke-width="%d">`, d.a, d.between(4, 7))
	for ring := 8; ring > 0; ring-- {
		fill := ""
		if ring == 1 {
			fill = fmt.Sprintf(` fill="%s" stroke="none"`, d.b)
		}
		fmt.Fprintf(d, `<path d="%s"%s/>`, blob(x+ring*4, y+ring*3, float64(ring)*34-8, squash, wobble[:]), fill)
	}
	d.WriteString(`</g>`)
}

// blob is a smooth closed curve through the midpoints of a wobbly polygon.
func blob(x, y int, radius, squash float64, wobble []float64) string {
	n := len(wobble)
	at := func(i int) (int, int) {
		angle := 2 * math.Pi * float64(i%n) / float64(n)
		r := radius * wobble[i%n]
		return x + int(math.Round(r*math.Cos(angle))), y + int(math.Round(r*squash*math.Sin(angle)))
	}
	x0, y0 := at(0)
	x1, y1 := at(1)
	path := fmt.Sprintf("M%d %d", (x0+x1)/2, (y0+y1)/2)
	for i := 1; i <= n; i++ {
		px, py := at(i)
		qx, qy := at(i + 1)
		path += fmt.Sprintf("Q%d %d %d %d", px, py, (px+qx)/2, (py+qy)/2)
	}
	return path + "z"
}

// peaks are two ranges of mountains, lit from one side, before a low sun.
func peaks(d *drawing) {
	light, shade := d.a, d.b
	if contrast(d.field, light) < contrast(d.field, shade) {
		light, shade = shade, light
	}
	d.circle(d.between(70, 330), d.between(70, 130), d.between(36, 62), d.c)
	x := -60 - d.below(60)
	for x < 420 {
		w, h := d.between(90, 130), d.between(110, 225)
		d.path(light, "M%d 292L%d %dL%d 292z", x, x+w, 292-h, x+2*w)
		d.path(shade, "M%d %dL%d 292H%dL%d %dz", x+w, 292-h, x+2*w, x+w+d.between(-20, 10), x+w+d.between(-16, -6), 292-h*d.between(45, 60)/100)
		x += d.between(120, 190)
	}
}

// leaves grow in pairs along a stem that leaves the page.
func leaves(d *drawing) {
	x, tilt := d.between(150, 250), d.between(-14, 14)
	if d.below(2) == 0 {
		d.circle(d.between(50, 350), d.between(60, 200), d.between(60, 95), d.c)
	}
	fmt.Fprintf(d, `<g transform="rotate(%d %d 292)"><path d="M%d 320V10" stroke="%s" stroke-width="6"/>`, tilt, x, x, d.a)
	length := d.between(96, 140)
	for i := range 5 {
		y, l := 280-i*54, length*(10-i)/10
		lift, belly := l*d.between(40, 65)/100, l*d.between(52, 70)/100
		d.path(d.a, "M%d %dq%d %d %d %dq%d %d %d %dz", x, y, belly/3, -lift-belly/3, l, -lift, -belly/2, lift+belly/4, -l, lift)
		d.path(d.b, "M%d %dq%d %d %d %dq%d %d %d %dz", x, y-20, -belly/3, -lift-belly/3, -l, -lift, belly/2, lift+belly/4, l, lift)
	}
	d.WriteString(`</g>`)
}

// waves lie in layers under a moon.
func waves(d *drawing) {
	d.circle(d.between(90, 310), d.between(80, 120), d.between(40, 66), d.c)
	half := d.between(80, 140)
	for i, fill := range []string{d.b, d.a, d.field, d.b, d.a} {
		swell := d.between(26, 44)
		d.path(fill, "M%d %dq%d %d %d 0t%d 0 %d 0 %d 0 %d 0 %d 0 %d 0 %d 0V292H%dz",
			-half-d.below(half), 130+i*36, half/2, -swell, half, half, half, half, half, half, half, half, -300)
	}
}

// fruit is cut in half, in rows.
func fruit(d *drawing) {
	inks := d.inks()
	size := []int{100, 134}[d.below(2)]
	for row, y := 0, size/2-size/6; y < 292+size/2; row, y = row+1, y+size {
		for x := size/2 - row%2*size/2; x < 400+size/2; x += size {
			rind, flesh := inks[(row+x/size)%2], inks[2]
			d.circle(x, y, size*43/100, rind)
			switch d.below(3) {
			case 0:
				d.circle(x, y, size*33/100, flesh)
				d.circle(x, y, size/9, rind)
			case 1:
				d.path(flesh, "M%d %da%d %d 0 0 1 %d 0z", x-size/3, y, size/3, size/3, size/3*2)
			default:
				d.path(d.field, "M%d %dq%d %d 0 %dq%d %d 0 %dz", x, y-size/4, size/3, size/4, size/2, -size/3, -size/4, -size/2)
			}
		}
	}
}
