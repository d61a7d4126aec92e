//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// useAVX2 says whether the processor runs the assembly.
var useAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// Path names the kernels that run on this processor: "avx2" or "generic".
func Path() string {
	if useAVX2 {
		return "avx2"
	}
	return "generic"
}
