package kernel

import (
	"os"
	"slices"
)

// path is one of supported. It is set at start and by tests, never while
// kernels run.
var path string

// init takes the best path, or the one that the environment variable VALSE_CPU
// names if the processor has it.
func init() {
	wanted, paths := os.Getenv("VALSE_CPU"), supported()
	if !slices.Contains(paths, wanted) {
		wanted = paths[len(paths)-1]
	}
	use(wanted)
}

// use makes kernels run on one of the supported paths.
func use(name string) {
	path = name
	enable(name)
}

// Path names the kernels that run: "avx512bf16", "avx512", "avx2", "neon" or
// "generic".
func Path() string { return path }
