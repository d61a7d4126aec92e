//go:build !purego

#include "textflag.h"

// The tile is eight rows high and up to 48 columns wide. Its accumulators are
// Z8 to Z31, three a row; Z0 to Z2 hold a row of B and Z3 one number of A. A
// tile of an odd number of lanes ends in half a register. Twice as high as the
// AVX2 tile, it reads B half as often, which is what limits products whose
// operands lie in the second-level cache.

DATA signs512<>+0(SB)/4, $0          // add
DATA signs512<>+4(SB)/4, $0x80000000 // sub
GLOBL signs512<>(SB), RODATA|NOPTR, $8

// ROWS8 applies a macro to the addresses of eight numbers and the accumulators
// of their rows, with the number of the first: four from p and four from q, R8
// bytes apart, R9 being 3·R8.
#define ROWS8(f, p, q) \
	f((p), Z8, Z9, Z10, Y8, Y9, Y10, 8)           \
	f((p)(R8*1), Z11, Z12, Z13, Y11, Y12, Y13, 11) \
	f((p)(R8*2), Z14, Z15, Z16, Y14, Y15, Y16, 14) \
	f((p)(R9*1), Z17, Z18, Z19, Y17, Y18, Y19, 17) \
	f((q), Z20, Z21, Z22, Y20, Y21, Y22, 20)       \
	f((q)(R8*1), Z23, Z24, Z25, Y23, Y24, Y25, 23) \
	f((q)(R8*2), Z26, Z27, Z28, Y26, Y27, Y28, 26) \
	f((q)(R9*1), Z29, Z30, Z31, Y29, Y30, Y31, 29)

#define FMA1(m, a, b, c, ya, yb, yc, n) VBROADCASTSS m, Y3; VFMADD231PS Y0, Y3, ya;
#define FMA2(m, a, b, c, ya, yb, yc, n) VBROADCASTSS m, Z3; VFMADD231PS Z0, Z3, a;
#define FMA3(m, a, b, c, ya, yb, yc, n) FMA2(m, a, b, c, ya, yb, yc, n) VFMADD231PS Y1, Y3, yb;
#define FMA4(m, a, b, c, ya, yb, yc, n) FMA2(m, a, b, c, ya, yb, yc, n) VFMADD231PS Z1, Z3, b;
#define FMA5(m, a, b, c, ya, yb, yc, n) FMA4(m, a, b, c, ya, yb, yc, n) VFMADD231PS Y2, Y3, yc;
#define FMA6(m, a, b, c, ya, yb, yc, n) FMA4(m, a, b, c, ya, yb, yc, n) VFMADD231PS Z2, Z3, c;

#define ZERO(m, a, b, c, ya, yb, yc, n) VPXORD a, a, a; VPXORD b, b, b; VPXORD c, c, c;

// The addresses of a row of C are made in DX, SI bytes apart. C enters as −C
// when the product is to be subtracted, and leaves as −(−C + AᵀB).
#define LOAD1(m, a, b, c, ya, yb, yc, n) VXORPS (DX), Y3, ya; ADDQ SI, DX;
#define LOAD2(m, a, b, c, ya, yb, yc, n) VXORPS (DX), Z3, a; ADDQ SI, DX;
#define LOAD3(m, a, b, c, ya, yb, yc, n) VXORPS 64(DX), Y3, yb; LOAD2(m, a, b, c, ya, yb, yc, n)
#define LOAD4(m, a, b, c, ya, yb, yc, n) VXORPS 64(DX), Z3, b; LOAD2(m, a, b, c, ya, yb, yc, n)
#define LOAD5(m, a, b, c, ya, yb, yc, n) VXORPS 128(DX), Y3, yc; LOAD4(m, a, b, c, ya, yb, yc, n)
#define LOAD6(m, a, b, c, ya, yb, yc, n) VXORPS 128(DX), Z3, c; LOAD4(m, a, b, c, ya, yb, yc, n)

#define STORE1(m, a, b, c, ya, yb, yc, n) VXORPS Y3, ya, ya; VMOVUPS ya, (DX); ADDQ SI, DX;
#define STORE2(m, a, b, c, ya, yb, yc, n) VXORPS Z3, a, a; VMOVUPS a, (DX); ADDQ SI, DX;
#define STORE3(m, a, b, c, ya, yb, yc, n) VXORPS Y3, yb, yb; VMOVUPS yb, 64(DX); STORE2(m, a, b, c, ya, yb, yc, n)
#define STORE4(m, a, b, c, ya, yb, yc, n) VXORPS Z3, b, b; VMOVUPS b, 64(DX); STORE2(m, a, b, c, ya, yb, yc, n)
#define STORE5(m, a, b, c, ya, yb, yc, n) VXORPS Y3, yc, yc; VMOVUPS yc, 128(DX); STORE4(m, a, b, c, ya, yb, yc, n)
#define STORE6(m, a, b, c, ya, yb, yc, n) VXORPS Z3, c, c; VMOVUPS c, 128(DX); STORE4(m, a, b, c, ya, yb, yc, n)

// ADVANCE goes on to the next step of A, four rows from AX and four from R14.
#define ADVANCE ADDQ R10, AX; ADDQ R10, R14; ADDQ R11, BX; DECQ CX

// The numbers of a panel of bfloat16 lie two in a word, of rows that follow each
// other, and DPBF16 adds the products of both to the accumulator numbered d: it is
// VDPBF16PS Z3, Zb, Zd, which the assembler does not know; with size 1 in place of 2
// VDPBF16PS Y3, Yb, Yd.
#define DPBF16(size, b, d) \
	BYTE $0x62; BYTE $(0xf2-0x80*(((d)>>3)&1)-0x10*((d)>>4)); \
	BYTE $(0x7e-8*(b)); BYTE $(8+32*(size)); BYTE $0x52; BYTE $(0xc3+8*((d)&7));

