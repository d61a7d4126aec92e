//go:build !purego

#include "textflag.h"

// Instructions on vectors of four float32 that the assembler has no name for,
// from the Arm Architecture Reference Manual, C7.2: d = n op m.
#define FADD(m, n, d) WORD $(0x4e20d400 | m<<16 | n<<5 | d)
#define FADDP(m, n, d) WORD $(0x6e20d400 | m<<16 | n<<5 | d)
#define FMUL(m, n, d) WORD $(0x6e20dc00 | m<<16 | n<<5 | d)

#define ZERO(v) VEOR v.B16, v.B16, v.B16

// func dotNEON(x, y *float32, n int) float32
//
// Adds up in the same order as fourDotsNEON.
TEXT ·dotNEON(SB), NOSPLIT, $0-28
	MOVD x+0(FP), R0
	MOVD y+8(FP), R1
	MOVD n+16(FP), R2
	ZERO(V0)
	ZERO(V1)
	SUBS $8, R2
	BLT  four

loop:
	VLD1.P 32(R0), [V16.S4, V17.S4]
	VLD1.P 32(R1), [V18.S4, V19.S4]
	VFMLA  V18.S4, V16.S4, V0.S4
	VFMLA  V19.S4, V17.S4, V1.S4
	SUBS   $8, R2
	BGE    loop

four:
	ADDS   $4, R2
	BLT    sum
	VLD1.P 16(R0), [V16.S4]
	VLD1.P 16(R1), [V18.S4]
	VFMLA  V18.S4, V16.S4, V0.S4
	SUB    $4, R2

sum:
	FADD(1, 0, 0)
	FADDP(0, 0, 0)
	FADDP(0, 0, 0)
	ADDS $4, R2
	BEQ  done

rest:
	FMOVS.P 4(R0), F16
	FMOVS.P 4(R1), F18
	FMADDS  F18, F0, F16, F0
	SUBS    $1, R2
	BNE     rest

done:
	FMOVS F0, ret+24(FP)
	RET

// func fourDotsNEON(dst, a, b, c, d, x *float32, n int)
//
// The products of x with four rows.
TEXT ·fourDotsNEON(SB), NOSPLIT, $0-56
	MOVD dst+0(FP), R0
	MOVD a+8(FP), R1
	MOVD b+16(FP), R2
	MOVD c+24(FP), R3
	MOVD d+32(FP), R4
	MOVD x+40(FP), R5
	MOVD n+48(FP), R6
	ZERO(V0)
	ZERO(V1)
	ZERO(V2)
	ZERO(V3)
	ZERO(V4)
	ZERO(V5)
	ZERO(V6)
	ZERO(V7)
	SUBS $8, R6
	BLT  four

loop:
	VLD1.P 32(R5), [V16.S4, V17.S4]
	VLD1.P 32(R1), [V18.S4, V19.S4]
	VLD1.P 32(R2), [V20.S4, V21.S4]
	VLD1.P 32(R3), [V22.S4, V23.S4]
	VLD1.P 32(R4), [V24.S4, V25.S4]
	VFMLA  V18.S4, V16.S4, V0.S4
	VFMLA  V19.S4, V17.S4, V1.S4
	VFMLA  V20.S4, V16.S4, V2.S4
	VFMLA  V21.S4, V17.S4, V3.S4
	VFMLA  V22.S4, V16.S4, V4.S4
	VFMLA  V23.S4, V17.S4, V5.S4
	VFMLA  V24.S4, V16.S4, V6.S4
	VFMLA  V25.S4, V17.S4, V7.S4
	SUBS   $8, R6
	BGE    loop

four:
	ADDS   $4, R6
	BLT    sum
	VLD1.P 16(R5), [V16.S4]
	VLD1.P 16(R1), [V18.S4]
	VLD1.P 16(R2), [V20.S4]
	VLD1.P 16(R3), [V22.S4]
	VLD1.P 16(R4), [V24.S4]
	VFMLA  V18.S4, V16.S4, V0.S4
	VFMLA  V20.S4, V16.S4, V2.S4
	VFMLA  V22.S4, V16.S4, V4.S4
	VFMLA  V24.S4, V16.S4, V6.S4
	SUB    $4, R6

sum:
	FADD(1, 0, 0)
	FADD(3, 2, 2)
	FADD(5, 4, 4)
	FADD(7, 6, 6)
	FADDP(2, 0, 0)
	FADDP(6, 4, 4)
	FADDP(4, 0, 0)
	ADDS $4, R6
	BEQ  done

rest:
	VLD1R.P 4(R5), [V16.S4]
	VLD1.P  4(R1), V18.S[0]
	VLD1.P  4(R2), V18.S[1]
	VLD1.P  4(R3), V18.S[2]
	VLD1.P  4(R4), V18.S[3]
	VFMLA   V16.S4, V18.S4, V0.S4
	SUBS    $1, R6
	BNE     rest

