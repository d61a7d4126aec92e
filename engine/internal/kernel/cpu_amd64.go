//go:build !purego

package kernel

import (
	"slices"

	"golang.org/x/sys/cpu"
)

// What assembly runs. A kernel without an AVX-512 version of its own, because
// one was measured to be no faster, runs the AVX2 one in its place.
var useAVX2, useAVX512, hasTall, hasBF16 bool

func enable(path string) {
	hasBF16 = path == "avx512bf16"
	useAVX512 = hasBF16 || path == "avx512"
	useAVX2 = useAVX512 || path == "avx2"
	hasTall = useAVX512
}

// supported lists the paths of this processor, the best last.
func supported() []string {
	paths := []string{"generic"}
	x := cpu.X86
	if x.HasAVX2 && x.HasFMA {
		paths = append(paths, "avx2")
		if x.HasAVX512F && x.HasAVX512VL && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VNNI {
			paths = append(paths, "avx512")
			if x.HasAVX512BF16 {
				paths = append(paths, "avx512bf16")
			}
		}
	}
	// AMD's Zen multiplies in 16 bits as often a cycle as in 32, twice as many
	// numbers. Intel's Sapphire Rapids does so half as often, and the packing comes
	// on top: Gram was measured to be 1.7 times as fast there as Gram16.
	if n := len(paths); paths[n-1] == "avx512bf16" && vendor() != "AuthenticAMD" {
		slices.Reverse(paths[n-2:])
	}
	return paths
}

// vendor is who made the processor, in the twelve letters that CPUID says.
func vendor() string {
	var name []byte
	b, d, c := cpuidVendor()
	for _, register := range []uint32{b, d, c} {
		name = append(name, byte(register), byte(register>>8), byte(register>>16), byte(register>>24))
	}
	return string(name)
}

func cpuidVendor() (b, d, c uint32)
