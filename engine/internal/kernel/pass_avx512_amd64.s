//go:build !purego

#include "textflag.h"

// ADDRESSES sets four registers to the addresses of the rows whose numbers are
// at from and after it, in the table at R10 with rows of n+64(FP) numbers of
// size bytes.
#define ADDRESSES(from, size, a, b, c, d) \
	MOVLQSX from+0(R12), a  \
	MOVLQSX from+4(R12), b  \
	MOVLQSX from+8(R12), c  \
	MOVLQSX from+12(R12), d \
	IMULQ   n+64(FP), a     \
	IMULQ   n+64(FP), b     \
	IMULQ   n+64(FP), c     \
	IMULQ   n+64(FP), d     \
	LEAQ    (R10)(a*size), a \
	LEAQ    (R10)(b*size), b \
	LEAQ    (R10)(c*size), c \
	LEAQ    (R10)(d*size), d

// START loads the arguments and makes K1 the mask of the last n mod 16 numbers,
// the bytes before which, in a row of numbers of size bytes, CX is.
#define START(size) \
	MOVQ  dst+0(FP), DI   \
	MOVQ  table+32(FP), R10 \
	MOVQ  index+40(FP), R12 \
	MOVQ  x+48(FP), SI    \
	MOVQ  n+64(FP), CX    \
	MOVQ  $1, AX          \
	ANDQ  $15, CX         \
	SHLQ  CX, AX          \
	DECQ  AX              \
	KMOVW AX, K1          \
	MOVQ  n+64(FP), CX    \
	SHRQ  $4, CX          \
	IMULQ $(16*size), CX

// AHEAD is how many rows ahead of those in hand rows are asked for. Where there
// are no more, it is the rows in hand.
#define AHEAD 16

// COEFFICIENTS turns the sums in Z0 to Z3 into a + b·sum, stores them and leaves
// each in all lanes of Z8 to Z11.
#define COEFFICIENTS \
	VEXTRACTF64X4 $1, Z0, Y4  \
	VEXTRACTF64X4 $1, Z1, Y5  \
	VEXTRACTF64X4 $1, Z2, Y6  \
	VEXTRACTF64X4 $1, Z3, Y7  \
	VADDPS        Y4, Y0, Y0  \
	VADDPS        Y5, Y1, Y1  \
	VADDPS        Y6, Y2, Y2  \
	VADDPS        Y7, Y3, Y3  \
	VHADDPS       Y1, Y0, Y0  \
	VHADDPS       Y3, Y2, Y2  \
	VHADDPS       Y2, Y0, Y0  \
	VEXTRACTF128  $1, Y0, X1  \
	VADDPS        X1, X0, X0  \
	MOVQ          s+8(FP), DX \
	MOVQ          a+16(FP), R11 \
	MOVQ          b+24(FP), R13 \
	VMOVUPS       (R11), X1   \
	VFMADD231PS   (R13), X0, X1 \
	VMOVUPS       X1, (DX)    \
	VBROADCASTSS  (DX), Z8    \
	VBROADCASTSS  4(DX), Z9   \
	VBROADCASTSS  8(DX), Z10  \
	VBROADCASTSS  12(DX), Z11 \
	ADDQ          $16, R11    \
	ADDQ          $16, R13    \
	ADDQ          $16, DX     \
	MOVQ          DX, s+8(FP) \
	MOVQ          R11, a+16(FP) \
	MOVQ          R13, b+24(FP)

// func gatherPassAVX512(dst, s, a, b, table *float32, index *int32, x *float32, rows, n int)
//
// Four rows at a time: their products with x, and then the rows once more, from
// the first-level cache, times their coefficients. rows is a multiple of four.
TEXT ·gatherPassAVX512(SB), NOSPLIT, $0-72
	START(4)

four:
	ADDRESSES(0, 4, AX, BX, R8, R9)
	MOVQ AX, R11
	MOVQ BX, R13
	MOVQ R8, R14
	MOVQ R9, R15
	CMPQ rows+56(FP), $(AHEAD+4)
	JLT  dots
	ADDRESSES(4*AHEAD, 4, R11, R13, R14, R15)

dots:
	XORQ   DX, DX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	CMPQ   DX, CX
	JGE    dotsRest

dotsLoop:
	VMOVUPS     (SI)(DX*1), Z4
	VFMADD231PS (AX)(DX*1), Z4, Z0
	VFMADD231PS (BX)(DX*1), Z4, Z1
	VFMADD231PS (R8)(DX*1), Z4, Z2
	VFMADD231PS (R9)(DX*1), Z4, Z3
	PREFETCHT0  (R11)(DX*1)
	PREFETCHT0  (R13)(DX*1)
	PREFETCHT0  (R14)(DX*1)
	PREFETCHT0  (R15)(DX*1)
	ADDQ        $64, DX
	CMPQ        DX, CX
	JLT         dotsLoop

dotsRest:
	KTESTW      K1, K1
	JZ          coefficients
	VMOVUPS.Z   (SI)(DX*1), K1, Z4
	VMOVUPS.Z   (AX)(DX*1), K1, Z5
	VMOVUPS.Z   (BX)(DX*1), K1, Z6
	VMOVUPS.Z   (R8)(DX*1), K1, Z7
	VMOVUPS.Z   (R9)(DX*1), K1, Z8
	VFMADD231PS Z5, Z4, Z0
	VFMADD231PS Z6, Z4, Z1
	VFMADD231PS Z7, Z4, Z2
	VFMADD231PS Z8, Z4, Z3

