//go:build !purego

#include "textflag.h"

// Instructions on vectors of four float32 that the assembler has no name for,
// from the Arm Architecture Reference Manual, C7.2: d = n op m.
#define FADDP(m, n, d) WORD $(0x6e20d400 | m<<16 | n<<5 | d)

// SPLIT makes the numbers of the lower halves of words in lo.
#define SPLIT(words, lo) VSHL $16, words.S4, lo.S4

// func fourPairDotsNEON(dst *float32, a, b, c, d *uint32, x *float32, words int)
//
// The products of x with four rows; words is a multiple of four.
TEXT ·fourPairDotsNEON(SB), NOSPLIT, $0-56
	MOVD dst+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD c+24(FP), R3
	MOVD d+32(FP), R4
	MOVD x+40(FP), R5
	MOVD words+48(FP), R6
	ADD  R6<<2, R5, R7
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16

loop:
	VLD1.P 16(R5), [V16.S4]
	VLD1.P 16(R7), [V17.S4]
	VLD1.P 16(R1), [V18.S4]
	VLD1.P 16(R2), [V20.S4]
	VLD1.P 16(R3), [V22.S4]
	VLD1.P 16(R4), [V24.S4]
	SPLIT(V18, V19)
	SPLIT(V20, V21)
	SPLIT(V22, V23)
	SPLIT(V24, V25)
	VFMLA  V18.S4, V16.S4, V0.S4
	VFMLA  V20.S4, V16.S4, V1.S4
	VFMLA  V22.S4, V16.S4, V2.S4
	VFMLA  V24.S4, V16.S4, V3.S4
	VFMLA  V19.S4, V17.S4, V0.S4
	VFMLA  V21.S4, V17.S4, V1.S4
	VFMLA  V23.S4, V17.S4, V2.S4
	VFMLA  V25.S4, V17.S4, V3.S4
	SUBS   $4, R6
	BGT    loop

	FADDP(1, 0, 0)
	FADDP(3, 2, 2)
	FADDP(2, 0, 0)
	VST1 [V0.S4], (R0)
	RET

// func fourPairAxpysNEON(dst, alpha *float32, a, b, c, d *uint32, words int)
//
// Adds four rows, each times its alpha, to dst; words is a multiple of four.
TEXT ·fourPairAxpysNEON(SB), NOSPLIT, $0-56
	MOVD    dst+0(FP), R0
	MOVD    alpha+8(FP), R7
	MOVD    a+16(FP), R1
	MOVD    b+24(FP), R2
	MOVD    c+32(FP), R3
	MOVD    d+40(FP), R4
	MOVD    words+48(FP), R6
	ADD     R6<<2, R0, R5
	VLD1R.P 4(R7), [V4.S4]
	VLD1R.P 4(R7), [V5.S4]
	VLD1R.P 4(R7), [V6.S4]
	VLD1R.P 4(R7), [V7.S4]

loop:
	VLD1   (R0), [V0.S4]
	VLD1   (R5), [V1.S4]
	VLD1.P 16(R1), [V18.S4]
	VLD1.P 16(R2), [V20.S4]
	VLD1.P 16(R3), [V22.S4]
	VLD1.P 16(R4), [V24.S4]
	SPLIT(V18, V19)
	SPLIT(V20, V21)
	SPLIT(V22, V23)
	SPLIT(V24, V25)
	VFMLA  V18.S4, V4.S4, V0.S4
	VFMLA  V19.S4, V4.S4, V1.S4
	VFMLA  V20.S4, V5.S4, V0.S4
	VFMLA  V21.S4, V5.S4, V1.S4
	VFMLA  V22.S4, V6.S4, V0.S4
	VFMLA  V23.S4, V6.S4, V1.S4
	VFMLA  V24.S4, V7.S4, V0.S4
	VFMLA  V25.S4, V7.S4, V1.S4
	VST1.P [V0.S4], 16(R0)
	VST1.P [V1.S4], 16(R5)
	SUBS   $4, R6
	BGT    loop
	RET
