package kernel

const (
	// ByteRows is the number of rows that tables of bytes are padded to for
	// MulBytes.
	ByteRows = 8
	// ByteBias is added to a query's coordinates, which lie between −63 and 63,
	// so that they are positive, as the instructions for products of bytes
	// want one operand to be. Their sums in pairs then fit 16 bits.
	ByteBias = 64
	// QueryMax is the greatest coordinate of a query.
	QueryMax = ByteBias - 1
)

// PadByteRows returns n rounded up to a multiple of ByteRows.
func PadByteRows(n int) int { return (n + ByteRows - 1) &^ (ByteRows - 1) }

// HasByteTile says whether MulBytes costs less than a tile of floats.
const HasByteTile = hasByteTile

// MulBytes scores rows of bytes against a group of queries:
//
//	dst[i·Group+q] = scale[i] · Σ_k rows[i·width+k] · query_q[k]
//
// for len(scale) rows, a multiple of ByteRows, of width bytes, a multiple of
// ByteLane, none of which is −128. Word k·Group+q of packed holds coordinates 4k
// to 4k+3 of query q, the first in the lowest byte, each with ByteBias added;
// sum[i] is the sum of a row, which takes the bias out again. Sums are exact as
// long as they fit 32 bits.
func MulBytes(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
	if n := len(scale); n > 0 && width > 0 {
		mulBytes(dst[:n*Group], rows[:n*width], sum[:n], scale, packed[:width/4*Group], width)
	}
}

func mulBytesGeneric(dst []float32, rows []int8, sum []int32, scale []float32, packed []uint32, width int) {
	for i, s := range scale {
		row := rows[i*width:][:width]
		for q := range Group {
			product := -ByteBias * sum[i]
			for k := 0; k < width; k += 4 {
				word := packed[k/4*Group+q]
				product += int32(word&0xff)*int32(row[k]) + int32(word>>8&0xff)*int32(row[k+1]) +
					int32(word>>16&0xff)*int32(row[k+2]) + int32(word>>24)*int32(row[k+3])
			}
			dst[i*Group+q] = float32(product) * s
		}
	}
}
