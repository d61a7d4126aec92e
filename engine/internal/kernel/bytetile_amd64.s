//go:build !purego

#include "textflag.h"

// Both tiles are 24 queries wide. A step takes four coordinates: three loads of
// the queries' words and, for each row, one broadcast of four bytes.

DATA ones<>+0(SB)/4, $0x00010001
GLOBL ones<>(SB), RODATA|NOPTR, $4

// Eight rows high: Y0 to Y23 are the sums, row after row, Y24 to Y26 the words.
// The products of four bytes are added up by one instruction.
#define DP(m, t, a, b, c) \
	VPBROADCASTD m, t; \
	VPDPBUSD     t, Y24, a; \
	VPDPBUSD     t, Y25, b; \
	VPDPBUSD     t, Y26, c

// A row's sums start at what takes the bias out, −64 times the row's own sum.
#define START(at, a, b, c) \
	VPBROADCASTD at(BX), a; \
	VPSLLD       $6, a, a; \
	VPSUBD       a, Y27, a; \
	VMOVDQA32    a, b; \
	VMOVDQA32    a, c

#define FINISH(at, to, a, b, c) \
	VBROADCASTSS at(DX), Y28; \
	VCVTDQ2PS    a, a; \
	VCVTDQ2PS    b, b; \
	VCVTDQ2PS    c, c; \
	VMULPS       Y28, a, a; \
	VMULPS       Y28, b, b; \
	VMULPS       Y28, c, c; \
	VMOVUPS      a, to(DI); \
	VMOVUPS      b, to+32(DI); \
	VMOVUPS      c, to+64(DI)

// func mulBytesVNNI(dst *float32, rows *int8, sum *int32, scale *float32, packed *uint32, n, width int)
TEXT ·mulBytesVNNI(SB), NOSPLIT, $0-56
	MOVQ   dst+0(FP), DI
	MOVQ   rows+8(FP), AX
	MOVQ   sum+16(FP), BX
	MOVQ   scale+24(FP), DX
	MOVQ   n+40(FP), R10
	MOVQ   width+48(FP), R8
	LEAQ   (R8)(R8*2), R9
	VPXORD Y27, Y27, Y27

eight:
	START(0, Y0, Y1, Y2)
	START(4, Y3, Y4, Y5)
	START(8, Y6, Y7, Y8)
	START(12, Y9, Y10, Y11)
	START(16, Y12, Y13, Y14)
	START(20, Y15, Y16, Y17)
	START(24, Y18, Y19, Y20)
	START(28, Y21, Y22, Y23)
	MOVQ packed+32(FP), SI
	MOVQ R8, CX
	LEAQ (AX)(R8*4), R11

loop:
	VMOVDQU32 (SI), Y24
	VMOVDQU32 32(SI), Y25
	VMOVDQU32 64(SI), Y26
	DP((AX), Y28, Y0, Y1, Y2)
	DP((AX)(R8*1), Y29, Y3, Y4, Y5)
	DP((AX)(R8*2), Y30, Y6, Y7, Y8)
	DP((AX)(R9*1), Y31, Y9, Y10, Y11)
	DP((R11), Y28, Y12, Y13, Y14)
	DP((R11)(R8*1), Y29, Y15, Y16, Y17)
	DP((R11)(R8*2), Y30, Y18, Y19, Y20)
	DP((R11)(R9*1), Y31, Y21, Y22, Y23)
	ADDQ $96, SI
	ADDQ $4, AX
	ADDQ $4, R11
	SUBQ $4, CX
	JNE  loop

	FINISH(0, 0, Y0, Y1, Y2)
	FINISH(4, 96, Y3, Y4, Y5)
	FINISH(8, 192, Y6, Y7, Y8)
	FINISH(12, 288, Y9, Y10, Y11)
	FINISH(16, 384, Y12, Y13, Y14)
	FINISH(20, 480, Y15, Y16, Y17)
	FINISH(24, 576, Y18, Y19, Y20)
	FINISH(28, 672, Y21, Y22, Y23)
	LEAQ (R11)(R9*1), AX
	ADDQ $32, BX
	ADDQ $32, DX
	ADDQ $768, DI
	SUBQ $8, R10
	JNE  eight
	VZEROUPPER
	RET

// Two rows high: Y0 to Y5 are the sums, Y6 to Y8 the words, Y9 and Y10 four
// bytes of each row, Y15 ones.
#define MADD(words, bytes, t, a) \
	VPMADDUBSW bytes, words, t; \
	VPMADDWD   Y15, t, t; \
	VPADDD     t, a, a

#define START2(at, a, b, c) \
	VPBROADCASTD at(BX), a; \
	VPSLLD       $6, a, a; \
	VPSUBD       a, Y14, a; \
	VMOVDQA      a, b; \
	VMOVDQA      a, c

#define FINISH2(at, to, a, b, c) \
	VBROADCASTSS at(DX), Y9; \
	VCVTDQ2PS    a, a; \
	VCVTDQ2PS    b, b; \
	VCVTDQ2PS    c, c; \
	VMULPS       Y9, a, a; \
	VMULPS       Y9, b, b; \
	VMULPS       Y9, c, c; \
	VMOVUPS      a, to(DI); \
	VMOVUPS      b, to+32(DI); \
	VMOVUPS      c, to+64(DI)

// func mulBytesAVX2(dst *float32, rows *int8, sum *int32, scale *float32, packed *uint32, n, width int)
TEXT ·mulBytesAVX2(SB), NOSPLIT, $0-56
	MOVQ         dst+0(FP), DI
	MOVQ         rows+8(FP), AX
	MOVQ         sum+16(FP), BX
	MOVQ         scale+24(FP), DX
	MOVQ         n+40(FP), R10
	MOVQ         width+48(FP), R8
	VPBROADCASTD ones<>(SB), Y15
	VPXOR        Y14, Y14, Y14

two:
	START2(0, Y0, Y1, Y2)
	START2(4, Y3, Y4, Y5)
	MOVQ packed+32(FP), SI
	MOVQ R8, CX

step:
	VMOVDQU      (SI), Y6
	VMOVDQU      32(SI), Y7
	VMOVDQU      64(SI), Y8
	VPBROADCASTD (AX), Y9
	VPBROADCASTD (AX)(R8*1), Y10
	MADD(Y6, Y9, Y11, Y0)
	MADD(Y7, Y9, Y12, Y1)
	MADD(Y8, Y9, Y13, Y2)
	MADD(Y6, Y10, Y11, Y3)
	MADD(Y7, Y10, Y12, Y4)
	MADD(Y8, Y10, Y13, Y5)
	ADDQ         $96, SI
	ADDQ         $4, AX
	SUBQ         $4, CX
	JNE          step
	FINISH2(0, 0, Y0, Y1, Y2)
	FINISH2(4, 96, Y3, Y4, Y5)
	ADDQ         R8, AX
	ADDQ         $8, BX
	ADDQ         $8, DX
	ADDQ         $192, DI
	SUBQ         $2, R10
	JNE          two
	VZEROUPPER
	RET
