//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// What assembly runs. A kernel without an AVX-512 version of its own, because
// one was measured to be no faster, runs the AVX2 one in its place.
var useAVX2, useAVX512, hasTall, hasBF16 bool

func enable(path string) {
	useAVX512 = path == "avx512"
	useAVX2 = useAVX512 || path == "avx2"
	hasTall = useAVX512
	hasBF16 = useAVX512 && cpu.X86.HasAVX512BF16
}

// supported lists the paths of this processor, the best last.
func supported() []string {
	paths := []string{"generic"}
	x := cpu.X86
	if x.HasAVX2 && x.HasFMA {
		paths = append(paths, "avx2")
		if x.HasAVX512F && x.HasAVX512VL && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VNNI {
			paths = append(paths, "avx512")
		}
	}
	return paths
}
