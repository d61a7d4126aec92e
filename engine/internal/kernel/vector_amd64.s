//go:build !purego

#include "textflag.h"

// A load of eight numbers from tail + 4·(8 − n) is a mask of the first n lanes.
DATA tail<>+0(SB)/8, $-1
DATA tail<>+8(SB)/8, $-1
DATA tail<>+16(SB)/8, $-1
DATA tail<>+24(SB)/8, $-1
DATA tail<>+32(SB)/8, $0
DATA tail<>+40(SB)/8, $0
DATA tail<>+48(SB)/8, $0
DATA tail<>+56(SB)/8, $0
GLOBL tail<>(SB), RODATA|NOPTR, $64

DATA one<>+0(SB)/4, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $4

// TAILMASK sets m to the mask of n lanes; n and t are changed.
#define TAILMASK(n, t, m) LEAQ tail<>+32(SB), t; NEGQ n; VMOVUPS (t)(n*4), m

// func dotAVX2(x, y *float32, n int) float32
//
// Adds up in the same order as dotRowsAVX2.
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ   x+0(FP), SI
	MOVQ   y+8(FP), DI
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	SUBQ   $16, CX
	JLT    eights

loop:
	VMOVUPS     (SI), Y2
	VMOVUPS     32(SI), Y3
	VFMADD231PS (DI), Y2, Y0
	VFMADD231PS 32(DI), Y3, Y1
	ADDQ        $64, SI
	ADDQ        $64, DI
	SUBQ        $16, CX
	JGE         loop

eights:
	ADDQ        $8, CX
	JLT         rest
	VMOVUPS     (SI), Y2
	VFMADD231PS (DI), Y2, Y0
	ADDQ        $32, SI
	ADDQ        $32, DI
	SUBQ        $8, CX

rest:
	ADDQ $8, CX
	JZ   sum
	TAILMASK(CX, DX, Y4)
	VMASKMOVPS  (SI), Y4, Y2
	VMASKMOVPS  (DI), Y4, Y3
	VFMADD231PS Y3, Y2, Y1

sum:
	VADDPS       Y1, Y0, Y0
	VHADDPS      Y0, Y0, Y0
	VHADDPS      Y0, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET

// func dotRowsAVX2(dst, a *float32, ld int, x *float32, rows, n int)
//
// Four rows at a time, two accumulators each; rows is a multiple of four.
TEXT ·dotRowsAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), AX
	MOVQ ld+16(FP), R8
	MOVQ rows+32(FP), R10
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9

four:
	MOVQ   x+24(FP), SI
	MOVQ   n+40(FP), CX
	MOVQ   AX, BX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	SUBQ   $16, CX
	JLT    eights

loop:
	VMOVUPS     (SI), Y8
	VMOVUPS     32(SI), Y9
	VFMADD231PS (BX), Y8, Y0
	VFMADD231PS 32(BX), Y9, Y4
	VFMADD231PS (BX)(R8*1), Y8, Y1
	VFMADD231PS 32(BX)(R8*1), Y9, Y5
	VFMADD231PS (BX)(R8*2), Y8, Y2
	VFMADD231PS 32(BX)(R8*2), Y9, Y6
	VFMADD231PS (BX)(R9*1), Y8, Y3
	VFMADD231PS 32(BX)(R9*1), Y9, Y7
	ADDQ        $64, SI
	ADDQ        $64, BX
	SUBQ        $16, CX
	JGE         loop

eights:
	ADDQ        $8, CX
	JLT         rest
	VMOVUPS     (SI), Y8
	VFMADD231PS (BX), Y8, Y0
	VFMADD231PS (BX)(R8*1), Y8, Y1
	VFMADD231PS (BX)(R8*2), Y8, Y2
	VFMADD231PS (BX)(R9*1), Y8, Y3
	ADDQ        $32, SI
	ADDQ        $32, BX
	SUBQ        $8, CX

rest:
	ADDQ $8, CX
	JZ   sum
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (SI), Y9, Y8
	VMASKMOVPS  (BX), Y9, Y10
	VMASKMOVPS  (BX)(R8*1), Y9, Y11
	VMASKMOVPS  (BX)(R8*2), Y9, Y12
	VMASKMOVPS  (BX)(R9*1), Y9, Y13
	VFMADD231PS Y10, Y8, Y4
	VFMADD231PS Y11, Y8, Y5
	VFMADD231PS Y12, Y8, Y6
	VFMADD231PS Y13, Y8, Y7

sum:
	VADDPS       Y4, Y0, Y0
	VADDPS       Y5, Y1, Y1
	VADDPS       Y6, Y2, Y2
	VADDPS       Y7, Y3, Y3
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	LEAQ         (AX)(R8*4), AX
	SUBQ         $4, R10
	JGT          four
	VZEROUPPER
	RET

