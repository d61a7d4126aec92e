//go:build !purego

#include "textflag.h"

DATA lane512<>+0(SB)/4, $0
DATA lane512<>+4(SB)/4, $1
DATA lane512<>+8(SB)/4, $2
DATA lane512<>+12(SB)/4, $3
DATA lane512<>+16(SB)/4, $4
DATA lane512<>+20(SB)/4, $5
DATA lane512<>+24(SB)/4, $6
DATA lane512<>+28(SB)/4, $7
DATA lane512<>+32(SB)/4, $1.0
GLOBL lane512<>(SB), RODATA|NOPTR, $36

// PIVOT takes the row's pivot out of its lane: at least one, and one when it is
// not a number. Its lane of Y16 keeps it; Y17 becomes the row over the pivot.
#define PIVOT(row, lane, bit) \
	VPERMPS  row, lane, Y18     \
	VMAXPS   Y9, Y18, Y18       \
	VBLENDMPS Y18, Y16, bit, Y16 \
	VDIVPS   Y18, Y9, Y17       \
	VMULPS   row, Y17, Y17

// REDUCE takes the row that PIVOT was called with out of one below it, whose
// lane is given.
#define REDUCE(row, lane, below) \
	VPERMPS      row, lane, Y18 \
	VFNMADD231PS Y17, Y18, below

// FINISH multiplies a row by its pivot's inverse root, which is in its lane of
// Y16, and leaves that in the place of the pivot.
#define FINISH(row, lane, bit) \
	VPERMPS   Y16, lane, Y18 \
	VMULPS    row, Y18, row  \
	VBLENDMPS Y18, row, bit, row

// SOLVE solves UᵀX = C for the eight rows of C in registers, U being in memory
// with its diagonal inverted, row after row at DI and, from the fifth, DX.
#define SOLVE(r0, r1, r2, r3, r4, r5, r6, r7) \
	VMULPS.BCST (DI), r0, r0               \
	VFNMADD231PS.BCST 4(DI), r0, r1        \
	VFNMADD231PS.BCST 8(DI), r0, r2        \
	VFNMADD231PS.BCST 12(DI), r0, r3       \
	VFNMADD231PS.BCST 16(DI), r0, r4       \
	VFNMADD231PS.BCST 20(DI), r0, r5       \
	VFNMADD231PS.BCST 24(DI), r0, r6       \
	VFNMADD231PS.BCST 28(DI), r0, r7       \
	VMULPS.BCST 4(DI)(R8*1), r1, r1        \
	VFNMADD231PS.BCST 8(DI)(R8*1), r1, r2  \
	VFNMADD231PS.BCST 12(DI)(R8*1), r1, r3 \
	VFNMADD231PS.BCST 16(DI)(R8*1), r1, r4 \
	VFNMADD231PS.BCST 20(DI)(R8*1), r1, r5 \
	VFNMADD231PS.BCST 24(DI)(R8*1), r1, r6 \
	VFNMADD231PS.BCST 28(DI)(R8*1), r1, r7 \
	VMULPS.BCST 8(DI)(R8*2), r2, r2        \
	VFNMADD231PS.BCST 12(DI)(R8*2), r2, r3 \
	VFNMADD231PS.BCST 16(DI)(R8*2), r2, r4 \
	VFNMADD231PS.BCST 20(DI)(R8*2), r2, r5 \
	VFNMADD231PS.BCST 24(DI)(R8*2), r2, r6 \
	VFNMADD231PS.BCST 28(DI)(R8*2), r2, r7 \
	VMULPS.BCST 12(DI)(R9*1), r3, r3       \
	VFNMADD231PS.BCST 16(DI)(R9*1), r3, r4 \
	VFNMADD231PS.BCST 20(DI)(R9*1), r3, r5 \
	VFNMADD231PS.BCST 24(DI)(R9*1), r3, r6 \
	VFNMADD231PS.BCST 28(DI)(R9*1), r3, r7 \
	VMULPS.BCST 16(DX), r4, r4             \
	VFNMADD231PS.BCST 20(DX), r4, r5       \
	VFNMADD231PS.BCST 24(DX), r4, r6       \
	VFNMADD231PS.BCST 28(DX), r4, r7       \
	VMULPS.BCST 20(DX)(R8*1), r5, r5       \
	VFNMADD231PS.BCST 24(DX)(R8*1), r5, r6 \
	VFNMADD231PS.BCST 28(DX)(R8*1), r5, r7 \
	VMULPS.BCST 24(DX)(R8*2), r6, r6       \
	VFNMADD231PS.BCST 28(DX)(R8*2), r6, r7 \
	VMULPS.BCST 28(DX)(R9*1), r7, r7

