# Loads of what stores of other widths wrote: the bytes of a cell from several stores, parts of one store.
li a0, 1; li s0, MEMORY; lw s1, 0(s0); li t0, 0x11; sb t0, 0(s0); li t0, 0x22; sb t0, 1(s0); li t0, 0x33; sb t0, 2(s0); li t0, 0x44; sb t0, 3(s0); lw t1, 0(s0); li t6, 0x44332211; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 2; li t0, 0x8281; sh t0, 0(s0); lw t1, 0(s0); li t6, 0x44338281; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 3; lhu t1, 0(s0); li t6, 0x8281; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 4; lh t1, 0(s0); li t6, -0x7d7f; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 5; lb t1, 1(s0); li t6, -0x7e; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 6; lbu t1, 1(s0); li t6, 0x82; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
# A store does not reach beyond its own bytes.
li a0, 7; lw s2, 4(s0); li t0, -1; sw t0, 0(s0); lw t1, 4(s0); beq t1, s2, 1f; j fail; 1: addi a1, a1, 1
li a0, 8; li t0, 0x7f; sb t0, 3(s0); lw t1, 0(s0); li t6, 0x7fffffff; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
# The base is the value, and the destination is the base.
li a0, 9; mv t0, s0; sw t0, 0(t0); lw t0, 0(t0); beq t0, s0, 1f; j fail; 1: addi a1, a1, 1
li a0, 10; ld s3, 8(s0); li t0, 0x0102030405060708; sd t0, 8(s0); lw t1, 12(s0); li t6, 0x01020304; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1 # rv64 only
li a0, 11; li t0, -2; sw t0, 8(s0); ld t1, 8(s0); li t6, 0x01020304fffffffe; sd s3, 8(s0); beq t1, t6, 1f; j fail; 1: addi a1, a1, 1 # rv64 only
sw s1, 0(s0)
