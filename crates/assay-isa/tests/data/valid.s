# A little of everything that the assembler takes.
        .option norvc
        .section .text.start, "ax", @progbits
        .globl  _start
        .type   _start, @function
        .equ    SIZE, 1 << 3
        COUNT = SIZE * 2 + 'a' - 97
_start: li      sp, 0x12345678     // a constant
        la      a0, table
        mv      a1, zero; nop
        li      a2, COUNT
1:      lw      t0, 0(a0)          /* a loop
                                      with a long comment */
        lbu     t1, %lo(SIZE)(a0)
        add     a1, a1, t0
        addi    a0, a0, 4
        addi    a2, a2, -1
        bnez    a2, 1b
        beqz    a1, 2f
        bne     x7, x5, -16
        call    function@plt
2:      lui     a3, %hi(table)
        addi    a3, a3, %lo(table)
3:      auipc   a4, %pcrel_hi(table)
        ld      a5, %pcrel_lo(3b)(a4)
        amoadd.w.aqrl a0, a1, (a2)
        lr.d    a0, (a1)
        fence   rw, w
        fence.i
        .insn   i 0x0b, 0, x0, x0, 1
        .insn   r CUSTOM_0, 7, 0x7f, a0, a1, a2
        sw      a0, table, t0
        tail    function
        .p2align 3
function:
        jalr    zero, 0(ra)
        ret
        unimp
        .cfi_endproc
        .size   _start, . - _start
        .data
        .balign 8
table:  .word   1, 2, table, . - table, ~0 & 0xff
        .half   1, 0xffff
        .byte   'a', '\n', -1
        .asciz  "text \"quoted\"\n\x41\101"
        .align  3
        .dword  0x123456789abcdef0, function
        .space  SIZE, 0xff
        .string "a", "b"
        .fill   3, 2, SIZE
        .equiv  LAST, SIZE + 1
        .section ".note.GNU-stack", "", @progbits
        .section .note.GNU-stack, "", @progbits
