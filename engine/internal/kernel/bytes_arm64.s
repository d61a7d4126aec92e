//go:build !purego

#include "textflag.h"

// Instructions that the assembler has no name for, from the Arm Architecture
// Reference Manual, C7.2. The halves of a register are widened and multiplied
// apart, the second by instructions that end in 2.
#define SXTL(n, d) WORD $(0x0f08a400 | n<<5 | d)
#define SXTL2(n, d) WORD $(0x4f08a400 | n<<5 | d)
#define SMLAL(m, n, d) WORD $(0x0e608000 | m<<16 | n<<5 | d)
#define SMLAL2(m, n, d) WORD $(0x4e608000 | m<<16 | n<<5 | d)
#define SCVTF(n, d) WORD $(0x4e21d800 | n<<5 | d)

// ROW adds the products of sixteen bytes with the numbers in V16 and V17 to acc.
#define ROW(p, acc) \
	VLD1.P 16(p), [V18.B16] \
	SXTL(18, 19)            \
	SXTL2(18, 20)           \
	SMLAL(16, 19, acc)      \
	SMLAL2(16, 19, acc)     \
	SMLAL(17, 20, acc)      \
	SMLAL2(17, 20, acc)

// func dotBytesNEON(dst *float32, rows *int8, x *int16, n, width int)
//
// Four rows at a time; n is a multiple of four, width of sixteen.
TEXT ·dotBytesNEON(SB), NOSPLIT, $0-40
	MOVD dst+0(FP), R0
	MOVD rows+8(FP), R1
	MOVD n+24(FP), R6
	MOVD width+32(FP), R7

four:
	ADD  R7, R1, R2
	ADD  R7, R2, R3
	ADD  R7, R3, R4
	MOVD x+16(FP), R5
	MOVD R7, R8
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16

loop:
	VLD1.P 32(R5), [V16.H8, V17.H8]
	ROW(R1, 0)
	ROW(R2, 1)
	ROW(R3, 2)
	ROW(R4, 3)
	SUBS $16, R8
	BGT  loop

	VADDP V1.S4, V0.S4, V0.S4
	VADDP V3.S4, V2.S4, V2.S4
	VADDP V2.S4, V0.S4, V0.S4
	SCVTF(0, 0)
	VST1.P [V0.S4], 16(R0)
	MOVD   R4, R1
	SUBS   $4, R6
	BGT    four
	RET
