//go:build !purego

#include "textflag.h"

// The tile is four rows high, like that of AVX2. Its accumulators are V0 to V23,
// six registers of four numbers a row; V24 to V29 hold a row of B and V30 one
// number of A in each lane.

// C enters as −C when the product is to be subtracted, and leaves as
// −(−C + AᵀB): V31 holds the signs to change. R13 walks along a row of C.
#define LOAD(a, b) \
	VLD1.P 32(R13), [a.S4, b.S4]    \
	VEOR   V31.B16, a.B16, a.B16    \
	VEOR   V31.B16, b.B16, b.B16

#define STORE(a, b) \
	VEOR   V31.B16, a.B16, a.B16    \
	VEOR   V31.B16, b.B16, b.B16    \
	VST1.P [a.S4, b.S4], 32(R13)

#define NEXT \
	ADD  R1, R0  \
	MOVD R0, R13

#define FMA2(p, a, b) \
	VLD1R.P (p)(R4), [V30.S4]       \
	VFMLA   V30.S4, V24.S4, a.S4   \
	VFMLA   V30.S4, V25.S4, b.S4

#define FMA4(p, a, b, c, d) \
	FMA2(p, a, b)                   \
	VFMLA V30.S4, V26.S4, c.S4     \
	VFMLA V30.S4, V27.S4, d.S4

#define FMA6(p, a, b, c, d, e, f) \
	FMA4(p, a, b, c, d)             \
	VFMLA V30.S4, V28.S4, e.S4     \
	VFMLA V30.S4, V29.S4, f.S4

// func tileNEON(m mode, lanes int, c *float32, ldc int, a *float32, stride, step int, b *float32, ldb, k int)
TEXT ·tileNEON(SB), NOSPLIT, $0-80
	MOVD m+0(FP), R9
	MOVD lanes+8(FP), R8
	MOVD c+16(FP), R0
	MOVD ldc+24(FP), R1
	MOVD a+32(FP), R2
	MOVD stride+40(FP), R3
	MOVD step+48(FP), R4
	MOVD b+56(FP), R5
	MOVD ldb+64(FP), R6
	MOVD k+72(FP), R7
	LSL  $2, R1
	LSL  $2, R3
	LSL  $2, R4
	LSL  $2, R6
	ADD  R3, R2, R10
	ADD  R3, R10, R11
	ADD  R3, R11, R12
	MOVD R0, R13
	MOVD R0, R14
	VEOR V31.B16, V31.B16, V31.B16
	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V9.B16, V9.B16, V9.B16
	VEOR V10.B16, V10.B16, V10.B16
	VEOR V11.B16, V11.B16, V11.B16
	VEOR V12.B16, V12.B16, V12.B16
	VEOR V13.B16, V13.B16, V13.B16
	VEOR V14.B16, V14.B16, V14.B16
	VEOR V15.B16, V15.B16, V15.B16
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16
	CBZ  R9, zeroed
	CMP  $2, R9
	BNE  signed
	MOVW $0x80000000, R9
	VDUP R9, V31.S4

signed:
	CMP $2, R8
	BLT load1
	BEQ load2
	LOAD(V0, V1)
	LOAD(V2, V3)
	LOAD(V4, V5)
	NEXT
	LOAD(V6, V7)
	LOAD(V8, V9)
	LOAD(V10, V11)
	NEXT
	LOAD(V12, V13)
	LOAD(V14, V15)
	LOAD(V16, V17)
	NEXT
	LOAD(V18, V19)
	LOAD(V20, V21)
	LOAD(V22, V23)
	B zeroed

load2:
	LOAD(V0, V1)
	LOAD(V2, V3)
	NEXT
	LOAD(V6, V7)
	LOAD(V8, V9)
	NEXT
	LOAD(V12, V13)
	LOAD(V14, V15)
	NEXT
	LOAD(V18, V19)
	LOAD(V20, V21)
	B zeroed

load1:
	LOAD(V0, V1)
	NEXT
	LOAD(V6, V7)
	NEXT
	LOAD(V12, V13)
	NEXT
	LOAD(V18, V19)

zeroed:
	MOVD R14, R0
	MOVD R14, R13
	CMP  $2, R8
	BLT  loop1
	BEQ  loop2

loop3:
	ADD  $64, R5, R15
	VLD1 (R5), [V24.S4, V25.S4, V26.S4, V27.S4]
	VLD1 (R15), [V28.S4, V29.S4]
	FMA6(R2, V0, V1, V2, V3, V4, V5)
	FMA6(R10, V6, V7, V8, V9, V10, V11)
	FMA6(R11, V12, V13, V14, V15, V16, V17)
	FMA6(R12, V18, V19, V20, V21, V22, V23)
	ADD  R6, R5
	SUBS $1, R7
	BNE  loop3
	STORE(V0, V1)
	STORE(V2, V3)
	STORE(V4, V5)
	NEXT
	STORE(V6, V7)
	STORE(V8, V9)
	STORE(V10, V11)
	NEXT
	STORE(V12, V13)
	STORE(V14, V15)
	STORE(V16, V17)
	NEXT
	STORE(V18, V19)
	STORE(V20, V21)
	STORE(V22, V23)
	RET

loop2:
	VLD1 (R5), [V24.S4, V25.S4, V26.S4, V27.S4]
	FMA4(R2, V0, V1, V2, V3)
	FMA4(R10, V6, V7, V8, V9)
	FMA4(R11, V12, V13, V14, V15)
	FMA4(R12, V18, V19, V20, V21)
	ADD  R6, R5
	SUBS $1, R7
	BNE  loop2
	STORE(V0, V1)
	STORE(V2, V3)
	NEXT
	STORE(V6, V7)
	STORE(V8, V9)
	NEXT
	STORE(V12, V13)
	STORE(V14, V15)
	NEXT
	STORE(V18, V19)
	STORE(V20, V21)
	RET

loop1:
	VLD1 (R5), [V24.S4, V25.S4]
	FMA2(R2, V0, V1)
	FMA2(R10, V6, V7)
	FMA2(R11, V12, V13)
	FMA2(R12, V18, V19)
	ADD  R6, R5
	SUBS $1, R7
	BNE  loop1
	STORE(V0, V1)
	NEXT
	STORE(V6, V7)
	NEXT
	STORE(V12, V13)
	NEXT
	STORE(V18, V19)
	RET
