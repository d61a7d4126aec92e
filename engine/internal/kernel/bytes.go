package kernel

// ByteLane is the number of bytes that rows of them are padded to.
const ByteLane = 16

// PadBytes returns n rounded up to a multiple of ByteLane.
func PadBytes(n int) int { return (n + ByteLane - 1) &^ (ByteLane - 1) }

// DotBytes writes into dst the dot products of x with len(dst) rows of bytes,
// which follow each other and are as long as x, a multiple of ByteLane. They are
// added up as 32-bit integers, which the caller keeps from overflowing.
func DotBytes(dst []float32, rows []int8, x []int16) {
	if len(dst) > 0 && len(x) > 0 {
		dotBytes(dst, rows[:len(dst)*len(x)], x)
	}
}
