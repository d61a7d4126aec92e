//go:build !purego

#include "textflag.h"

// ADDRESSES sets two registers to the addresses of the rows whose numbers are R12
// and some bytes into the index, in the table at R10 with rows of width words.
// The second may hold the address of the index.
#define ADDRESSES(index, from, width, a, b) \
	MOVLQSX from+0(index)(R12*1), a \
	MOVLQSX from+4(index)(R12*1), b \
	IMULQ   width, a       \
	IMULQ   width, b       \
	LEAQ    (R10)(a*4), a  \
	LEAQ    (R10)(b*4), b

// AHEAD is how many bytes of the index ahead of those in hand rows are asked
// for: sixteen rows. Where there are no more, it is the rows in hand.
#define AHEAD 192

// SPLIT loads sixteen words, or eight into half a register, whose other half
// becomes zero, and makes the numbers of their lower halves in lo.
#define SPLIT(words, hi, lo) \
	VMOVDQU32 words, hi   \
	VPSLLD    $16, hi, lo

// START leaves in CX the bytes of a row's words but for the last eight, where
// their number is odd.
#define START(width) \
	MOVQ width, CX \
	SHRQ $4, CX    \
	SHLQ $6, CX

// EIGHT tells whether there are eight words beyond CX.
#define EIGHT(width) TESTQ $8, width

// DOTS adds up in X0 the products of x with the four rows at AX, BX, R8 and R9,
// while it asks for those at R11 and R13. The numbers of x that belong to lower
// halves are at R14. A row has width words; of eight, half a register is enough.
#define DOTS(width) \
	VPXORD Z0, Z0, Z0 \
	VPXORD Z1, Z1, Z1 \
	VPXORD Z2, Z2, Z2 \
	VPXORD Z3, Z3, Z3 \
	VPXORD Z6, Z6, Z6 \
	VPXORD Z7, Z7, Z7 \
	VPXORD Z8, Z8, Z8 \
	VPXORD Z9, Z9, Z9 \
	XORQ   DX, DX     \
	CMPQ   DX, CX     \
	JGE    narrow     \
dotsLoop: \
	VMOVUPS     (SI)(DX*1), Z4  \
	VMOVUPS     (R14)(DX*1), Z5 \
	SPLIT((AX)(DX*1), Z12, Z13) \
	SPLIT((BX)(DX*1), Z14, Z15) \
	SPLIT((R8)(DX*1), Z16, Z17) \
	SPLIT((R9)(DX*1), Z18, Z19) \
	VFMADD231PS Z12, Z4, Z0     \
	VFMADD231PS Z14, Z4, Z1     \
	VFMADD231PS Z16, Z4, Z2     \
	VFMADD231PS Z18, Z4, Z3     \
	VFMADD231PS Z13, Z5, Z6     \
	VFMADD231PS Z15, Z5, Z7     \
	VFMADD231PS Z17, Z5, Z8     \
	VFMADD231PS Z19, Z5, Z9     \
	PREFETCHT0  (R11)(DX*1)     \
	PREFETCHT0  (R13)(DX*1)     \
	ADDQ        $64, DX         \
	CMPQ        DX, CX          \
	JLT         dotsLoop        \
	EIGHT(width)                \
	JZ          wide            \
	VMOVUPS     (SI)(DX*1), Y4  \
	VMOVUPS     (R14)(DX*1), Y5 \
	SPLIT((AX)(DX*1), Y12, Y13) \
	SPLIT((BX)(DX*1), Y14, Y15) \
	SPLIT((R8)(DX*1), Y16, Y17) \
	SPLIT((R9)(DX*1), Y18, Y19) \
	VFMADD231PS Z12, Z4, Z0         \
	VFMADD231PS Z14, Z4, Z1         \
	VFMADD231PS Z16, Z4, Z2         \
	VFMADD231PS Z18, Z4, Z3         \
	VFMADD231PS Z13, Z5, Z6         \
	VFMADD231PS Z15, Z5, Z7         \
	VFMADD231PS Z17, Z5, Z8         \
	VFMADD231PS Z19, Z5, Z9         \
