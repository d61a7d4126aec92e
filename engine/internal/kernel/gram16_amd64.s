//go:build !purego

#include "textflag.h"

// func pack16AVX512(dst *uint32, ldd int, src *float32, lds, pairs, cols int)
//
// Half a word is added to each number, which rounds the upper half, and the
// halves of two rows are put together. cols is a multiple of eight.
TEXT ·pack16AVX512(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ ldd+8(FP), R8
	MOVQ src+16(FP), SI
	MOVQ lds+24(FP), R9
	MOVQ pairs+32(FP), AX
	MOVQ cols+40(FP), R10
	SHLQ $2, R8
	SHLQ $2, R9
	SHLQ $2, R10
	MOVL $0x8000, CX
	VPBROADCASTD CX, Z2
	MOVL $0xffff0000, CX
	VPBROADCASTD CX, Z3
	MOVQ R10, CX
	ANDQ $~63, CX

pair:
	LEAQ (SI)(R9*1), BX
	XORQ DX, DX
	CMPQ DX, CX
	JGE  eight

loop:
	VPADDD    (SI)(DX*1), Z2, Z0
	VPADDD    (BX)(DX*1), Z2, Z1
	VPSRLD    $16, Z0, Z0
	VPTERNLOGD $0xf8, Z3, Z1, Z0 // Z0 | Z1 & Z3
	VMOVDQU32 Z0, (DI)(DX*1)
	ADDQ      $64, DX
	CMPQ      DX, CX
	JLT       loop

eight:
	CMPQ       DX, R10
	JGE        next
	VPADDD     (SI)(DX*1), Y2, Y0
	VPADDD     (BX)(DX*1), Y2, Y1
	VPSRLD     $16, Y0, Y0
	VPTERNLOGD $0xf8, Y3, Y1, Y0
	VMOVDQU32  Y0, (DI)(DX*1)

next:
	ADDQ R8, DI
	LEAQ (BX)(R9*1), SI
	DECQ AX
	JNZ  pair
	VZEROUPPER
	RET