#define DP1(m, a, b, c, ya, yb, yc, n) VBROADCASTSS m, Z3; DPBF16(1, 0, n)
#define DP2(m, a, b, c, ya, yb, yc, n) VBROADCASTSS m, Z3; DPBF16(2, 0, n)
#define DP3(m, a, b, c, ya, yb, yc, n) DP2(m, a, b, c, ya, yb, yc, n) DPBF16(1, 1, n+1)
#define DP4(m, a, b, c, ya, yb, yc, n) DP2(m, a, b, c, ya, yb, yc, n) DPBF16(2, 1, n+1)
#define DP5(m, a, b, c, ya, yb, yc, n) DP4(m, a, b, c, ya, yb, yc, n) DPBF16(1, 2, n+2)
#define DP6(m, a, b, c, ya, yb, yc, n) DP4(m, a, b, c, ya, yb, yc, n) DPBF16(2, 2, n+2)

// TILE is the whole kernel, its steps made by the macros f1 to f6, one for each
// number of lanes. R12 is the address of C's sign: that of add also serves set.
#define TILE(f1, f2, f3, f4, f5, f6) \
	MOVQ c+16(FP), DI \
	MOVQ ldc+24(FP), SI \
	MOVQ a+32(FP), AX \
	MOVQ stride+40(FP), R8 \
	MOVQ step+48(FP), R10 \
	MOVQ b+56(FP), BX \
	MOVQ ldb+64(FP), R11 \
	MOVQ k+72(FP), CX \
	MOVQ lanes+8(FP), R13 \
	SHLQ $2, SI \
	SHLQ $2, R8 \
	SHLQ $2, R10 \
	SHLQ $2, R11 \
	LEAQ (R8)(R8*2), R9 \
	LEAQ (AX)(R8*4), R14 \
	ROWS8(ZERO, AX, AX) \
	LEAQ signs512<>(SB), R12 \
	MOVQ m+0(FP), R15 \
	MOVQ DI, DX \
	CMPQ R15, $1 \
	JLT  zeroed \
	LEAQ -4(R12)(R15*4), R12 \
	VBROADCASTSS (R12), Z3 \
	CMPQ R13, $2 \
	JLT  load1 \
	JEQ  load2 \
	CMPQ R13, $4 \
	JLT  load3 \
	JEQ  load4 \
	CMPQ R13, $6 \
	JLT  load5 \
	ROWS8(LOAD6, AX, AX) \
	JMP  loop6 \
load1: \
	ROWS8(LOAD1, AX, AX) \
	JMP loop1 \
load2: \
	ROWS8(LOAD2, AX, AX) \
	JMP loop2 \
load3: \
	ROWS8(LOAD3, AX, AX) \
	JMP loop3 \
load4: \
	ROWS8(LOAD4, AX, AX) \
	JMP loop4 \
load5: \
	ROWS8(LOAD5, AX, AX) \
	JMP loop5 \
zeroed: \
	CMPQ R13, $2 \
	JLT  loop1 \
	JEQ  loop2 \
	CMPQ R13, $4 \
	JLT  loop3 \
	JEQ  loop4 \
	CMPQ R13, $6 \
	JLT  loop5 \
loop6: \
	VMOVUPS (BX), Z0 \
	VMOVUPS 64(BX), Z1 \
	VMOVUPS 128(BX), Z2 \
	ROWS8(f6, AX, R14) \
	ADVANCE \
	JNZ     loop6 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE6, AX, AX) \
	VZEROUPPER \
	RET \
loop5: \
	VMOVUPS (BX), Z0 \
	VMOVUPS 64(BX), Z1 \
	VMOVUPS 128(BX), Y2 \
	ROWS8(f5, AX, R14) \
	ADVANCE \
	JNZ     loop5 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE5, AX, AX) \
	VZEROUPPER \
	RET \
loop4: \
	VMOVUPS (BX), Z0 \
	VMOVUPS 64(BX), Z1 \
	ROWS8(f4, AX, R14) \
	ADVANCE \
	JNZ     loop4 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE4, AX, AX) \
	VZEROUPPER \
	RET \
loop3: \
	VMOVUPS (BX), Z0 \
	VMOVUPS 64(BX), Y1 \
	ROWS8(f3, AX, R14) \
	ADVANCE \
	JNZ     loop3 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE3, AX, AX) \
	VZEROUPPER \
	RET \
loop2: \
	VMOVUPS (BX), Z0 \
	ROWS8(f2, AX, R14) \
	ADVANCE \
	JNZ     loop2 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE2, AX, AX) \
	VZEROUPPER \
	RET \
loop1: \
	VMOVUPS (BX), Y0 \
	ROWS8(f1, AX, R14) \
	ADVANCE \
	JNZ     loop1 \
	MOVQ    DI, DX \
	VBROADCASTSS (R12), Z3 \
	ROWS8(STORE1, AX, AX) \
	VZEROUPPER \
	RET

// func tileAVX512(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)
TEXT ·tileAVX512(SB), NOSPLIT, $0-80
	TILE(FMA1, FMA2, FMA3, FMA4, FMA5, FMA6)

// func tileBF16(m mode, lanes int, c *float32, ldc int, a *uint32, stride, step int, b *uint32, ldb, k int)
TEXT ·tileBF16(SB), NOSPLIT, $0-80
	TILE(DP1, DP2, DP3, DP4, DP5, DP6)