coefficients:
	COEFFICIENTS
	XORQ DX, DX
	CMPQ DX, CX
	JGE  addRest

addLoop:
	VMOVUPS     (DI)(DX*1), Z4
	VMULPS      (BX)(DX*1), Z9, Z5
	VFMADD231PS (AX)(DX*1), Z8, Z4
	VFMADD231PS (R8)(DX*1), Z10, Z5
	VFMADD231PS (R9)(DX*1), Z11, Z4
	VADDPS      Z5, Z4, Z4
	VMOVUPS     Z4, (DI)(DX*1)
	ADDQ        $64, DX
	CMPQ        DX, CX
	JLT         addLoop

addRest:
	KTESTW      K1, K1
	JZ          next
	VMOVUPS.Z   (DI)(DX*1), K1, Z4
	VMOVUPS.Z   (AX)(DX*1), K1, Z0
	VMOVUPS.Z   (BX)(DX*1), K1, Z1
	VMOVUPS.Z   (R8)(DX*1), K1, Z2
	VMOVUPS.Z   (R9)(DX*1), K1, Z3
	VFMADD231PS Z0, Z8, Z4
	VFMADD231PS Z1, Z9, Z4
	VFMADD231PS Z2, Z10, Z4
	VFMADD231PS Z3, Z11, Z4
	VMOVUPS     Z4, K1, (DI)(DX*1)

next:
	ADDQ $16, R12
	SUBQ $4, rows+56(FP)
	JGT  four
	VZEROUPPER
	RET

// func gatherPassHalfAVX512(dst, s, a, b *float32, table *uint16, index *int32, x *float32, rows, n int)
TEXT ·gatherPassHalfAVX512(SB), NOSPLIT, $0-72
	START(2)

four:
	ADDRESSES(0, 2, AX, BX, R8, R9)
	MOVQ AX, R11
	MOVQ BX, R13
	MOVQ R8, R14
	MOVQ R9, R15
	CMPQ rows+56(FP), $(AHEAD+4)
	JLT  dots
	ADDRESSES(4*AHEAD, 2, R11, R13, R14, R15)

dots:
	XORQ   DX, DX
	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	CMPQ   DX, CX
	JGE    dotsRest

dotsLoop:
	VMOVUPS     (SI)(DX*2), Z4
	VCVTPH2PS   (AX)(DX*1), Z5
	VCVTPH2PS   (BX)(DX*1), Z6
	VCVTPH2PS   (R8)(DX*1), Z7
	VCVTPH2PS   (R9)(DX*1), Z12
	VFMADD231PS Z5, Z4, Z0
	VFMADD231PS Z6, Z4, Z1
	VFMADD231PS Z7, Z4, Z2
	VFMADD231PS Z12, Z4, Z3
	PREFETCHT0  (R11)(DX*1)
	PREFETCHT0  (R13)(DX*1)
	PREFETCHT0  (R14)(DX*1)
	PREFETCHT0  (R15)(DX*1)
	ADDQ        $32, DX
	CMPQ        DX, CX
	JLT         dotsLoop

dotsRest:
	KTESTW      K1, K1
	JZ          coefficients
	VMOVUPS.Z   (SI)(DX*2), K1, Z4
	VCVTPH2PS.Z (AX)(DX*1), K1, Z5
	VCVTPH2PS.Z (BX)(DX*1), K1, Z6
	VCVTPH2PS.Z (R8)(DX*1), K1, Z7
	VCVTPH2PS.Z (R9)(DX*1), K1, Z12
	VFMADD231PS Z5, Z4, Z0
	VFMADD231PS Z6, Z4, Z1
	VFMADD231PS Z7, Z4, Z2
	VFMADD231PS Z12, Z4, Z3

coefficients:
	COEFFICIENTS
	XORQ DX, DX
	CMPQ DX, CX
	JGE  addRest

addLoop:
	VMOVUPS     (DI)(DX*2), Z4
	VCVTPH2PS   (AX)(DX*1), Z0
	VCVTPH2PS   (BX)(DX*1), Z1
	VCVTPH2PS   (R8)(DX*1), Z2
	VCVTPH2PS   (R9)(DX*1), Z3
	VMULPS      Z1, Z9, Z5
	VFMADD231PS Z0, Z8, Z4
	VFMADD231PS Z2, Z10, Z5
	VFMADD231PS Z3, Z11, Z4
	VADDPS      Z5, Z4, Z4
	VMOVUPS     Z4, (DI)(DX*2)
	ADDQ        $32, DX
	CMPQ        DX, CX
	JLT         addLoop

addRest:
	KTESTW      K1, K1
	JZ          next
	VMOVUPS.Z   (DI)(DX*2), K1, Z4
	VCVTPH2PS.Z (AX)(DX*1), K1, Z0
	VCVTPH2PS.Z (BX)(DX*1), K1, Z1
	VCVTPH2PS.Z (R8)(DX*1), K1, Z2
	VCVTPH2PS.Z (R9)(DX*1), K1, Z3
	VFMADD231PS Z0, Z8, Z4
	VFMADD231PS Z1, Z9, Z4
	VFMADD231PS Z2, Z10, Z4
	VFMADD231PS Z3, Z11, Z4
	VMOVUPS     Z4, K1, (DI)(DX*2)

next:
	ADDQ $16, R12
	SUBQ $4, rows+56(FP)
	JGT  four
	VZEROUPPER
	RET
