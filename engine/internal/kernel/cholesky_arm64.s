//go:build !purego

#include "textflag.h"

// d = n·m on vectors of four float32, which the assembler has no name for.
#define FMUL(m, n, d) WORD $(0x6e20dc00 | m<<16 | n<<5 | d)

// func eliminateNEON(c *float32, ldc int, u *[10]float32, n int)
//
// Solves UᵀX = C in place for four rows of n columns, eight at a time. U is
// given row after row from its diagonal, each diagonal number inverted.
TEXT ·eliminateNEON(SB), NOSPLIT, $0-32
	MOVD c+0(FP), R0
	MOVD ldc+8(FP), R4
	MOVD u+16(FP), R5
	MOVD n+24(FP), R6
	LSL  $2, R4
	ADD  R4, R0, R1
	ADD  R4, R1, R2
	ADD  R4, R2, R3
	VLD1R.P 4(R5), [V0.S4]
	VLD1R.P 4(R5), [V1.S4]
	VLD1R.P 4(R5), [V2.S4]
	VLD1R.P 4(R5), [V3.S4]
	VLD1R.P 4(R5), [V4.S4]
	VLD1R.P 4(R5), [V5.S4]
	VLD1R.P 4(R5), [V6.S4]
	VLD1R.P 4(R5), [V7.S4]
	VLD1R.P 4(R5), [V8.S4]
	VLD1R.P 4(R5), [V9.S4]

loop:
	VLD1 (R0), [V16.S4, V17.S4]
	VLD1 (R1), [V18.S4, V19.S4]
	VLD1 (R2), [V20.S4, V21.S4]
	VLD1 (R3), [V22.S4, V23.S4]
	FMUL(0, 16, 16)
	FMUL(0, 17, 17)
	VFMLS V16.S4, V1.S4, V18.S4
	VFMLS V17.S4, V1.S4, V19.S4
	VFMLS V16.S4, V2.S4, V20.S4
	VFMLS V17.S4, V2.S4, V21.S4
	VFMLS V16.S4, V3.S4, V22.S4
	VFMLS V17.S4, V3.S4, V23.S4
	FMUL(4, 18, 18)
	FMUL(4, 19, 19)
	VFMLS V18.S4, V5.S4, V20.S4
	VFMLS V19.S4, V5.S4, V21.S4
	VFMLS V18.S4, V6.S4, V22.S4
	VFMLS V19.S4, V6.S4, V23.S4
	FMUL(7, 20, 20)
	FMUL(7, 21, 21)
	VFMLS V20.S4, V8.S4, V22.S4
	VFMLS V21.S4, V8.S4, V23.S4
	FMUL(9, 22, 22)
	FMUL(9, 23, 23)
	VST1.P [V16.S4, V17.S4], 32(R0)
	VST1.P [V18.S4, V19.S4], 32(R1)
	VST1.P [V20.S4, V21.S4], 32(R2)
	VST1.P [V22.S4, V23.S4], 32(R3)
	SUBS   $8, R6
	BGT    loop
	RET
