//go:build !purego

#include "textflag.h"

// PAIRROWS sets four registers to the addresses of the rows that R12 points to
// the numbers of, in the table at R10 with rows of R11 words.
#define PAIRROWS(a, b, c, d) \
	MOVLQSX (R12), a   \
	MOVLQSX 4(R12), b  \
	MOVLQSX 8(R12), c  \
	MOVLQSX 12(R12), d \
	IMULQ   R11, a     \
	IMULQ   R11, b     \
	IMULQ   R11, c     \
	IMULQ   R11, d     \
	LEAQ    (R10)(a*4), a \
	LEAQ    (R10)(b*4), b \
	LEAQ    (R10)(c*4), c \
	LEAQ    (R10)(d*4), d \
	ADDQ    $16, R12

// func packAVX2(dst *uint32, hi, lo *float32, n int)
//
// lo is rounded to even by adding what lies below the middle and the last bit
// that is kept; hi less the word's lower half by adding the middle, its sign put
// aside. n is a multiple of eight.
TEXT ·packAVX2(SB), NOSPLIT, $0-32
	MOVQ     dst+0(FP), DI
	MOVQ     hi+8(FP), SI
	MOVQ     lo+16(FP), DX
	MOVQ     n+24(FP), CX
	VPCMPEQD Y15, Y15, Y15
	VPSRLD   $17, Y15, Y14 // 0x7fff
	VPSRLD   $31, Y15, Y13 // 1
	VPSLLD   $31, Y15, Y12 // the sign
	VPADDD   Y13, Y14, Y11 // 0x8000
	VPSLLD   $16, Y15, Y15 // the upper half

loop:
	VMOVDQU (DX), Y1
	VPSRLD  $16, Y1, Y3
	VPAND   Y13, Y3, Y3
	VPADDD  Y14, Y3, Y3
	VPADDD  Y3, Y1, Y1
	VPSRLD  $16, Y1, Y1
	VMOVDQU (SI), Y0
	VPAND   Y12, Y0, Y2
	VPXOR   Y2, Y0, Y0
	VPADDD  Y11, Y0, Y0
	VPMAXUD Y1, Y0, Y0
	VPSUBD  Y1, Y0, Y0
	VPAND   Y15, Y0, Y0
	VPOR    Y2, Y1, Y1
	VPOR    Y1, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DX
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGT     loop
	VZEROUPPER
	RET

// func pairDotAVX2(dst *float32, table *uint32, index *int32, x *float32, rows, words int)
//
// Four rows at a time; rows is a multiple of four, words of eight.
TEXT ·pairDotAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ table+8(FP), R10
	MOVQ index+16(FP), R12
	MOVQ x+24(FP), SI
	MOVQ rows+32(FP), R13
	MOVQ words+40(FP), R11
	LEAQ (SI)(R11*4), R14

four:
	PAIRROWS(AX, BX, R8, R9)
	MOVQ   R11, CX
	XORQ   DX, DX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

loop:
	VMOVUPS     (SI)(DX*1), Y12
	VMOVUPS     (R14)(DX*1), Y13
	VMOVDQU     (AX)(DX*1), Y8
	VMOVDQU     (BX)(DX*1), Y9
	VMOVDQU     (R8)(DX*1), Y10
	VMOVDQU     (R9)(DX*1), Y11
	VPSLLD      $16, Y8, Y4
	VPSLLD      $16, Y9, Y5
	VPSLLD      $16, Y10, Y6
	VPSLLD      $16, Y11, Y7
	VFMADD231PS Y8, Y12, Y0
	VFMADD231PS Y9, Y12, Y1
	VFMADD231PS Y10, Y12, Y2
	VFMADD231PS Y11, Y12, Y3
	VFMADD231PS Y4, Y13, Y0
	VFMADD231PS Y5, Y13, Y1
	VFMADD231PS Y6, Y13, Y2
	VFMADD231PS Y7, Y13, Y3
	ADDQ        $32, DX
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

// func pairAxpyAVX2(dst, alpha *float32, table *uint32, index *int32, rows, words int)
//
// Four rows at a time; rows is a multiple of four, words of eight.
TEXT ·pairAxpyAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ alpha+8(FP), SI
	MOVQ table+16(FP), R10
	MOVQ index+24(FP), R12
	MOVQ rows+32(FP), R13
	MOVQ words+40(FP), R11
	LEAQ (DI)(R11*4), R14

four:
	PAIRROWS(AX, BX, R8, R9)
	MOVQ         R11, CX
	XORQ         DX, DX
	VBROADCASTSS (SI), Y10
	VBROADCASTSS 4(SI), Y11
	VBROADCASTSS 8(SI), Y12
	VBROADCASTSS 12(SI), Y13

loop:
	VMOVUPS     (DI)(DX*1), Y0
	VMOVUPS     (R14)(DX*1), Y1
	VMOVDQU     (AX)(DX*1), Y4
	VMOVDQU     (BX)(DX*1), Y5
	VMOVDQU     (R8)(DX*1), Y6
	VMOVDQU     (R9)(DX*1), Y7
	VMULPS      Y5, Y11, Y2
	VFMADD231PS Y4, Y10, Y0
	VFMADD231PS Y6, Y12, Y2
	VFMADD231PS Y7, Y13, Y0
	VPSLLD      $16, Y4, Y4
	VPSLLD      $16, Y5, Y5
	VPSLLD      $16, Y6, Y6
	VPSLLD      $16, Y7, Y7
	VMULPS      Y5, Y11, Y3
	VFMADD231PS Y4, Y10, Y1
	VFMADD231PS Y6, Y12, Y3
	VFMADD231PS Y7, Y13, Y1
	VADDPS      Y2, Y0, Y0
	VADDPS      Y3, Y1, Y1
	VMOVUPS     Y0, (DI)(DX*1)
	VMOVUPS     Y1, (R14)(DX*1)
	ADDQ        $32, DX
	SUBQ        $8, CX
	JGT         loop

	ADDQ $16, SI
	SUBQ $4, R13
	JGT  four
	VZEROUPPER
	RET

// func prefetchPairsAVX2(table *uint32, index *int32, rows, words int)
TEXT ·prefetchPairsAVX2(SB), NOSPLIT, $0-32
	MOVQ table+0(FP), R10
	MOVQ index+8(FP), R12
	MOVQ rows+16(FP), R13
	MOVQ words+24(FP), R11

row:
	MOVLQSX (R12), AX
	IMULQ   R11, AX
	LEAQ    (R10)(AX*4), AX
	LEAQ    (AX)(R11*4), BX

line:
	PREFETCHT0 (AX)
	ADDQ       $64, AX
	CMPQ       AX, BX
	JLT        line
	ADDQ       $4, R12
	DECQ       R13
	JNZ        row
	RET