done:
	VST1 [V0.S4], (R0)
	RET

// func fourAxpysNEON(dst, alpha, a, b, c, d *float32, n int)
//
// Adds four rows, each times its alpha, to dst.
TEXT ·fourAxpysNEON(SB), NOSPLIT, $0-56
	MOVD  dst+0(FP), R0
	MOVD  alpha+8(FP), R7
	MOVD  a+16(FP), R1
	MOVD  b+24(FP), R2
	MOVD  c+32(FP), R3
	MOVD  d+40(FP), R4
	MOVD  n+48(FP), R6
	VLD1R.P 4(R7), [V4.S4]
	VLD1R.P 4(R7), [V5.S4]
	VLD1R.P 4(R7), [V6.S4]
	VLD1R.P 4(R7), [V7.S4]
	SUBS  $8, R6
	BLT   rest

loop:
	VLD1   (R0), [V0.S4, V1.S4]
	VLD1.P 32(R1), [V18.S4, V19.S4]
	VLD1.P 32(R2), [V20.S4, V21.S4]
	VLD1.P 32(R3), [V22.S4, V23.S4]
	VLD1.P 32(R4), [V24.S4, V25.S4]
	FMUL(20, 5, 2)
	FMUL(21, 5, 3)
	VFMLA  V18.S4, V4.S4, V0.S4
	VFMLA  V19.S4, V4.S4, V1.S4
	VFMLA  V22.S4, V6.S4, V2.S4
	VFMLA  V23.S4, V6.S4, V3.S4
	VFMLA  V24.S4, V7.S4, V0.S4
	VFMLA  V25.S4, V7.S4, V1.S4
	FADD(2, 0, 0)
	FADD(3, 1, 1)
	VST1.P [V0.S4, V1.S4], 32(R0)
	SUBS   $8, R6
	BGE    loop

rest:
	ADDS $8, R6
	BEQ  done

one:
	FMOVS   (R0), F0
	FMOVS.P 4(R1), F18
	FMOVS.P 4(R2), F20
	FMOVS.P 4(R3), F22
	FMOVS.P 4(R4), F24
	FMADDS  F18, F0, F4, F0
	FMADDS  F20, F0, F5, F0
	FMADDS  F22, F0, F6, F0
	FMADDS  F24, F0, F7, F0
	FMOVS.P F0, 4(R0)
	SUBS    $1, R6
	BNE     one

done:
	RET

// func axpyNEON(alpha float32, x, y *float32, n int)
TEXT ·axpyNEON(SB), NOSPLIT, $0-32
	FMOVS alpha+0(FP), F4
	MOVD  x+8(FP), R0
	MOVD  y+16(FP), R1
	MOVD  n+24(FP), R2
	VDUP  V4.S[0], V4.S4
	SUBS  $8, R2
	BLT   rest

loop:
	VLD1.P 32(R0), [V16.S4, V17.S4]
	VLD1   (R1), [V18.S4, V19.S4]
	VFMLA  V16.S4, V4.S4, V18.S4
	VFMLA  V17.S4, V4.S4, V19.S4
	VST1.P [V18.S4, V19.S4], 32(R1)
	SUBS   $8, R2
	BGE    loop

rest:
	ADDS $8, R2
	BEQ  done

one:
	FMOVS.P 4(R0), F16
	FMOVS   (R1), F18
	FMADDS  F16, F18, F4, F18
	FMOVS.P F18, 4(R1)
	SUBS    $1, R2
	BNE     one

done:
	RET

// func scaleNEON(dst *float32, alpha float32, x, y *float32, n int)
TEXT ·scaleNEON(SB), NOSPLIT, $0-40
	MOVD  dst+0(FP), R0
	FMOVS alpha+8(FP), F4
	MOVD  x+16(FP), R1
	MOVD  y+24(FP), R2
	MOVD  n+32(FP), R3
	VDUP  V4.S[0], V4.S4
	SUBS  $8, R3
	BLT   rest

loop:
	VLD1.P 32(R1), [V16.S4, V17.S4]
	VLD1.P 32(R2), [V18.S4, V19.S4]
	FMUL(16, 4, 16)
	FMUL(17, 4, 17)
	FMUL(18, 16, 16)
	FMUL(19, 17, 17)
	VST1.P [V16.S4, V17.S4], 32(R0)
	SUBS   $8, R3
	BGE    loop

rest:
	ADDS $8, R3
	BEQ  done

one:
	FMOVS.P 4(R1), F16
	FMOVS.P 4(R2), F18
	FMULS   F16, F4, F16
	FMULS   F18, F16, F16
	FMOVS.P F16, 4(R0)
	SUBS    $1, R3
	BNE     one

done:
	RET
