# What is written to x0 is lost, whoever writes it.
li a0, 1; li t0, 5; add zero, t0, t0; mv t1, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 2; addi zero, zero, 7; addi t1, zero, 1; li t6, 1; beq t1, t6, 1f; j fail; 1: add a1, a1, t1
li a0, 3; lui zero, 0x12345; or t1, zero, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 4; auipc zero, 1; xor t1, zero, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 5; li t0, MEMORY; lw zero, 0(t0); mv t1, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 6; li t0, 7; mul zero, t0, t0; mv t1, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 7; div zero, t0, t0; mv t1, zero; beq t1, zero, 1f; j fail; 1: sltiu t1, t1, 1; add a1, a1, t1
li a0, 8; sub zero, zero, t0; sltu t1, zero, t0; li t6, 1; beq t1, t6, 1f; j fail; 1: add a1, a1, t1
