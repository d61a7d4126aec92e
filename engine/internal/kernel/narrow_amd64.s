//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// The lane that each lane of a row takes to make the four numbers of a block's
// rows out of its first four.
DATA spread<>+0(SB)/8, $0x0101010100000000
DATA spread<>+8(SB)/8, $0x0303030302020202
DATA spread<>+16(SB)/4, $4
DATA spread<>+20(SB)/4, $1.0
GLOBL spread<>(SB), RODATA|NOPTR, $24

// ROWS adds the products of the first four numbers of a row, at AX, with the numbers
// in Z0 to the sums of the first four rows in Z16 to Z19. BLOCKS adds the products of
// the numbers in Z6 to Z8, each four times, with those in Z2 to Z4, all four four
// times, to the blocks in Z20 to Z25.
#define ROWS \
	VFMADD231PS.BCST (AX), Z0, Z16   \
	VFMADD231PS.BCST 4(AX), Z0, Z17  \
	VFMADD231PS.BCST 8(AX), Z0, Z18  \
	VFMADD231PS.BCST 12(AX), Z0, Z19

#define BLOCKS \
	VFMADD231PS Z2, Z6, Z20 \
	VFMADD231PS Z3, Z6, Z21 \
	VFMADD231PS Z4, Z6, Z22 \
	VFMADD231PS Z3, Z7, Z23 \
	VFMADD231PS Z4, Z7, Z24 \
	VFMADD231PS Z4, Z8, Z25

// START reads the arguments and clears the sums. NEXT reads the next row of the
// table, and all but its first four numbers by four; it asks for the row that is
// AHEAD of it.
#define AHEAD 12

#define START \
	MOVQ s+0(FP), DI      \
	MOVQ table+8(FP), SI  \
	MOVQ index+16(FP), DX \
	MOVQ n+24(FP), CX     \
	VPMOVZXBD spread<>(SB), Z27 \
	VPXORD Z16, Z16, Z16 \
	VPXORD Z17, Z17, Z17 \
	VPXORD Z18, Z18, Z18 \
	VPXORD Z19, Z19, Z19 \
	VPXORD Z20, Z20, Z20 \
	VPXORD Z21, Z21, Z21 \
	VPXORD Z22, Z22, Z22 \
	VPXORD Z23, Z23, Z23 \
	VPXORD Z24, Z24, Z24 \
	VPXORD Z25, Z25, Z25 \
	VPXORD Z26, Z26, Z26

#define NEXT(near) \
	CMPQ    CX, $AHEAD           \
	JLE     near                 \
	MOVLQSX (4*AHEAD)(DX), AX    \
	SHLQ    $6, AX               \
	PREFETCHT0 (SI)(AX*1)        \
near:                                \
	MOVLQSX (DX), AX             \
	SHLQ    $6, AX               \
	ADDQ    SI, AX               \
	VMOVUPS (AX), Z0             \
	VBROADCASTF32X4 16(AX), Z2   \
	VBROADCASTF32X4 32(AX), Z3   \
	VBROADCASTF32X4 48(AX), Z4

#define FINISH \
	VMOVUPS Z16, (DI)    \
	VMOVUPS Z17, 64(DI)  \
	VMOVUPS Z18, 128(DI) \
	VMOVUPS Z19, 192(DI) \
	VMOVUPS Z20, 256(DI) \
	VMOVUPS Z21, 320(DI) \
	VMOVUPS Z22, 384(DI) \
	VMOVUPS Z23, 448(DI) \
	VMOVUPS Z24, 512(DI) \
	VMOVUPS Z25, 576(DI) \
	VMOVUPS Z26, 640(DI) \
	VZEROUPPER           \
	RET

// func narrowCountAVX512(s *system, table *float32, index *int32, n int)
//
// Where weights and targets are ones.
TEXT ·narrowCountAVX512(SB), NOSPLIT, $0-32
	START

loop:
	NEXT(near)
	VPERMILPS Z27, Z2, Z6
	VPERMILPS Z27, Z3, Z7
	VPERMILPS Z27, Z4, Z8
	ROWS
	BLOCKS
	VADDPS Z0, Z26, Z26
	ADDQ   $4, DX
	DECQ   CX
	JNZ    loop
	FINISH

// func narrowSumAVX512(s *system, table *float32, index *int32, n int, weight, target *float32, weightStep, targetStep int)
TEXT ·narrowSumAVX512(SB), NOSPLIT, $0-64
	START
	MOVQ weight+32(FP), R8
	MOVQ target+40(FP), R9
	MOVQ weightStep+48(FP), R10
	MOVQ targetStep+56(FP), R11
	VPBROADCASTD spread<>+16(SB), Z31
	VPADDD Z31, Z27, Z28
	VPADDD Z31, Z28, Z29
	VPADDD Z31, Z29, Z30

