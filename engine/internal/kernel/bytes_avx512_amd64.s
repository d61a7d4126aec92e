//go:build !purego

#include "textflag.h"

// STEP adds the products of bytes, widened into r, with the numbers in Z4 to acc.
// wide is r, or its lower half where there are but sixteen.
#define STEP(m, wide, r, acc) \
	VPMOVSXBW m, wide   \
	VPDPWSSD  r, Z4, acc

// func dotBytesAVX512(dst *float32, rows *int8, x *int16, n, width int)
//
// Four rows at a time; n is a multiple of four, width of sixteen. One
// instruction multiplies, adds pairs and adds to the sum (VNNI).
TEXT ·dotBytesAVX512(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ rows+8(FP), AX
	MOVQ n+24(FP), R10
	MOVQ width+32(FP), R8
	LEAQ (R8)(R8*2), R9

four:
	MOVQ   x+16(FP), SI
	MOVQ   R8, CX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	SUBQ   $32, CX
	JLT    sixteen

loop:
	VMOVDQU32 (SI), Z4
	STEP((AX), Z5, Z5, Z0)
	STEP((AX)(R8*1), Z6, Z6, Z1)
	STEP((AX)(R8*2), Z7, Z7, Z2)
	STEP((AX)(R9*1), Z8, Z8, Z3)
	ADDQ      $64, SI
	ADDQ      $32, AX
	SUBQ      $32, CX
	JGE       loop

sixteen:
	ADDQ    $32, CX
	JZ      sum
	VMOVDQU (SI), Y4
	STEP((AX), Y5, Z5, Z0)
	STEP((AX)(R8*1), Y6, Z6, Z1)
	STEP((AX)(R8*2), Y7, Z7, Z2)
	STEP((AX)(R9*1), Y8, Z8, Z3)
	ADDQ    $16, AX

sum:
	VEXTRACTI64X4 $1, Z0, Y4
	VEXTRACTI64X4 $1, Z1, Y5
	VEXTRACTI64X4 $1, Z2, Y6
	VEXTRACTI64X4 $1, Z3, Y7
	VPADDD        Y4, Y0, Y0
	VPADDD        Y5, Y1, Y1
	VPADDD        Y6, Y2, Y2
	VPADDD        Y7, Y3, Y3
	VPHADDD       Y1, Y0, Y0
	VPHADDD       Y3, Y2, Y2
	VPHADDD       Y2, Y0, Y0
	VEXTRACTI128  $1, Y0, X1
	VPADDD        X1, X0, X0
	VCVTDQ2PS     X0, X0
	VMOVUPS       X0, (DI)
	ADDQ          $16, DI
	ADDQ          R9, AX
	SUBQ          $4, R10
	JGT           four
	VZEROUPPER
	RET
