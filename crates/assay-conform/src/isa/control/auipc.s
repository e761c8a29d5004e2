# An upper immediate added to the address of the instruction itself.
li a0, 1; auipc t0, 0; jal t1, 2f; 2: sub t1, t1, t0; li t6, 8; beq t1, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 2; auipc t0, 1; auipc t1, 0; sub t0, t0, t1; li t6, 0xffc; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1
# Negative immediates wrap around or go below.
li a0, 3; auipc t0, 0xfffff; auipc t1, 0; sub t0, t1, t0; li t6, 0x1004; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 4; auipc t0, 0x7ffff; auipc t1, 0; sub t0, t0, t1; li t6, 0x7fffeffc; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1
# The top bit of the immediate is the sign: 2^31 below, whatever the width.
li a0, 5; auipc t0, 0x80000; auipc t1, 0; sub t0, t0, t1; li t6, -0x80000004; addi t6, t6, 0; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1 # rv64 only