wide: \
	VADDPS        Z6, Z0, Z0 \
	VADDPS        Z7, Z1, Z1 \
	VADDPS        Z8, Z2, Z2 \
	VADDPS        Z9, Z3, Z3 \
	VEXTRACTF64X4 $1, Z0, Y4 \
	VEXTRACTF64X4 $1, Z1, Y5 \
	VEXTRACTF64X4 $1, Z2, Y6 \
	VEXTRACTF64X4 $1, Z3, Y7 \
	VADDPS        Y4, Y0, Y0 \
	VADDPS        Y5, Y1, Y1 \
	VADDPS        Y6, Y2, Y2 \
	VADDPS        Y7, Y3, Y3 \
	JMP           across     \
narrow: \
	VMOVUPS     (SI), Y4     \
	VMOVUPS     (R14), Y5    \
	SPLIT((AX), Y12, Y13)    \
	SPLIT((BX), Y14, Y15)    \
	SPLIT((R8), Y16, Y17)    \
	SPLIT((R9), Y18, Y19)    \
	VMULPS      Y12, Y4, Y0  \
	VMULPS      Y14, Y4, Y1  \
	VMULPS      Y16, Y4, Y2  \
	VMULPS      Y18, Y4, Y3  \
	VFMADD231PS Y13, Y5, Y0  \
	VFMADD231PS Y15, Y5, Y1  \
	VFMADD231PS Y17, Y5, Y2  \
	VFMADD231PS Y19, Y5, Y3  \
across: \
	VUNPCKLPS     Y1, Y0, Y4 \
	VUNPCKHPS     Y1, Y0, Y5 \
	VUNPCKLPS     Y3, Y2, Y6 \
	VUNPCKHPS     Y3, Y2, Y7 \
	VADDPS        Y5, Y4, Y4 \
	VADDPS        Y7, Y6, Y6 \
	VUNPCKLPD     Y6, Y4, Y0 \
	VUNPCKHPD     Y6, Y4, Y1 \
	VADDPS        Y1, Y0, Y0 \
	VEXTRACTF128  $1, Y0, X1 \
	VADDPS        X1, X0, X0