// func axpyRowsAVX2(dst, alpha, a *float32, ld, rows, n int)
//
// Four rows at a time; rows is a multiple of four.
TEXT ·axpyRowsAVX2(SB), NOSPLIT, $0-48
	MOVQ alpha+8(FP), SI
	MOVQ a+16(FP), AX
	MOVQ ld+24(FP), R8
	MOVQ rows+32(FP), R10
	SHLQ $2, R8
	LEAQ (R8)(R8*2), R9

four:
	MOVQ         dst+0(FP), DI
	MOVQ         n+40(FP), CX
	MOVQ         AX, BX
	VBROADCASTSS (SI), Y4
	VBROADCASTSS 4(SI), Y5
	VBROADCASTSS 8(SI), Y6
	VBROADCASTSS 12(SI), Y7
	SUBQ         $8, CX
	JLT          rest

loop:
	VMOVUPS     (DI), Y0
	VMULPS      (BX)(R8*1), Y5, Y1
	VFMADD231PS (BX), Y4, Y0
	VFMADD231PS (BX)(R8*2), Y6, Y1
	VFMADD231PS (BX)(R9*1), Y7, Y0
	VADDPS      Y1, Y0, Y0
	VMOVUPS     Y0, (DI)
	ADDQ        $32, DI
	ADDQ        $32, BX
	SUBQ        $8, CX
	JGE         loop

rest:
	ADDQ $8, CX
	JZ   next
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (DI), Y9, Y0
	VMASKMOVPS  (BX), Y9, Y10
	VMASKMOVPS  (BX)(R8*1), Y9, Y11
	VMASKMOVPS  (BX)(R8*2), Y9, Y12
	VMASKMOVPS  (BX)(R9*1), Y9, Y13
	VFMADD231PS Y10, Y4, Y0
	VFMADD231PS Y11, Y5, Y0
	VFMADD231PS Y12, Y6, Y0
	VFMADD231PS Y13, Y7, Y0
	VMASKMOVPS  Y0, Y9, (DI)

next:
	ADDQ $16, SI
	LEAQ (AX)(R8*4), AX
	SUBQ $4, R10
	JGT  four
	VZEROUPPER
	RET

// func axpyAVX2(alpha float32, x, y *float32, n int)
TEXT ·axpyAVX2(SB), NOSPLIT, $0-32
	VBROADCASTSS alpha+0(FP), Y2
	MOVQ         x+8(FP), SI
	MOVQ         y+16(FP), DI
	MOVQ         n+24(FP), CX
	SUBQ         $8, CX
	JLT          rest

loop:
	VMOVUPS     (DI), Y0
	VFMADD231PS (SI), Y2, Y0
	VMOVUPS     Y0, (DI)
	ADDQ        $32, SI
	ADDQ        $32, DI
	SUBQ        $8, CX
	JGE         loop

rest:
	ADDQ $8, CX
	JZ   done
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (DI), Y9, Y0
	VMASKMOVPS  (SI), Y9, Y1
	VFMADD231PS Y1, Y2, Y0
	VMASKMOVPS  Y0, Y9, (DI)

done:
	VZEROUPPER
	RET

// func scaleAVX2(dst *float32, alpha float32, x, y *float32, n int)
TEXT ·scaleAVX2(SB), NOSPLIT, $0-40
	MOVQ         dst+0(FP), DI
	VBROADCASTSS alpha+8(FP), Y2
	MOVQ         x+16(FP), SI
	MOVQ         y+24(FP), BX
	MOVQ         n+32(FP), CX
	SUBQ         $8, CX
	JLT          rest

loop:
	VMULPS  (SI), Y2, Y0
	VMULPS  (BX), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, BX
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JZ   done
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS (SI), Y9, Y0
	VMASKMOVPS (BX), Y9, Y1
	VMULPS     Y0, Y2, Y0
	VMULPS     Y1, Y0, Y0
	VMASKMOVPS Y0, Y9, (DI)

done:
	VZEROUPPER
	RET

// func inversesAVX2(dst, x *float32, alpha float32, y *float32, n int)
TEXT ·inversesAVX2(SB), NOSPLIT, $0-40
	MOVQ         dst+0(FP), DI
	MOVQ         x+8(FP), SI
	VBROADCASTSS alpha+16(FP), Y2
	MOVQ         y+24(FP), BX
	MOVQ         n+32(FP), CX
	VBROADCASTSS one<>(SB), Y3
	SUBQ         $8, CX
	JLT          rest

