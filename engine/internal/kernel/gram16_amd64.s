//go:build !purego

#include "textflag.h"

// PACK16 packs columns of two rows, at SI and BX, and adds the rows times Z0 and Z1
// to sum. Half a word is added to each number, which rounds the upper half, and the
// halves of both rows are put together.
#define PACK16(at, sum, a, b) \
	VMOVUPS     at(SI), a           \
	VMOVUPS     at(BX), b           \
	VFMADD231PS a, Z0, sum          \
	VFMADD231PS b, Z1, sum          \
	VPADDD      a, Z2, a            \
	VPADDD      b, Z2, b            \
	VPSRLD      $16, a, a           \
	VPTERNLOGD  $0xf8, Z3, b, a     \
	VMOVDQU32   a, at(DI)

// FROM goes to the first pair of rows of a strip of columns, TO to the next pair, and
// RIGHT to the next strip.
#define FROM \
	MOVQ R10, DI \
	MOVQ R11, SI \
	MOVQ alpha+48(FP), R12 \
	MOVQ pairs+32(FP), AX

#define PAIR \
	LEAQ (SI)(R9*1), BX      \
	VBROADCASTSS (R12), Z0   \
	VBROADCASTSS 4(R12), Z1

#define TO \
	ADDQ R8, DI              \
	LEAQ (BX)(R9*1), SI      \
	ADDQ $8, R12             \
	DECQ AX

#define RIGHT(bytes, cols) \
	ADDQ $bytes, R10 \
	ADDQ $bytes, R11 \
	ADDQ $bytes, DX  \
	SUBQ $cols, CX

// func pack16AVX512(dst *uint32, ldd int, src *float32, lds, pairs, cols int, alpha, sum *float32)
//
// Goes down strips of 64 columns, then of 16, the last of which may end early: sum
// ends with the columns, dst and src with their padding.
TEXT ·pack16AVX512(SB), NOSPLIT, $0-64
	MOVQ dst+0(FP), R10
	MOVQ ldd+8(FP), R8
	MOVQ src+16(FP), R11
	MOVQ lds+24(FP), R9
	MOVQ cols+40(FP), CX
	MOVQ sum+56(FP), DX
	SHLQ $2, R8
	SHLQ $2, R9
	MOVL $0x8000, AX
	VPBROADCASTD AX, Z2
	MOVL $0xffff0000, AX
	VPBROADCASTD AX, Z3

wide:
	CMPQ CX, $64
	JLT  narrow
	FROM
	VMOVUPS (DX), Z4
	VMOVUPS 64(DX), Z5
	VMOVUPS 128(DX), Z6
	VMOVUPS 192(DX), Z7

wides:
	PAIR
	PACK16(0, Z4, Z8, Z9)
	PACK16(64, Z5, Z10, Z11)
	PACK16(128, Z6, Z12, Z13)
	PACK16(192, Z7, Z14, Z15)
	TO
	JNZ  wides
	VMOVUPS Z4, (DX)
	VMOVUPS Z5, 64(DX)
	VMOVUPS Z6, 128(DX)
	VMOVUPS Z7, 192(DX)
	RIGHT(256, 64)
	JMP  wide

narrow:
	CMPQ  CX, $0
	JLE   done
	MOVL  $0xffff, AX
	BZHIL CX, AX, BX
	KMOVW BX, K1 // the columns that are left
	LEAQ  7(CX), BX
	ANDQ  $~7, BX
	BZHIL BX, AX, BX
	KMOVW BX, K2 // the same, padded
	FROM
	VMOVUPS.Z (DX), K1, Z4

narrows:
	PAIR
	VMOVUPS.Z   (SI), K2, Z8
	VMOVUPS.Z   (BX), K2, Z9
	VFMADD231PS Z8, Z0, Z4
	VFMADD231PS Z9, Z1, Z4
	VPADDD      Z8, Z2, Z8
	VPADDD      Z9, Z2, Z9
	VPSRLD      $16, Z8, Z8
	VPTERNLOGD  $0xf8, Z3, Z9, Z8
	VMOVDQU32   Z8, K2, (DI)
	TO
	JNZ  narrows
	VMOVUPS Z4, K1, (DX)
	RIGHT(64, 16)
	JMP  narrow

done:
	VZEROUPPER
	RET