// func pairDotAVX512(dst *float32, table *uint32, index *int32, x *float32, rows, words int)
//
// Four rows at a time; rows is a multiple of four.
TEXT ·pairDotAVX512(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ table+8(FP), R10
	MOVQ x+24(FP), SI
	MOVQ rows+32(FP), R15
	MOVQ words+40(FP), R14
	LEAQ (SI)(R14*4), R14
	SHLQ $2, R15
	XORQ R12, R12
	START(words+40(FP))

four:
	MOVQ index+16(FP), R11
	ADDRESSES(R11, 0, words+40(FP), AX, BX)
	ADDRESSES(R11, 8, words+40(FP), R8, R9)
	LEAQ (AHEAD+16)(R12), DX
	CMPQ DX, R15
	JGT  last
	ADDRESSES(R11, AHEAD, words+40(FP), R13, DX)
	PREFETCHT0 (R13)
	PREFETCHT0 (DX)
	PREFETCHT0 64(R13)
	PREFETCHT0 64(DX)
	ADDRESSES(R11, AHEAD+8, words+40(FP), R13, R11)
	JMP dots

last:
	MOVQ AX, R11
	MOVQ BX, R13

dots:
	DOTS(words+40(FP))
	VMOVUPS X0, (DI)(R12*1)
	ADDQ    $16, R12
	CMPQ    R12, R15
	JLT     four
	VZEROUPPER
	RET

// func pairPassAVX512(dst, s, a, b *float32, table *uint32, index *int32, x *float32, rows, words int)
//
// The products of x with four rows at a time, of up to sixteen rows; and then
// the same rows once more, from the first-level cache, times their coefficients,
// which nothing has to wait for by then. rows is a multiple of four.
TEXT ·pairPassAVX512(SB), NOSPLIT, $8-72
	MOVQ dst+0(FP), DI
	MOVQ table+32(FP), R10
	MOVQ x+48(FP), SI
	MOVQ rows+56(FP), R15
	SHLQ $2, R15
	MOVQ R15, rows+56(FP)
	XORQ R12, R12
	START(words+64(FP))

sixteen:
	MOVQ R12, first-8(SP)
	LEAQ 64(R12), R15
	CMPQ R15, rows+56(FP)
	JLE  bounded
	MOVQ rows+56(FP), R15

bounded:
	MOVQ words+64(FP), R14
	LEAQ (SI)(R14*4), R14

four:
	MOVQ index+40(FP), R11
	ADDRESSES(R11, 0, words+64(FP), AX, BX)
	ADDRESSES(R11, 8, words+64(FP), R8, R9)
	LEAQ (AHEAD+16)(R12), DX
	CMPQ DX, rows+56(FP)
	JGT  last
	ADDRESSES(R11, AHEAD, words+64(FP), R13, R11)
	JMP  dots

last:
	MOVQ AX, R11
	MOVQ BX, R13

dots:
	DOTS(words+64(FP))
	MOVQ        s+8(FP), DX
	MOVQ        a+16(FP), R11
	MOVQ        b+24(FP), R13
	VMOVUPS     (R11)(R12*1), X1
	VFMADD231PS (R13)(R12*1), X0, X1
	VMOVUPS     X1, (DX)(R12*1)
	ADDQ        $16, R12
	CMPQ        R12, R15
	JLT         four

	MOVQ first-8(SP), R12
	MOVQ words+64(FP), R14
	LEAQ (DI)(R14*4), R14

again:
	MOVQ         s+8(FP), DX
	VBROADCASTSS (DX)(R12*1), Z8
	VBROADCASTSS 4(DX)(R12*1), Z9
	VBROADCASTSS 8(DX)(R12*1), Z10
	VBROADCASTSS 12(DX)(R12*1), Z11
	MOVQ index+40(FP), R11
	ADDRESSES(R11, 0, words+64(FP), AX, BX)
	ADDRESSES(R11, 8, words+64(FP), R8, R9)
	LEAQ (AHEAD+16)(R12), DX
	CMPQ DX, rows+56(FP)
	JGT  noMore
	ADDRESSES(R11, AHEAD+8, words+64(FP), R13, R11)
	JMP  add

noMore:
	MOVQ AX, R11
	MOVQ BX, R13

add:
	XORQ DX, DX
	CMPQ DX, CX
	JGE  addRest

addLoop:
	VMOVUPS     (DI)(DX*1), Z4
	VMOVUPS     (R14)(DX*1), Z5
	SPLIT((AX)(DX*1), Z12, Z13)
	SPLIT((BX)(DX*1), Z14, Z15)
	SPLIT((R8)(DX*1), Z16, Z17)
	SPLIT((R9)(DX*1), Z18, Z19)
	VMULPS      Z14, Z9, Z6
	VMULPS      Z15, Z9, Z7
	VFMADD231PS Z12, Z8, Z4
	VFMADD231PS Z13, Z8, Z5
	VFMADD231PS Z16, Z10, Z6
	VFMADD231PS Z17, Z10, Z7
	VFMADD231PS Z18, Z11, Z4
	VFMADD231PS Z19, Z11, Z5
	VADDPS      Z6, Z4, Z4
	VADDPS      Z7, Z5, Z5
	VMOVUPS     Z4, (DI)(DX*1)
	VMOVUPS     Z5, (R14)(DX*1)
	PREFETCHT0  (R11)(DX*1)
	PREFETCHT0  (R13)(DX*1)
	ADDQ        $64, DX
	CMPQ        DX, CX
	JLT         addLoop

addRest:
	EIGHT(words+64(FP))
	JZ          next
	VMOVUPS     (DI)(DX*1), Y4
	VMOVUPS     (R14)(DX*1), Y5
	SPLIT((AX)(DX*1), Y12, Y13)
	SPLIT((BX)(DX*1), Y14, Y15)
	SPLIT((R8)(DX*1), Y16, Y17)
	SPLIT((R9)(DX*1), Y18, Y19)
	VMULPS      Y14, Y9, Y6
	VMULPS      Y15, Y9, Y7
	VFMADD231PS Y12, Y8, Y4
	VFMADD231PS Y13, Y8, Y5
	VFMADD231PS Y16, Y10, Y6
	VFMADD231PS Y17, Y10, Y7
	VFMADD231PS Y18, Y11, Y4
	VFMADD231PS Y19, Y11, Y5
	VADDPS      Y6, Y4, Y4
	VADDPS      Y7, Y5, Y5
	VMOVUPS     Y4, (DI)(DX*1)
	VMOVUPS     Y5, (R14)(DX*1)

next:
	ADDQ $16, R12
	CMPQ R12, R15
	JLT  again
	CMPQ R12, rows+56(FP)
	JLT  sixteen
	VZEROUPPER
	RET
