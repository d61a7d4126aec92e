//go:build !purego

#include "textflag.h"

// func dotBytesAVX2(dst *float32, rows *int8, x *int16, n, width int)
//
// Four rows at a time; n is a multiple of four, width of sixteen.
TEXT ·dotBytesAVX2(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ rows+8(FP), AX
	MOVQ n+24(FP), R10
	MOVQ width+32(FP), R8
	LEAQ (R8)(R8*2), R9

four:
	MOVQ  x+16(FP), SI
	MOVQ  R8, CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3

loop:
	VMOVDQU   (SI), Y4
	VPMOVSXBW (AX), Y5
	VPMOVSXBW (AX)(R8*1), Y6
	VPMOVSXBW (AX)(R8*2), Y7
	VPMOVSXBW (AX)(R9*1), Y8
	VPMADDWD  Y4, Y5, Y5
	VPMADDWD  Y4, Y6, Y6
	VPMADDWD  Y4, Y7, Y7
	VPMADDWD  Y4, Y8, Y8
	VPADDD    Y5, Y0, Y0
	VPADDD    Y6, Y1, Y1
	VPADDD    Y7, Y2, Y2
	VPADDD    Y8, Y3, Y3
	ADDQ      $32, SI
	ADDQ      $16, AX
	SUBQ      $16, CX
	JGT       loop

	VPHADDD      Y1, Y0, Y0
	VPHADDD      Y3, Y2, Y2
	VPHADDD      Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VCVTDQ2PS    X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	ADDQ         R9, AX
	SUBQ         $4, R10
	JGT          four
	VZEROUPPER
	RET
