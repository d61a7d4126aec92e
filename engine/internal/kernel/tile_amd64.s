//go:build !purego

#include "textflag.h"

// The tile is four rows high. Its accumulators are Y0 to Y11, row after row;
// Y12 to Y14 hold a row of B and Y15 one number of A. Twelve accumulators keep
// two fused multiply-adds of four cycles' latency busy; seven loads a step are
// well below the two a cycle that the processor has.

DATA signs<>+0(SB)/4, $0          // add
DATA signs<>+4(SB)/4, $0x80000000 // sub
GLOBL signs<>(SB), RODATA|NOPTR, $8

// C enters as −C when the product is to be subtracted, and leaves as −(−C + AᵀB).
#define LOAD1(a) VXORPS (DX), Y15, a
#define LOAD2(a, b) LOAD1(a); VXORPS 32(DX), Y15, b
#define LOAD3(a, b, c) LOAD2(a, b); VXORPS 64(DX), Y15, c
#define NEXT ADDQ SI, DX

#define STORE1(a) VXORPS a, Y15, a; VMOVUPS a, (DX)
#define STORE2(a, b) STORE1(a); VXORPS b, Y15, b; VMOVUPS b, 32(DX)
#define STORE3(a, b, c) STORE2(a, b); VXORPS c, Y15, c; VMOVUPS c, 64(DX)

#define FMA1(m, a) VBROADCASTSS m, Y15; VFMADD231PS Y12, Y15, a
#define FMA2(m, a, b) FMA1(m, a); VFMADD231PS Y13, Y15, b
#define FMA3(m, a, b, c) FMA2(m, a, b); VFMADD231PS Y14, Y15, c

#define ADVANCE ADDQ R10, AX; ADDQ R11, BX; DECQ CX

// func tileAVX2(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)
TEXT ·tileAVX2(SB), NOSPLIT, $0-80
	MOVQ c+16(FP), DI
	MOVQ ldc+24(FP), SI
	MOVQ a+32(FP), AX
	MOVQ stride+40(FP), R8
	MOVQ step+48(FP), R10
	MOVQ b+56(FP), BX
	MOVQ ldb+64(FP), R11
	MOVQ k+72(FP), CX
	SHLQ $2, SI
	SHLQ $2, R8
	SHLQ $2, R10
	SHLQ $2, R11
	LEAQ (R8)(R8*2), R9

	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	VXORPS Y8, Y8, Y8
	VXORPS Y9, Y9, Y9
	VXORPS Y10, Y10, Y10
	VXORPS Y11, Y11, Y11

	// R12 is the address of C's sign: that of add also serves set.
	LEAQ signs<>(SB), R12
	MOVQ m+0(FP), R13
	MOVQ DI, DX
	CMPQ R13, $1
	JLT  zeroed
	LEAQ -4(R12)(R13*4), R12
	VBROADCASTSS (R12), Y15
	MOVQ lanes+8(FP), R13
	CMPQ R13, $2
	JLT  load1
	JEQ  load2
	LOAD3(Y0, Y1, Y2)
	NEXT
	LOAD3(Y3, Y4, Y5)
	NEXT
	LOAD3(Y6, Y7, Y8)
	NEXT
	LOAD3(Y9, Y10, Y11)
	JMP  zeroed
load2:
	LOAD2(Y0, Y1)
	NEXT
	LOAD2(Y3, Y4)
	NEXT
	LOAD2(Y6, Y7)
	NEXT
	LOAD2(Y9, Y10)
	JMP  zeroed
load1:
	LOAD1(Y0)
	NEXT
	LOAD1(Y3)
	NEXT
	LOAD1(Y6)
	NEXT
	LOAD1(Y9)

zeroed:
	MOVQ  DI, DX
	MOVQ  lanes+8(FP), R13
	CMPQ  R13, $2
	JLT   lanes1
	JEQ   lanes2

loop3:
	VMOVUPS (BX), Y12
	VMOVUPS 32(BX), Y13
	VMOVUPS 64(BX), Y14
	FMA3((AX), Y0, Y1, Y2)
	FMA3((AX)(R8*1), Y3, Y4, Y5)
	FMA3((AX)(R8*2), Y6, Y7, Y8)
	FMA3((AX)(R9*1), Y9, Y10, Y11)
	ADVANCE
	JNZ  loop3
	VBROADCASTSS (R12), Y15
	STORE3(Y0, Y1, Y2)
	NEXT
	STORE3(Y3, Y4, Y5)
	NEXT
	STORE3(Y6, Y7, Y8)
	NEXT
	STORE3(Y9, Y10, Y11)
	VZEROUPPER
	RET