loop:
	VMOVUPS     (SI), Y0
	VFMADD231PS (BX), Y2, Y0
	VDIVPS      Y0, Y3, Y0
	VMOVUPS     Y0, (DI)
	ADDQ        $32, SI
	ADDQ        $32, BX
	ADDQ        $32, DI
	SUBQ        $8, CX
	JGE         loop

rest:
	ADDQ $8, CX
	JZ   done
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (SI), Y9, Y0
	VMASKMOVPS  (BX), Y9, Y1
	VFMADD231PS Y1, Y2, Y0
	VDIVPS      Y0, Y3, Y0
	VMASKMOVPS  Y0, Y9, (DI)

done:
	VZEROUPPER
	RET

// func inverseRootsAVX2(dst, x *float32, alpha float32, n int)
TEXT ·inverseRootsAVX2(SB), NOSPLIT, $0-32
	MOVQ         dst+0(FP), DI
	MOVQ         x+8(FP), SI
	VBROADCASTSS alpha+16(FP), Y2
	MOVQ         n+24(FP), CX
	VBROADCASTSS one<>(SB), Y3
	SUBQ         $8, CX
	JLT          rest

loop:
	VADDPS  (SI), Y2, Y0
	VSQRTPS Y0, Y0
	VDIVPS  Y0, Y3, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JZ   done
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS (SI), Y9, Y0
	VADDPS     Y0, Y2, Y0
	VSQRTPS    Y0, Y0
	VDIVPS     Y0, Y3, Y0
	VMASKMOVPS Y0, Y9, (DI)

done:
	VZEROUPPER
	RET

// func gatherAVX2(dst *float32, ld int, table *float32, width int, index *int32, alpha, y *float32, rows int)
//
// Row i of dst becomes alpha[i] times row index[i] of the table, times y. The
// row four ahead is asked for in time; its later lines the processor fetches of
// its own accord.
TEXT ·gatherAVX2(SB), NOSPLIT, $0-64
	MOVQ dst+0(FP), R8
	MOVQ ld+8(FP), R9
	MOVQ table+16(FP), R10
	MOVQ width+24(FP), R11
	MOVQ index+32(FP), R12
	MOVQ alpha+40(FP), R13
	MOVQ rows+56(FP), AX
	SHLQ $2, R9

row:
	CMPQ    AX, $4
	JLE     fetched
	MOVLQSX 16(R12), SI
	IMULQ   R11, SI
	LEAQ    (R10)(SI*4), SI
	PREFETCHT0 (SI)
	PREFETCHT0 64(SI)
	PREFETCHT0 128(SI)
	PREFETCHT0 192(SI)

fetched:
	MOVLQSX      (R12), SI
	IMULQ        R11, SI
	LEAQ         (R10)(SI*4), SI
	VBROADCASTSS (R13), Y2
	MOVQ         y+48(FP), BX
	MOVQ         R8, DI
	MOVQ         R11, CX
	SUBQ         $8, CX
	JLT          rest

loop:
	VMULPS  (SI), Y2, Y0
	VMULPS  (BX), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ    $32, SI
	ADDQ    $32, BX
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     loop

rest:
	ADDQ $8, CX
	JZ   next
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS (SI), Y9, Y0
	VMASKMOVPS (BX), Y9, Y1
	VMULPS     Y0, Y2, Y0
	VMULPS     Y1, Y0, Y0
	VMASKMOVPS Y0, Y9, (DI)

next:
	ADDQ R9, R8
	ADDQ $4, R12
	ADDQ $4, R13
	DECQ AX
	JNZ  row
	VZEROUPPER
	RET

// ROWS sets four registers to the addresses of the rows that R12 points to the
// numbers of, in the table at R10 with rows of R11 numbers.
#define ROWS(a, b, c, d) \
	MOVLQSX (R12), a   \
	MOVLQSX 4(R12), b  \
	MOVLQSX 8(R12), c  \
	MOVLQSX 12(R12), d \
	IMULQ   R11, a     \
	IMULQ   R11, b     \
	IMULQ   R11, c     \
	IMULQ   R11, d     \
	LEAQ    (R10)(a*4), a \
	LEAQ    (R10)(b*4), b \
	LEAQ    (R10)(c*4), c \
	LEAQ    (R10)(d*4), d \
	ADDQ    $16, R12

// func gatherDotAVX2(dst, table *float32, index *int32, x *float32, rows, n int)
//
// As dotRowsAVX2; rows is a multiple of four.
TEXT ·gatherDotAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ table+8(FP), R10
	MOVQ index+16(FP), R12
	MOVQ rows+32(FP), R13
	MOVQ n+40(FP), R11

