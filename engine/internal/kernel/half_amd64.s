//go:build !purego

#include "textflag.h"

// func halveAVX2(dst *uint16, alpha float32, x *float32, n int)
TEXT ·halveAVX2(SB), NOSPLIT, $0-32
	MOVQ         dst+0(FP), DI
	VBROADCASTSS alpha+8(FP), Y1
	MOVQ         x+16(FP), SI
	MOVQ         n+24(FP), CX

loop:
	VMULPS    (SI), Y1, Y0
	VCVTPS2PH $0, Y0, (DI)
	ADDQ      $32, SI
	ADDQ      $16, DI
	SUBQ      $8, CX
	JGT       loop
	VZEROUPPER
	RET

// HALFROWS sets four registers to the addresses of the rows that R12 points to
// the numbers of, in the table at R10 with rows of R11 numbers.
#define HALFROWS(a, b, c, d) \
	MOVLQSX (R12), a   \
	MOVLQSX 4(R12), b  \
	MOVLQSX 8(R12), c  \
	MOVLQSX 12(R12), d \
	IMULQ   R11, a     \
	IMULQ   R11, b     \
	IMULQ   R11, c     \
	IMULQ   R11, d     \
	LEAQ    (R10)(a*2), a \
	LEAQ    (R10)(b*2), b \
	LEAQ    (R10)(c*2), c \
	LEAQ    (R10)(d*2), d \
	ADDQ    $16, R12

// func gatherDotHalfAVX2(dst *float32, table *uint16, index *int32, x *float32, rows, n int)
//
// Four rows at a time; rows is a multiple of four, n of eight.
TEXT ·gatherDotHalfAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ table+8(FP), R10
	MOVQ index+16(FP), R12
	MOVQ rows+32(FP), R13
	MOVQ n+40(FP), R11

four:
	HALFROWS(AX, BX, R8, R9)
	MOVQ   x+24(FP), SI
	MOVQ   R11, CX
	XORQ   DX, DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

loop:
	VMOVUPS     (SI)(DX*2), Y8
	VCVTPH2PS   (AX)(DX*1), Y4
	VCVTPH2PS   (BX)(DX*1), Y5
	VCVTPH2PS   (R8)(DX*1), Y6
	VCVTPH2PS   (R9)(DX*1), Y7
	VFMADD231PS Y4, Y8, Y0
	VFMADD231PS Y5, Y8, Y1
	VFMADD231PS Y6, Y8, Y2
	VFMADD231PS Y7, Y8, Y3
	ADDQ        $16, DX
	SUBQ        $8, CX
	JGT         loop

	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	SUBQ         $4, R13
	JGT          four
	VZEROUPPER
	RET

// func gatherAxpyHalfAVX2(dst, alpha *float32, table *uint16, index *int32, rows, n int)
//
// Four rows at a time; rows is a multiple of four, n of eight.
TEXT ·gatherAxpyHalfAVX2(SB), NOSPLIT, $0-48
	MOVQ alpha+8(FP), SI
	MOVQ table+16(FP), R10
	MOVQ index+24(FP), R12
	MOVQ rows+32(FP), R13
	MOVQ n+40(FP), R11

four:
	HALFROWS(AX, BX, R8, R9)
	MOVQ         dst+0(FP), DI
	MOVQ         R11, CX
	XORQ         DX, DX
	VBROADCASTSS (SI), Y8
	VBROADCASTSS 4(SI), Y9
	VBROADCASTSS 8(SI), Y10
	VBROADCASTSS 12(SI), Y11

loop:
	VMOVUPS     (DI)(DX*2), Y0
	VCVTPH2PS   (AX)(DX*1), Y4
	VCVTPH2PS   (BX)(DX*1), Y5
	VCVTPH2PS   (R8)(DX*1), Y6
	VCVTPH2PS   (R9)(DX*1), Y7
	VMULPS      Y5, Y9, Y1
	VFMADD231PS Y4, Y8, Y0
	VFMADD231PS Y6, Y10, Y1
	VFMADD231PS Y7, Y11, Y0
	VADDPS      Y1, Y0, Y0
	VMOVUPS     Y0, (DI)(DX*2)
	ADDQ        $16, DX
	SUBQ        $8, CX
	JGT         loop

	ADDQ $16, SI
	SUBQ $4, R13
	JGT  four
	VZEROUPPER
	RET

// func prefetchHalfAVX2(table *uint16, index *int32, rows, n int)
TEXT ·prefetchHalfAVX2(SB), NOSPLIT, $0-32
	MOVQ table+0(FP), R10
	MOVQ index+8(FP), R12
	MOVQ rows+16(FP), R13
	MOVQ n+24(FP), R11

row:
	MOVLQSX (R12), AX
	IMULQ   R11, AX
	LEAQ    (R10)(AX*2), AX
	LEAQ    (AX)(R11*2), BX

line:
	PREFETCHT0 (AX)
	ADDQ       $64, AX
	CMPQ       AX, BX
	JLT        line
	ADDQ       $4, R12
	DECQ       R13
	JNZ        row
	RET