loop:
	NEXT(near)
	VMULPS.BCST (R8), Z0, Z0
	VPERMPS     Z0, Z28, Z6
	VPERMPS     Z0, Z29, Z7
	VPERMPS     Z0, Z30, Z8
	ROWS
	BLOCKS
	VFMADD231PS.BCST (R9), Z0, Z26
	ADDQ R10, R8
	ADDQ R11, R9
	ADDQ $4, DX
	DECQ CX
	JNZ  loop
	FINISH

// TURN makes of sixteen numbers of each of sixteen systems, in Z0 to Z15, a number of
// every system in each: it transposes. TURN4 does so with four times four numbers
// within the quarters of registers, and QUARTERS with the quarters of four.
#define TURN4(a, b, c, d) \
	VUNPCKLPS b, a, Z16   \
	VUNPCKHPS b, a, Z17   \
	VUNPCKLPS d, c, Z18   \
	VUNPCKHPS d, c, Z19   \
	VUNPCKLPD Z18, Z16, a \
	VUNPCKHPD Z18, Z16, b \
	VUNPCKLPD Z19, Z17, c \
	VUNPCKHPD Z19, Z17, d

#define QUARTERS(a, b, c, d) \
	VSHUFF32X4 $0x88, b, a, Z16   \
	VSHUFF32X4 $0xdd, b, a, Z17   \
	VSHUFF32X4 $0x88, d, c, Z18   \
	VSHUFF32X4 $0xdd, d, c, Z19   \
	VSHUFF32X4 $0x88, Z18, Z16, a \
	VSHUFF32X4 $0x88, Z19, Z17, b \
	VSHUFF32X4 $0xdd, Z18, Z16, c \
	VSHUFF32X4 $0xdd, Z19, Z17, d

#define TURN \
	TURN4(Z0, Z1, Z2, Z3)      \
	TURN4(Z4, Z5, Z6, Z7)      \
	TURN4(Z8, Z9, Z10, Z11)    \
	TURN4(Z12, Z13, Z14, Z15)  \
	QUARTERS(Z0, Z4, Z8, Z12)  \
	QUARTERS(Z1, Z5, Z9, Z13)  \
	QUARTERS(Z2, Z6, Z10, Z14) \
	QUARTERS(Z3, Z7, Z11, Z15)

// FIRST3 and the like apply a macro to the first few registers and their numbers.
#define FIRST1(f) f(0, Z0)
#define FIRST2(f) FIRST1(f) f(1, Z1)
#define FIRST3(f) FIRST2(f) f(2, Z2)
#define FIRST4(f) FIRST3(f) f(3, Z3)
#define FIRST5(f) FIRST4(f) f(4, Z4)
#define FIRST6(f) FIRST5(f) f(5, Z5)
#define FIRST7(f) FIRST6(f) f(6, Z6)
#define FIRST8(f) FIRST7(f) f(7, Z7)
#define FIRST9(f) FIRST8(f) f(8, Z8)
#define FIRST10(f) FIRST9(f) f(9, Z9)
#define FIRST11(f) FIRST10(f) f(10, Z10)
#define FIRST12(f) FIRST11(f) f(11, Z11)
#define FIRST13(f) FIRST12(f) f(12, Z12)
#define FIRST14(f) FIRST13(f) f(13, Z13)
#define FIRST15(f) FIRST14(f) f(14, Z14)
#define FIRST16(f) FIRST15(f) f(15, Z15)
#define FIRST17(f) FIRST16(f) f(16, Z16)

// Of u: bytes from a number to the one right of it, below it, and below that one.
#define RIGHT 64
#define DOWN (17*64)
#define DIAGONAL (18*64)

#define OFSYSTEM(i, z) VMOVUPS (4*const_systemSize*i)(SI), z;
#define DOWNWARD(i, z) VMOVUPS z, (DOWN*i)(DX);
#define ACROSS(i, z) VMOVUPS z, (RIGHT*i)(DX);
#define INBLOCK(i, z) VMOVUPS z, (DOWN*(i/4) + RIGHT*(i%4))(DX);
#define INX(i, z) VMOVUPS z, (64*i)(DI);

#define LOAD(j, z) VMOVUPS (RIGHT*j)(AX), z;
#define STORE(j, z) VMOVUPS z, (RIGHT*j)(AX);
#define TAKE(j, z) VFNMADD231PS (RIGHT*j)(DX), Z28, z;

// ROW eliminates the next row of u, R9 below the first, whose diagonal is at AX
// and column at BX: it takes the rows above out of its numbers, the last of
// which, in y, is the right-hand side.
#define ROW(numbers, y, above, done) \
	numbers(LOAD)                \
	VADDPS.BCST (R8), Z31, Z29   \
	VADDPS Z29, Z0, Z0           \
	VMOVAPS Z0, Z26              \
	MOVQ   BX, DX                \
	MOVQ   DI, R10               \
	MOVQ   R9, CX                \
	TESTQ  CX, CX                \
	JZ     done                  \
