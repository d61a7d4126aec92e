package cover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The title's field: its width, and the sizes to try with the number of lines
// that fit each.
const textWidth = pageWidth - 2*margin

var titleSizes = []struct{ size, lines int }{{60, 1}, {46, 2}, {38, 3}, {32, 4}, {27, 4}, {23, 5}}

// fitTitle wraps a title in the largest size in which all of it fits; in the
// smallest it is cut with an ellipsis if it must be.
func fitTitle(title string) (lines []string, size int) {
	title = strings.Join(strings.Fields(shorten(title, 160)), " ")
	for _, s := range titleSizes {
		lines, size = wrap(title, s.size), s.size
		if len(lines) <= s.lines && !broken(lines, title) {
			return lines, size
		}
	}
	last := titleSizes[len(titleSizes)-1]
	if len(lines) > last.lines {
		lines = lines[:last.lines]
		lines[last.lines-1] = shorten(lines[last.lines-1]+"……", utf8.RuneCountInString(lines[last.lines-1]))
	}
	return lines, size
}

// broken reports whether wrapping broke a word, not just between words.
func broken(lines []string, title string) bool { return strings.Join(lines, " ") != title }

// wrap breaks a text into lines that fit the field, between words where it
// can. It evens the lines out: the last is not left with a single short word
// if a narrower measure gives as many lines.
func wrap(text string, size int) []string {
	limit := textWidth * 100 / size
	lines := wrapAt(text, limit)
	for measure := limit * 19 / 20; measure > limit/2; measure = measure * 19 / 20 {
		narrower := wrapAt(text, measure)
		if len(narrower) > len(lines) || broken(narrower, text) {
			break
		}
		lines = narrower
	}
	return lines
}

// wrapAt breaks greedily; limit is in hundredths of an em.
func wrapAt(text string, limit int) []string {
	var lines []string
	line, width := "", 0
	for word := range strings.FieldsSeq(text) {
		w := measure(word)
		if line != "" && width+advance(' ')+w <= limit {
			line, width = line+" "+word, width+advance(' ')+w
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line, width = word, w
		for width > limit {
			head := prefix(line, limit)
			lines = append(lines, head)
			line = line[len(head):]
			width = measure(line)
		}
	}
	return append(lines, line)
}

// prefix returns the longest start of a word that fits, at least one rune.
func prefix(word string, limit int) string {
	width := 0
	for i, r := range word {
		if width += advance(r); width > limit && i > 0 {
			return word[:i]
		}
	}
	return word
}

func measure(s string) int {
	width := 0
	for _, r := range s {
		width += advance(r)
	}
	return width
}

// advance estimates the width of a rune in a bold grotesque, in hundredths of
// an em, on the wide side.
func advance(r rune) int {
	switch {
	case strings.ContainsRune("iljI.,:;'’!|", r):
		return 31
	case strings.ContainsRune("frt()[]-/ ", r):
		return 40
	case strings.ContainsRune("mwMW@%…—", r):
		return 94
	case r >= 0x1100 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0xFE00):
		return 104
	case unicode.IsUpper(r):
		return 73
	case unicode.Is(unicode.Mn, r):
		return 0
	}
	return 62
}

// shorten cuts a text to n runes, the last of them an ellipsis.
func shorten(s string, n int) string {
	count := 0
	cut := 0
	for i := range s {
		if count++; count == n {
			cut = i
		} else if count > n {
			return strings.TrimRight(s[:cut], " ,") + "…"
		}
	}
	return s
}