// func eliminateAVX512(c *float32, ldc, n int)
//
// Factorises eight rows of n columns, the first eight of which are the diagonal
// block. To keep square roots out of the way from one pivot to the next, the
// block is first taken apart as LDLᵀ: row s loses row r times its coefficient
// over the pivot.
TEXT ·eliminateAVX512(SB), NOSPLIT, $0-24
	MOVQ c+0(FP), DI
	MOVQ ldc+8(FP), R8
	MOVQ n+16(FP), CX
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9
	LEAQ (DI)(R8*4), DX

	LEAQ lane512<>(SB), AX
	VBROADCASTSS 32(AX), Y9
	VPBROADCASTD (AX), Y24
	VPBROADCASTD 4(AX), Y25
	VPBROADCASTD 8(AX), Y26
	VPBROADCASTD 12(AX), Y27
	VPBROADCASTD 16(AX), Y28
	VPBROADCASTD 20(AX), Y29
	VPBROADCASTD 24(AX), Y30
	VPBROADCASTD 28(AX), Y31
	MOVL $1, BX
	KMOVW BX, K1
	KSHIFTLW $1, K1, K2
	KSHIFTLW $1, K2, K3
	KSHIFTLW $1, K3, K4
	KSHIFTLW $1, K4, K5
	KSHIFTLW $1, K5, K6
	KSHIFTLW $1, K6, K7

	VMOVUPS (DI), Y0
	VMOVUPS (DI)(R8*1), Y1
	VMOVUPS (DI)(R8*2), Y2
	VMOVUPS (DI)(R9*1), Y3
	VMOVUPS (DX), Y4
	VMOVUPS (DX)(R8*1), Y5
	VMOVUPS (DX)(R8*2), Y6
	VMOVUPS (DX)(R9*1), Y7
	VMOVAPS Y9, Y16

	PIVOT(Y0, Y24, K1)
	REDUCE(Y0, Y25, Y1)
	REDUCE(Y0, Y26, Y2)
	REDUCE(Y0, Y27, Y3)
	REDUCE(Y0, Y28, Y4)
	REDUCE(Y0, Y29, Y5)
	REDUCE(Y0, Y30, Y6)
	REDUCE(Y0, Y31, Y7)
	PIVOT(Y1, Y25, K2)
	REDUCE(Y1, Y26, Y2)
	REDUCE(Y1, Y27, Y3)
	REDUCE(Y1, Y28, Y4)
	REDUCE(Y1, Y29, Y5)
	REDUCE(Y1, Y30, Y6)
	REDUCE(Y1, Y31, Y7)
	PIVOT(Y2, Y26, K3)
	REDUCE(Y2, Y27, Y3)
	REDUCE(Y2, Y28, Y4)
	REDUCE(Y2, Y29, Y5)
	REDUCE(Y2, Y30, Y6)
	REDUCE(Y2, Y31, Y7)
	PIVOT(Y3, Y27, K4)
	REDUCE(Y3, Y28, Y4)
	REDUCE(Y3, Y29, Y5)
	REDUCE(Y3, Y30, Y6)
	REDUCE(Y3, Y31, Y7)
	PIVOT(Y4, Y28, K5)
	REDUCE(Y4, Y29, Y5)
	REDUCE(Y4, Y30, Y6)
	REDUCE(Y4, Y31, Y7)
	PIVOT(Y5, Y29, K6)
	REDUCE(Y5, Y30, Y6)
	REDUCE(Y5, Y31, Y7)
	PIVOT(Y6, Y30, K7)
	REDUCE(Y6, Y31, Y7)
	KSHIFTLW $7, K1, K1
	PIVOT(Y7, Y31, K1)

	VSQRTPS Y16, Y16
	VDIVPS  Y16, Y9, Y16
	FINISH(Y7, Y31, K1)
	KSHIFTRW $7, K1, K1
	FINISH(Y0, Y24, K1)
	FINISH(Y1, Y25, K2)
	FINISH(Y2, Y26, K3)
	FINISH(Y3, Y27, K4)
	FINISH(Y4, Y28, K5)
	FINISH(Y5, Y29, K6)
	FINISH(Y6, Y30, K7)
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, (DI)(R8*1)
	VMOVUPS Y2, (DI)(R8*2)
	VMOVUPS Y3, (DI)(R9*1)
	VMOVUPS Y4, (DX)
	VMOVUPS Y5, (DX)(R8*1)
	VMOVUPS Y6, (DX)(R8*2)
	VMOVUPS Y7, (DX)(R9*1)

	LEAQ 32(DI), AX
	LEAQ 32(DX), BX
	SUBQ $8, CX
	SUBQ $16, CX
	JLT  eight

loop:
	VMOVUPS (AX), Z0
	VMOVUPS (AX)(R8*1), Z1
	VMOVUPS (AX)(R8*2), Z2
	VMOVUPS (AX)(R9*1), Z3
	VMOVUPS (BX), Z4
	VMOVUPS (BX)(R8*1), Z5
	VMOVUPS (BX)(R8*2), Z6
	VMOVUPS (BX)(R9*1), Z7
	SOLVE(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	VMOVUPS Z0, (AX)
	VMOVUPS Z1, (AX)(R8*1)
	VMOVUPS Z2, (AX)(R8*2)
	VMOVUPS Z3, (AX)(R9*1)
	VMOVUPS Z4, (BX)
	VMOVUPS Z5, (BX)(R8*1)
	VMOVUPS Z6, (BX)(R8*2)
	VMOVUPS Z7, (BX)(R9*1)
	ADDQ $64, AX
	ADDQ $64, BX
	SUBQ $16, CX
	JGE  loop

eight:
	ADDQ $16, CX
	JZ   done
	VMOVUPS (AX), Y0
	VMOVUPS (AX)(R8*1), Y1
	VMOVUPS (AX)(R8*2), Y2
	VMOVUPS (AX)(R9*1), Y3
	VMOVUPS (BX), Y4
	VMOVUPS (BX)(R8*1), Y5
	VMOVUPS (BX)(R8*2), Y6
	VMOVUPS (BX)(R9*1), Y7
	SOLVE(Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7)
	VMOVUPS Y0, (AX)
	VMOVUPS Y1, (AX)(R8*1)
	VMOVUPS Y2, (AX)(R8*2)
	VMOVUPS Y3, (AX)(R9*1)
	VMOVUPS Y4, (BX)
	VMOVUPS Y5, (BX)(R8*1)
	VMOVUPS Y6, (BX)(R8*2)
	VMOVUPS Y7, (BX)(R9*1)

done:
	VZEROUPPER
	RET