above:                               \
	VMOVUPS (DX), Z28            \
	VMULPS  (R10), Z28, Z28      \
	numbers(TAKE)                \
	ADDQ    $DOWN, DX            \
	ADDQ    $DIAGONAL, R10       \
	DECQ    CX                   \
	JNZ     above                \
done:                                \
	VMAXPS Z29, Z0, Z0           \
	VDIVPS Z0, Z27, Z0           \
	numbers(STORE)               \
	VMULPS y, Z0, Z28            \
	VFMADD231PS y, Z28, Z30      \
	VMULPS Z0, Z26, Z26          \
	VMAXPS Z26, Z25, Z25         \
	ADDQ   $DIAGONAL, AX         \
	ADDQ   $RIGHT, BX            \
	ADDQ   $4, R8                \
	INCQ   R9

#define RIGHTHAND(i, z) VMOVUPS (DOWN*i + 16*RIGHT)(DI), z;
#define LESS(k, z) VFNMADD231PS (DOWN*k)(BX), Z28, z;

// BACK makes the next number of the solution, from the last to the first, and
// takes it out of those before it. Its diagonal is at AX and its column at BX.
#define BACK(z, before) \
	SUBQ    $DIAGONAL, AX     \
	SUBQ    $RIGHT, BX        \
	VMULPS  (AX), z, Z28      \
	before(LESS)              \
	VMOVAPS Z28, z            \
	VFMADD231PS Z28, Z28, Z29

#define NONE(f)

// func narrowSolveAVX512(b *Bundle, spectrum, reg *[Narrow]float32)
//
// Every register holds a number of each of the sixteen systems.
TEXT ·narrowSolveAVX512(SB), NOSPLIT, $0-24
	MOVQ b+0(FP), SI // the systems
	LEAQ Bundle_u(SI), DI

	MOVQ DI, DX
	MOVQ $4, R10

rows:
	FIRST16(OFSYSTEM)
	TURN
	FIRST16(ACROSS)
	ADDQ $64, SI
	ADDQ $DOWN, DX
	DECQ R10
	JNZ  rows

	LEAQ (4*DIAGONAL)(DI), BX
	MOVQ $3, R10

blocks: // of a row of blocks, R10 of them
	MOVQ BX, DX
	MOVQ R10, R11

block:
	FIRST16(OFSYSTEM)
	TURN
	FIRST16(INBLOCK)
	ADDQ $64, SI
	ADDQ $(4*RIGHT), DX
	DECQ R11
	JNZ  block
	ADDQ $(4*DIAGONAL), BX
	DECQ R10
	JNZ  blocks

	FIRST16(OFSYSTEM)
	TURN
	LEAQ (16*RIGHT)(DI), DX
	FIRST16(DOWNWARD)

	MOVQ   spectrum+8(FP), R8
	MOVQ   reg+16(FP), DX
	VMOVUPS (DX), Z31
	VPXORD Z30, Z30, Z30 // gain
	VPXORD Z25, Z25, Z25 // shrunk
	VBROADCASTSS spread<>+20(SB), Z27
	XORQ   R9, R9
	MOVQ   DI, AX
	MOVQ   DI, BX
	ROW(FIRST17, Z16, above0, done0)
	ROW(FIRST16, Z15, above1, done1)
	ROW(FIRST15, Z14, above2, done2)
	ROW(FIRST14, Z13, above3, done3)
	ROW(FIRST13, Z12, above4, done4)
	ROW(FIRST12, Z11, above5, done5)
	ROW(FIRST11, Z10, above6, done6)
	ROW(FIRST10, Z9, above7, done7)
	ROW(FIRST9, Z8, above8, done8)
	ROW(FIRST8, Z7, above9, done9)
	ROW(FIRST7, Z6, above10, done10)
	ROW(FIRST6, Z5, above11, done11)
	ROW(FIRST5, Z4, above12, done12)
	ROW(FIRST4, Z3, above13, done13)
	ROW(FIRST3, Z2, above14, done14)
	ROW(FIRST2, Z1, above15, done15)

	FIRST16(RIGHTHAND)
	VPXORD Z29, Z29, Z29 // square
	BACK(Z15, FIRST15)
	BACK(Z14, FIRST14)
	BACK(Z13, FIRST13)
	BACK(Z12, FIRST12)
	BACK(Z11, FIRST11)
	BACK(Z10, FIRST10)
	BACK(Z9, FIRST9)
	BACK(Z8, FIRST8)
	BACK(Z7, FIRST7)
	BACK(Z6, FIRST6)
	BACK(Z5, FIRST5)
	BACK(Z4, FIRST4)
	BACK(Z3, FIRST3)
	BACK(Z2, FIRST2)
	BACK(Z1, FIRST1)
	BACK(Z0, NONE)

	MOVQ b+0(FP), SI
	VMOVUPS Z30, Bundle_Gain(SI)
	VMOVUPS Z29, Bundle_Square(SI)
	VMOVUPS Z25, Bundle_Shrunk(SI)
	TURN
	LEAQ Bundle_X(SI), DI
	FIRST16(INX)
	VZEROUPPER
	RET
