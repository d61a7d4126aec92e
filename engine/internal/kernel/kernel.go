// Package kernel holds the float32 inner loops of the engine: dot products,
// matrix tiles, and the blocked Cholesky factorisation that training spends its
// time in.
//
// Matrices are row-major slices with a leading dimension, the distance from one
// row to the next. The tiled functions work on whole tiles, so their operands
// are padded: leading dimensions are multiples of Lane, tables that are read or
// written in tiles have a multiple of Rows rows, and what the padding holds does
// not reach the result as long as it is finite.
//
// Each function has a plain Go version, the reference, in a file that ends in
// _generic. Where assembly exists it is chosen at start by what the processor
// has; the build tag purego leaves it out. The two agree to rounding: assembly
// adds in another order and fuses multiplication with addition.
package kernel

const (
	// Lane is the number of columns that tables are padded to.
	Lane = 8
	// Rows is the number of rows in a tile.
	Rows = 4
	// maxLanes is the greatest number of lanes side by side in a tile.
	maxLanes = 3
)

// Pad returns n rounded up to a multiple of Lane.
func Pad(n int) int { return (n + Lane - 1) &^ (Lane - 1) }

// PadRows returns n rounded up to a multiple of Rows.
func PadRows(n int) int { return (n + Rows - 1) &^ (Rows - 1) }

// room returns how many numbers rows of cols take that are ld apart. Assembly
// does not look where it reads and writes: what it is given is cut to size, so
// that a table too small panics instead.
func room(rows, ld, cols int) int { return max(0, (rows-1)*ld+cols) }
