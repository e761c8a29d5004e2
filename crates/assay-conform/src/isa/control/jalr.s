# Jumps to a register: offsets of both signs, links, a link that replaces the base.
li a0, 1; auipc t0, 0; jalr t1, 12(t0); j fail; addi t0, t0, 8; beq t1, t0, 1f; j fail; 1: addi a1, a1, 1
# The destination is the base: the old value is the target, the new one the link.
li a0, 2; auipc t0, 0; mv t2, t0; jalr t0, 16(t0); j fail; addi t2, t2, 12; beq t0, t2, 1f; j fail; 1: addi a1, a1, 1
# A negative offset.
li a0, 3; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: auipc t0, 0; jalr t1, -8(t0); j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1: addi a1, a1, 1
# The lowest bit of the sum is dropped (bugs/risc0-odd-jump.toml).
li a0, 4; auipc t0, 0; addi t0, t0, 1; jalr t1, 16(t0); j fail; j 1f; j fail; 1: addi a1, a1, 1 # known not to be proved everywhere
li a0, 5; auipc t0, 0; jalr t1, 13(t0); j fail; j 1f; j fail; 1: addi a1, a1, 1 # known not to be proved everywhere
# No link.
li a0, 6; auipc t0, 0; jalr zero, 12(t0); j fail; add t1, zero, zero; beq t1, zero, 1f; j fail; 1: addi a1, a1, 1