lanes2:
loop2:
	VMOVUPS (BX), Y12
	VMOVUPS 32(BX), Y13
	FMA2((AX), Y0, Y1)
	FMA2((AX)(R8*1), Y3, Y4)
	FMA2((AX)(R8*2), Y6, Y7)
	FMA2((AX)(R9*1), Y9, Y10)
	ADVANCE
	JNZ  loop2
	VBROADCASTSS (R12), Y15
	STORE2(Y0, Y1)
	NEXT
	STORE2(Y3, Y4)
	NEXT
	STORE2(Y6, Y7)
	NEXT
	STORE2(Y9, Y10)
	VZEROUPPER
	RET

lanes1:
loop1:
	VMOVUPS (BX), Y12
	FMA1((AX), Y0)
	FMA1((AX)(R8*1), Y3)
	FMA1((AX)(R8*2), Y6)
	FMA1((AX)(R9*1), Y9)
	ADVANCE
	JNZ  loop1
	VBROADCASTSS (R12), Y15
	STORE1(Y0)
	NEXT
	STORE1(Y3)
	NEXT
	STORE1(Y6)
	NEXT
	STORE1(Y9)
	VZEROUPPER
	RET

// func transposeAVX2(dst *float32, ldd int, src *float32, lds, rows, cols int)
//
// Blocks of eight by eight: pairs of rows are interleaved by single numbers,
// then by pairs, then by halves of a register.
TEXT ·transposeAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ ldd+8(FP), R8
	MOVQ src+16(FP), SI
	MOVQ lds+24(FP), R9
	MOVQ rows+32(FP), R10
	SHLQ $2, R8
	SHLQ $2, R9
	LEAQ (R8)(R8*2), R11
	LEAQ (R9)(R9*2), R12

rowBlock:
	MOVQ SI, AX
	MOVQ DI, BX
	MOVQ cols+40(FP), CX

block:
	LEAQ    (AX)(R9*4), DX
	VMOVUPS (AX), Y0
	VMOVUPS (AX)(R9*1), Y1
	VMOVUPS (AX)(R9*2), Y2
	VMOVUPS (AX)(R12*1), Y3
	VMOVUPS (DX), Y4
	VMOVUPS (DX)(R9*1), Y5
	VMOVUPS (DX)(R9*2), Y6
	VMOVUPS (DX)(R12*1), Y7

	VUNPCKLPS Y1, Y0, Y8
	VUNPCKHPS Y1, Y0, Y9
	VUNPCKLPS Y3, Y2, Y10
	VUNPCKHPS Y3, Y2, Y11
	VUNPCKLPS Y5, Y4, Y12
	VUNPCKHPS Y5, Y4, Y13
	VUNPCKLPS Y7, Y6, Y14
	VUNPCKHPS Y7, Y6, Y15

	VUNPCKLPD Y10, Y8, Y0
	VUNPCKHPD Y10, Y8, Y1
	VUNPCKLPD Y11, Y9, Y2
	VUNPCKHPD Y11, Y9, Y3
	VUNPCKLPD Y14, Y12, Y4
	VUNPCKHPD Y14, Y12, Y5
	VUNPCKLPD Y15, Y13, Y6
	VUNPCKHPD Y15, Y13, Y7

	VPERM2F128 $0x20, Y4, Y0, Y8
	VPERM2F128 $0x20, Y5, Y1, Y9
	VPERM2F128 $0x20, Y6, Y2, Y10
	VPERM2F128 $0x20, Y7, Y3, Y11
	VPERM2F128 $0x31, Y4, Y0, Y12
	VPERM2F128 $0x31, Y5, Y1, Y13
	VPERM2F128 $0x31, Y6, Y2, Y14
	VPERM2F128 $0x31, Y7, Y3, Y15

	LEAQ    (BX)(R8*4), DX
	VMOVUPS Y8, (BX)
	VMOVUPS Y9, (BX)(R8*1)
	VMOVUPS Y10, (BX)(R8*2)
	VMOVUPS Y11, (BX)(R11*1)
	VMOVUPS Y12, (DX)
	VMOVUPS Y13, (DX)(R8*1)
	VMOVUPS Y14, (DX)(R8*2)
	VMOVUPS Y15, (DX)(R11*1)

	ADDQ $32, AX
	LEAQ (BX)(R8*8), BX
	SUBQ $8, CX
	JGT  block

	LEAQ (SI)(R9*8), SI
	ADDQ $32, DI
	SUBQ $8, R10
	JGT  rowBlock
	VZEROUPPER
	RET
