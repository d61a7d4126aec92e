//go:build !purego

#include "textflag.h"

// func eliminateAVX2(c *float32, ldc int, u *[10]float32, n int)
//
// Solves UᵀX = C in place for four rows of n columns, eight at a time. U is
// given row after row from its diagonal, each diagonal number inverted.
TEXT ·eliminateAVX2(SB), NOSPLIT, $0-32
	MOVQ c+0(FP), DI
	MOVQ ldc+8(FP), R8
	MOVQ u+16(FP), SI
	MOVQ n+24(FP), CX
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9

	VBROADCASTSS (SI), Y0
	VBROADCASTSS 4(SI), Y1
	VBROADCASTSS 8(SI), Y2
	VBROADCASTSS 12(SI), Y3
	VBROADCASTSS 16(SI), Y4
	VBROADCASTSS 20(SI), Y5
	VBROADCASTSS 24(SI), Y6
	VBROADCASTSS 28(SI), Y7
	VBROADCASTSS 32(SI), Y8
	VBROADCASTSS 36(SI), Y9

loop:
	VMULPS       (DI), Y0, Y10
	VMOVUPS      (DI)(R8*1), Y11
	VMOVUPS      (DI)(R8*2), Y12
	VMOVUPS      (DI)(R9*1), Y13
	VFNMADD231PS Y10, Y1, Y11
	VFNMADD231PS Y10, Y2, Y12
	VFNMADD231PS Y10, Y3, Y13
	VMULPS       Y4, Y11, Y11
	VFNMADD231PS Y11, Y5, Y12
	VFNMADD231PS Y11, Y6, Y13
	VMULPS       Y7, Y12, Y12
	VFNMADD231PS Y12, Y8, Y13
	VMULPS       Y9, Y13, Y13
	VMOVUPS      Y10, (DI)
	VMOVUPS      Y11, (DI)(R8*1)
	VMOVUPS      Y12, (DI)(R8*2)
	VMOVUPS      Y13, (DI)(R9*1)
	ADDQ         $32, DI
	SUBQ         $8, CX
	JGT          loop
	VZEROUPPER
	RET
