# Fences order what one hart does anyway: they change nothing.
li a0, 1; li t0, 5; fence; li t6, 5; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1
li a0, 2; li t1, MEMORY; lw t2, 0(t1); li t3, 0x1234; sw t3, 0(t1); fence rw, rw; lw t4, 0(t1); sw t2, 0(t1); beq t3, t4, 1f; j fail; 1: addi a1, a1, 1
