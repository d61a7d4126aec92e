//go:build !purego

#include "textflag.h"

// func reachAVX2(hits *uint32, scores, floors *float32, rows int)
TEXT ·reachAVX2(SB), NOSPLIT, $0-32
	MOVQ    hits+0(FP), DI
	MOVQ    scores+8(FP), SI
	MOVQ    floors+16(FP), BX
	MOVQ    rows+24(FP), CX
	VMOVUPS (BX), Y0
	VMOVUPS 32(BX), Y1
	VMOVUPS 64(BX), Y2

loop:
	// Predicate 2 is ≤, false for what is not a number: floor ≤ score.
	VCMPPS    $2, (SI), Y0, Y3
	VCMPPS    $2, 32(SI), Y1, Y4
	VCMPPS    $2, 64(SI), Y2, Y5
	VMOVMSKPS Y3, AX
	VMOVMSKPS Y4, DX
	VMOVMSKPS Y5, R8
	SHLL      $8, DX
	SHLL      $16, R8
	ORL       DX, AX
	ORL       R8, AX
	MOVL      AX, (DI)
	ADDQ      $96, SI
	ADDQ      $4, DI
	DECQ      CX
	JNZ       loop
	VZEROUPPER
	RET
