# Jumps by an immediate: where they lead, and what they leave in the link register.
li a0, 1; li t0, 0; jal t1, 2f; li t0, 1; 2: beq t0, zero, 1f; j fail; 1: addi a1, a1, 1
li a0, 2; auipc t2, 0; jal t1, 2f; j fail; 2: addi t2, t2, 8; beq t1, t2, 1f; j fail; 1: addi a1, a1, 1
# Backwards.
li a0, 3; li t0, 0; j 3f; 2: li t0, 7; j 4f; 3: jal t1, 2b; j fail; 4: li t6, 7; beq t0, t6, 1f; j fail; 1: addi a1, a1, 1
# Without a link x0 stays what it is.
li a0, 4; jal zero, 2f; j fail; 2: beq zero, zero, 1f; j fail; 1: sltu t0, zero, zero; add t0, t0, zero; beq t0, zero, 1f; j fail; 1: addi a1, a1, 1
# The link of a jump to the next instruction.
li a0, 5; auipc t2, 0; jal ra, 2f; 2: addi t2, t2, 8; beq ra, t2, 1f; j fail; 1: addi a1, a1, 1