four:
	ROWS(AX, BX, R8, R9)
	MOVQ   x+24(FP), SI
	MOVQ   R11, CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7
	XORQ   DX, DX
	SUBQ   $16, CX
	JLT    eights

loop:
	VMOVUPS     (SI)(DX*1), Y8
	VMOVUPS     32(SI)(DX*1), Y9
	VFMADD231PS (AX)(DX*1), Y8, Y0
	VFMADD231PS 32(AX)(DX*1), Y9, Y4
	VFMADD231PS (BX)(DX*1), Y8, Y1
	VFMADD231PS 32(BX)(DX*1), Y9, Y5
	VFMADD231PS (R8)(DX*1), Y8, Y2
	VFMADD231PS 32(R8)(DX*1), Y9, Y6
	VFMADD231PS (R9)(DX*1), Y8, Y3
	VFMADD231PS 32(R9)(DX*1), Y9, Y7
	ADDQ        $64, DX
	SUBQ        $16, CX
	JGE         loop

eights:
	ADDQ        $8, CX
	JLT         rest
	VMOVUPS     (SI)(DX*1), Y8
	VFMADD231PS (AX)(DX*1), Y8, Y0
	VFMADD231PS (BX)(DX*1), Y8, Y1
	VFMADD231PS (R8)(DX*1), Y8, Y2
	VFMADD231PS (R9)(DX*1), Y8, Y3
	ADDQ        $32, DX
	SUBQ        $8, CX

rest:
	ADDQ $8, CX
	JZ   sum
	ADDQ DX, SI
	ADDQ DX, AX
	ADDQ DX, BX
	ADDQ DX, R8
	ADDQ DX, R9
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (SI), Y9, Y8
	VMASKMOVPS  (AX), Y9, Y10
	VMASKMOVPS  (BX), Y9, Y11
	VMASKMOVPS  (R8), Y9, Y12
	VMASKMOVPS  (R9), Y9, Y13
	VFMADD231PS Y10, Y8, Y4
	VFMADD231PS Y11, Y8, Y5
	VFMADD231PS Y12, Y8, Y6
	VFMADD231PS Y13, Y8, Y7

sum:
	VADDPS       Y4, Y0, Y0
	VADDPS       Y5, Y1, Y1
	VADDPS       Y6, Y2, Y2
	VADDPS       Y7, Y3, Y3
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	SUBQ         $4, R13
	JGT          four
	VZEROUPPER
	RET

// func gatherAxpyAVX2(dst, alpha, table *float32, index *int32, rows, n int)
//
// As axpyRowsAVX2; rows is a multiple of four.
TEXT ·gatherAxpyAVX2(SB), NOSPLIT, $0-48
	MOVQ alpha+8(FP), SI
	MOVQ table+16(FP), R10
	MOVQ index+24(FP), R12
	MOVQ rows+32(FP), R13
	MOVQ n+40(FP), R11

four:
	ROWS(AX, BX, R8, R9)
	MOVQ         dst+0(FP), DI
	MOVQ         R11, CX
	VBROADCASTSS (SI), Y4
	VBROADCASTSS 4(SI), Y5
	VBROADCASTSS 8(SI), Y6
	VBROADCASTSS 12(SI), Y7
	XORQ         DX, DX
	SUBQ         $8, CX
	JLT          rest

loop:
	VMOVUPS     (DI)(DX*1), Y0
	VMULPS      (BX)(DX*1), Y5, Y1
	VFMADD231PS (AX)(DX*1), Y4, Y0
	VFMADD231PS (R8)(DX*1), Y6, Y1
	VFMADD231PS (R9)(DX*1), Y7, Y0
	VADDPS      Y1, Y0, Y0
	VMOVUPS     Y0, (DI)(DX*1)
	ADDQ        $32, DX
	SUBQ        $8, CX
	JGE         loop

rest:
	ADDQ $8, CX
	JZ   next
	ADDQ DX, DI
	ADDQ DX, AX
	ADDQ DX, BX
	ADDQ DX, R8
	ADDQ DX, R9
	TAILMASK(CX, DX, Y9)
	VMASKMOVPS  (DI), Y9, Y0
	VMASKMOVPS  (AX), Y9, Y10
	VMASKMOVPS  (BX), Y9, Y11
	VMASKMOVPS  (R8), Y9, Y12
	VMASKMOVPS  (R9), Y9, Y13
	VFMADD231PS Y10, Y4, Y0
	VFMADD231PS Y11, Y5, Y0
	VFMADD231PS Y12, Y6, Y0
	VFMADD231PS Y13, Y7, Y0
	VMASKMOVPS  Y0, Y9, (DI)

next:
	ADDQ $16, SI
	SUBQ $4, R13
	JGT  four
	VZEROUPPER
	RET
