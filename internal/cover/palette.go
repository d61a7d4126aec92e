package cover

import (
	"math"
	"strconv"
)

// palette is what a cover is printed in: a field and up to three inks for the
// composition, paper and ink for the text.
type palette struct{ paper, ink, field, a, b, c string }

// palettes by temper. Every one must carry text on its paper and on its field
// with a contrast of 4.5.
var palettes = map[string][]palette{
	"forest": {
		{"#f4efe2", "#17352b", "#1f4d3a", "#e9e2cf", "#e07a3f", "#8fb996"},
		{"#f3f1e4", "#22382b", "#ccd9ad", "#2f5d50", "#e8a33d", "#f7f4e6"},
		{"#f6efe0", "#3a2414", "#e9b872", "#6b3e1f", "#2f5d50", "#f6efe0"},
		{"#eef0e6", "#14312f", "#0f3d3e", "#e2dcc8", "#f1a661", "#4f8a8b"},
	},
	"snow": {
		{"#f2f6f9", "#12304a", "#d3e4ee", "#1d4e79", "#f2f6f9", "#e4572e"},
		{"#eef3f7", "#0d2238", "#123456", "#e8f1f7", "#6fa8c9", "#ffd166"},
		{"#f7f4ef", "#1d2b36", "#f0d9cf", "#35536b", "#fdfaf5", "#d1495b"},
		{"#f0f4f4", "#13343b", "#7fc4cf", "#f4fafa", "#13343b", "#f4d35e"},
	},
	"night": {
		{"#f5ede0", "#1a1a2e", "#1a1a2e", "#e94560", "#f5ede0", "#f0a500"},
		{"#f6f1e7", "#1d2a44", "#f2c14e", "#1d2a44", "#d1495b", "#f6f1e7"},
		{"#f4ece1", "#2b1b2f", "#3c1f47", "#f08a5d", "#f9ed69", "#b83b5e"},
		{"#f3efe6", "#0b2d39", "#0b3948", "#f4d58d", "#bf4342", "#8cb7b5"},
		{"#f7f0e4", "#1c1c1c", "#ef8354", "#2d3142", "#f7f0e4", "#ffd9a0"},
	},
	"cloth": {
		{"#f6f0e4", "#1f1f1f", "#f1e4c8", "#c1292e", "#1f1f1f", "#e0a458"},
		{"#f4f1ea", "#16324f", "#16324f", "#f2cc8f", "#e07a5f", "#f4f1ea"},
		{"#f5efe6", "#3b1f2b", "#b93a35", "#f5efe6", "#3b1f2b", "#e9b44c"},
		{"#f2efe7", "#1f3a34", "#84a59d", "#f2efe7", "#1f3a34", "#f28482"},
		{"#f7f3ea", "#22223b", "#c9ada7", "#22223b", "#f7f3ea", "#9a4c5c"},
	},
	"play": {
		{"#fbf5e6", "#23213d", "#fbd35a", "#e4472f", "#23213d", "#2a9d8f"},
		{"#f7f5ee", "#1b2a49", "#1d7a70", "#fbf5e6", "#12263f", "#f4a261"},
		{"#faf3e7", "#2b2d42", "#f3d9d2", "#d8315b", "#1e6091", "#f4b942"},
		{"#f6f3ec", "#272640", "#272640", "#f4a261", "#e76f51", "#8ecae6"},
	},
	"signal": {
		{"#f1f3f5", "#14213d", "#14213d", "#fca311", "#e5e5e5", "#5c7fa8"},
		{"#f5f5f0", "#1c1c1c", "#e8e6df", "#1c1c1c", "#e63946", "#8d99ae"},
		{"#f0f4f3", "#102a2b", "#c3dad6", "#124e54", "#ff6b35", "#f7f9f8"},
		{"#f4f1f8", "#231942", "#231942", "#9f86c0", "#f7ede2", "#f28482"},
	},
	"table": {
		{"#f8f1e3", "#3d2314", "#f3d8a7", "#b5451b", "#3d2314", "#7a8b3c"},
		{"#f5f0e8", "#20302c", "#2a4d46", "#f2c57c", "#f5f0e8", "#dd6e42"},
		{"#f9f3e8", "#402a2c", "#efb4a0", "#7d2e2e", "#f9f3e8", "#e8912d"},
		{"#f6f3e9", "#26301c", "#e5e4b5", "#5b7b34", "#d9622b", "#f9f7ea"},
		{"#f5efe4", "#1f2d3d", "#1f4e5f", "#f5d491", "#e8743b", "#a9c5b9"},
	},
	"leaf": {
		{"#f4f3e6", "#1d3b2a", "#dfe8c8", "#2d6a4f", "#95b46a", "#ee9b4a"},
		{"#f2f2e4", "#14332a", "#1b4332", "#b7c77a", "#f4e9cd", "#e2725b"},
		{"#f9f1ea", "#33302a", "#f6d5c5", "#40684a", "#c8553d", "#f9f1ea"},
		{"#f5f4ea", "#1d3540", "#bcd8d2", "#1d5c4d", "#f6f2df", "#e9b44c"},
	},
	"room": {
		{"#f7f1e6", "#33261d", "#ecd9c0", "#b8573a", "#33495a", "#e3a857"},
		{"#f4f0e8", "#2a2f3a", "#39424e", "#e0b084", "#f4f0e8", "#c8684c"},
		{"#f6f2ea", "#2f3a33", "#cdd5c0", "#6a7f5e", "#b4603f", "#f6f2ea"},
		{"#f8f2ec", "#41272a", "#eac7b9", "#8c3b3b", "#f8f2ec", "#44617b"},
	},
	"bath": {
		{"#f6f3ef", "#233d4d", "#f0dfd5", "#4a7c87", "#e79b87", "#fbf8f4"},
		{"#f2f5f3", "#173b3f", "#bfded8", "#2d7a78", "#f2f5f3", "#f2a477"},
		{"#f8f1f1", "#472836", "#f1c8c4", "#a44a5c", "#f8f1f1", "#e8b04a"},
		{"#f1f4f8", "#1d2f52", "#253f6b", "#86b3d1", "#f1f4f8", "#f3b79f"},
	},
}

// onField returns the colour of text on the field: paper or ink, whichever
// stands out more.
func (p palette) onField() string {
	if contrast(p.field, p.paper) > contrast(p.field, p.ink) {
		return p.paper
	}
	return p.ink
}

// contrast is the WCAG 2.2 contrast ratio of two colours, 1 to 21.
func contrast(x, y string) float64 {
	lx, ly := luminance(x), luminance(y)
	return (max(lx, ly) + 0.05) / (min(lx, ly) + 0.05)
}

// luminance is the WCAG relative luminance of a colour like "#1f4d3a".
func luminance(colour string) float64 {
	rgb, _ := strconv.ParseUint(colour[1:], 16, 32)
	linear := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}
