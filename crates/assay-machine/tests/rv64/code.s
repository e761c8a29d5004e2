# Code that changes itself: a store takes effect, with FENCE.I as any hart needs it.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.
# The image is mapped with all permissions for this file.

_start:
    la s0, patch; la s1, with; lw t1, 0(s1); sw t1, 0(s0); fence.i
    li gp, 1; nop
patch:
    li t3, 1; li t6, 0x4d; beq t3, t6, 1f; j fail; 1:  # overwritten ahead of its first execution
    # The same place is executed, overwritten and executed again.
    li s2, 0
    li s3, 0
loop:
    la s0, turn
turn:
    li t3, 1
    add s2, s2, t3
    la s1, with
    lw t1, 0(s1)
    sw t1, 0(s0)
    fence.i
    addi s3, s3, 1
    li t2, 3
    blt s3, t2, loop
    li gp, 2; nop; li t6, 0x9b; beq s2, t6, 1f; j fail; 1:
    # Byte by byte: the upper immediate byte of `li t3, 77` becomes that of `li t3, 1101`.
    la s0, bytes
    li t1, 0x44
    sb t1, 3(s0)
    fence.i
    li gp, 3; nop
bytes:
    li t3, 77; li t6, 0x44d; beq t3, t6, 1f; j fail; 1:
    j pass
with:
    li t3, 77
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
