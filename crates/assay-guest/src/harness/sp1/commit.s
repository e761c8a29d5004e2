# s0: schedule of 64 words; s1: round constants; s2: state; s3, s4: first byte of the padded message and the one behind it
block:
    mv t0, s3
    mv t1, s0
    addi t2, s3, 64
take:
    lbu t3, 0(t0)
    lbu t4, 1(t0)
    slli t3, t3, 8
    or t3, t3, t4
    lbu t4, 2(t0)
    slli t3, t3, 8
    or t3, t3, t4
    lbu t4, 3(t0)
    slli t3, t3, 8
    or t3, t3, t4
    sw t3, 0(t1)
    addi t0, t0, 4
    addi t1, t1, 4
    bltu t0, t2, take
    addi t2, s0, 256
extend:
    lw t3, -60(t1)
    srliw t4, t3, 7
    slliw t5, t3, 25
    or t4, t4, t5
    srliw t5, t3, 18
    slliw t6, t3, 14
    or t5, t5, t6
    xor t4, t4, t5
    srliw t5, t3, 3
    xor t0, t4, t5
    lw t3, -8(t1)
    srliw t4, t3, 17
    slliw t5, t3, 15
    or t4, t4, t5
    srliw t5, t3, 19
    slliw t6, t3, 13
    or t5, t5, t6
    xor t4, t4, t5
    srliw t5, t3, 10
    xor t4, t4, t5
    addw t0, t0, t4
    lw t3, -64(t1)
    addw t0, t0, t3
    lw t3, -28(t1)
    addw t0, t0, t3
    sw t0, 0(t1)
    addi t1, t1, 4
    bltu t1, t2, extend

    lw a0, 0(s2)
    lw a1, 4(s2)
    lw a2, 8(s2)
    lw a3, 12(s2)
    lw a4, 16(s2)
    lw a5, 20(s2)
    lw a6, 24(s2)
    lw a7, 28(s2)
    mv t0, s1
    mv t1, s0
round:
    srliw t3, a4, 6
    slliw t4, a4, 26
    or t3, t3, t4
    srliw t4, a4, 11
    slliw t5, a4, 21
    or t4, t4, t5
    xor t3, t3, t4
    srliw t4, a4, 25
    slliw t5, a4, 7
    or t4, t4, t5
    xor t3, t3, t4
    addw t3, t3, a7
    and t4, a4, a5
    not t5, a4
    and t5, t5, a6
    xor t4, t4, t5
    addw t3, t3, t4
    lw t4, 0(t0)
    addw t3, t3, t4
    lw t4, 0(t1)
    addw t3, t3, t4
    srliw t4, a0, 2
    slliw t5, a0, 30
    or t4, t4, t5
    srliw t5, a0, 13
    slliw t6, a0, 19
    or t5, t5, t6
    xor t4, t4, t5
    srliw t5, a0, 22
    slliw t6, a0, 10
    or t5, t5, t6
    xor t4, t4, t5
    and t5, a0, a1
    and t6, a0, a2
    xor t5, t5, t6
    and t6, a1, a2
    xor t5, t5, t6
    addw t4, t4, t5
    mv a7, a6
    mv a6, a5
    mv a5, a4
    addw a4, a3, t3
    mv a3, a2
    mv a2, a1
    mv a1, a0
    addw a0, t3, t4
    addi t0, t0, 4
    addi t1, t1, 4
    bltu t1, t2, round

    lw t3, 0(s2)
    addw t3, t3, a0
    sw t3, 0(s2)
    lw t3, 4(s2)
    addw t3, t3, a1
    sw t3, 4(s2)
    lw t3, 8(s2)
    addw t3, t3, a2
    sw t3, 8(s2)
    lw t3, 12(s2)
    addw t3, t3, a3
    sw t3, 12(s2)
    lw t3, 16(s2)
    addw t3, t3, a4
    sw t3, 16(s2)
    lw t3, 20(s2)
    addw t3, t3, a5
    sw t3, 20(s2)
    lw t3, 24(s2)
    addw t3, t3, a6
    sw t3, 24(s2)
    lw t3, 28(s2)
    addw t3, t3, a7
    sw t3, 28(s2)
    addi s3, s3, 64
    bltu s3, s4, block

# COMMIT(a0: index, a1: word) for each word, its bytes in the other order.
    lui a0, 0
    addi t2, s2, 32
words:
    lbu a1, 0(s2)
    lbu t3, 1(s2)
    slli a1, a1, 8
    or a1, a1, t3
    lbu t3, 2(s2)
    slli a1, a1, 8
    or a1, a1, t3
    lbu t3, 3(s2)
    slli a1, a1, 8
    or a1, a1, t3
    lui t0, 0
    addi t0, t0, 0x10
    ecall
    addi a0, a0, 1
    addi s2, s2, 4
    bltu s2, t2, words

# COMMIT_DEFERRED_PROOFS(a0: index, a1: 0) for each word.
    lui a0, 0
    lui a1, 0
    lui t2, 0
    addi t2, t2, 8
deferred:
    lui t0, 0
    addi t0, t0, 0x1a
    ecall
    addi a0, a0, 1
    bltu a0, t2, deferred
