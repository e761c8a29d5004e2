# Shifts by register: amounts are taken modulo the width.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.

_start:
    # sll
    li gp, 1; li t1, 1; li t2, 0; sll t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 2; li t1, 1; li t2, 0x21; sll t3, t1, t2; li t6, 0x200000000; beq t3, t6, 1f; j fail; 1:
    li gp, 3; li t1, 1; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 4; li t1, 0xffffffffffffffff; li t2, 0; sll t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 5; li t1, 0xffffffffffffffff; li t2, 1; sll t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 6; li t1, 0xffffffffffffffff; li t2, 0x1f; sll t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 7; li t1, 0xffffffffffffffff; li t2, 0x21; sll t3, t1, t2; li t6, 0xfffffffe00000000; beq t3, t6, 1f; j fail; 1:
    li gp, 8; li t1, 0xffffffffffffffff; li t2, 0x3f; sll t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 9; li t1, 0xffffffffffffffff; li t2, 0x40; sll t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 10; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 11; li t1, 0xffffffffffffffff; li t2, 0x100000007; sll t3, t1, t2; li t6, 0xffffffffffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 12; li t1, 0x123456789abcdef0; li t2, 0; sll t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 13; li t1, 0x123456789abcdef0; li t2, 0x21; sll t3, t1, t2; li t6, 0x3579bde000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 14; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 15; li t1, 0xfedcba9876543210; li t2, 0; sll t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 16; li t1, 0xfedcba9876543210; li t2, 1; sll t3, t1, t2; li t6, 0xfdb97530eca86420; beq t3, t6, 1f; j fail; 1:
    li gp, 17; li t1, 0xfedcba9876543210; li t2, 0x1f; sll t3, t1, t2; li t6, 0x3b2a190800000000; beq t3, t6, 1f; j fail; 1:
    li gp, 18; li t1, 0xfedcba9876543210; li t2, 0x21; sll t3, t1, t2; li t6, 0xeca8642000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 19; li t1, 0xfedcba9876543210; li t2, 0x3f; sll t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 20; li t1, 0xfedcba9876543210; li t2, 0x40; sll t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 21; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 22; li t1, 0xfedcba9876543210; li t2, 0x100000007; sll t3, t1, t2; li t6, 0x6e5d4c3b2a190800; beq t3, t6, 1f; j fail; 1:
    li gp, 23; li t1, 0x80000000; li t2, 0; sll t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 24; li t1, 0x80000000; li t2, 0x21; sll t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 25; li t1, 0x80000000; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 26; li t1, 0x7fffffff; li t2, 0; sll t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 27; li t1, 0x7fffffff; li t2, 1; sll t3, t1, t2; li t6, 0xfffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 28; li t1, 0x7fffffff; li t2, 0x1f; sll t3, t1, t2; li t6, 0x3fffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 29; li t1, 0x7fffffff; li t2, 0x21; sll t3, t1, t2; li t6, 0xfffffffe00000000; beq t3, t6, 1f; j fail; 1:
    li gp, 30; li t1, 0x7fffffff; li t2, 0x3f; sll t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 31; li t1, 0x7fffffff; li t2, 0x40; sll t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 32; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; sll t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 33; li t1, 0x7fffffff; li t2, 0x100000007; sll t3, t1, t2; li t6, 0x3fffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 34; li t1, 0xfffffffffffffff9; li t2, 3; sll t1, t1, t2; li t6, 0xffffffffffffffc8; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 35; li t1, 0xfffffffffffffff9; li t2, 3; sll t2, t1, t2; li t6, 0xffffffffffffffc8; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 36; li t1, 0xfffffffffffffff9; sll t1, t1, t1; li t6, 0xf200000000000000; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 37; li t1, 0xfffffffffffffff9; li t2, 3; sll zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 38; li t1, 0xfffffffffffffff9; sll t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 39; li t1, 0xfffffffffffffff9; sll t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # srl
    li gp, 40; li t1, 1; li t2, 0; srl t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 41; li t1, 1; li t2, 0x21; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 42; li t1, 1; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 43; li t1, 0xffffffffffffffff; li t2, 0; srl t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 44; li t1, 0xffffffffffffffff; li t2, 1; srl t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 45; li t1, 0xffffffffffffffff; li t2, 0x1f; srl t3, t1, t2; li t6, 0x1ffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 46; li t1, 0xffffffffffffffff; li t2, 0x21; srl t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 47; li t1, 0xffffffffffffffff; li t2, 0x3f; srl t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 48; li t1, 0xffffffffffffffff; li t2, 0x40; srl t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 49; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 50; li t1, 0xffffffffffffffff; li t2, 0x100000007; srl t3, t1, t2; li t6, 0x1ffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 51; li t1, 0x123456789abcdef0; li t2, 0; srl t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 52; li t1, 0x123456789abcdef0; li t2, 0x21; srl t3, t1, t2; li t6, 0x91a2b3c; beq t3, t6, 1f; j fail; 1:
    li gp, 53; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 54; li t1, 0xfedcba9876543210; li t2, 0; srl t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 55; li t1, 0xfedcba9876543210; li t2, 1; srl t3, t1, t2; li t6, 0x7f6e5d4c3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 56; li t1, 0xfedcba9876543210; li t2, 0x1f; srl t3, t1, t2; li t6, 0x1fdb97530; beq t3, t6, 1f; j fail; 1:
    li gp, 57; li t1, 0xfedcba9876543210; li t2, 0x21; srl t3, t1, t2; li t6, 0x7f6e5d4c; beq t3, t6, 1f; j fail; 1:
    li gp, 58; li t1, 0xfedcba9876543210; li t2, 0x3f; srl t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 59; li t1, 0xfedcba9876543210; li t2, 0x40; srl t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 60; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 61; li t1, 0xfedcba9876543210; li t2, 0x100000007; srl t3, t1, t2; li t6, 0x1fdb97530eca864; beq t3, t6, 1f; j fail; 1:
    li gp, 62; li t1, 0x80000000; li t2, 0; srl t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 63; li t1, 0x80000000; li t2, 0x21; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 64; li t1, 0x80000000; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 65; li t1, 0x7fffffff; li t2, 0; srl t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 66; li t1, 0x7fffffff; li t2, 1; srl t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 67; li t1, 0x7fffffff; li t2, 0x1f; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 68; li t1, 0x7fffffff; li t2, 0x21; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 69; li t1, 0x7fffffff; li t2, 0x3f; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 70; li t1, 0x7fffffff; li t2, 0x40; srl t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 71; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; srl t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 72; li t1, 0x7fffffff; li t2, 0x100000007; srl t3, t1, t2; li t6, 0xffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 73; li t1, 0xfffffffffffffff9; li t2, 3; srl t1, t1, t2; li t6, 0x1fffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 74; li t1, 0xfffffffffffffff9; li t2, 3; srl t2, t1, t2; li t6, 0x1fffffffffffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 75; li t1, 0xfffffffffffffff9; srl t1, t1, t1; li t6, 0x7f; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 76; li t1, 0xfffffffffffffff9; li t2, 3; srl zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 77; li t1, 0xfffffffffffffff9; srl t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 78; li t1, 0xfffffffffffffff9; srl t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # sra
    li gp, 79; li t1, 1; li t2, 0; sra t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 80; li t1, 1; li t2, 0x21; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 81; li t1, 1; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 82; li t1, 0xffffffffffffffff; li t2, 0; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 83; li t1, 0xffffffffffffffff; li t2, 1; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 84; li t1, 0xffffffffffffffff; li t2, 0x1f; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 85; li t1, 0xffffffffffffffff; li t2, 0x21; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 86; li t1, 0xffffffffffffffff; li t2, 0x3f; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 87; li t1, 0xffffffffffffffff; li t2, 0x40; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 88; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 89; li t1, 0xffffffffffffffff; li t2, 0x100000007; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 90; li t1, 0x123456789abcdef0; li t2, 0; sra t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 91; li t1, 0x123456789abcdef0; li t2, 0x21; sra t3, t1, t2; li t6, 0x91a2b3c; beq t3, t6, 1f; j fail; 1:
    li gp, 92; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 93; li t1, 0xfedcba9876543210; li t2, 0; sra t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 94; li t1, 0xfedcba9876543210; li t2, 1; sra t3, t1, t2; li t6, 0xff6e5d4c3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 95; li t1, 0xfedcba9876543210; li t2, 0x1f; sra t3, t1, t2; li t6, 0xfffffffffdb97530; beq t3, t6, 1f; j fail; 1:
    li gp, 96; li t1, 0xfedcba9876543210; li t2, 0x21; sra t3, t1, t2; li t6, 0xffffffffff6e5d4c; beq t3, t6, 1f; j fail; 1:
    li gp, 97; li t1, 0xfedcba9876543210; li t2, 0x3f; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 98; li t1, 0xfedcba9876543210; li t2, 0x40; sra t3, t1, t2; li t6, 0xfedcba9876543210; beq t3, t6, 1f; j fail; 1:
    li gp, 99; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 100; li t1, 0xfedcba9876543210; li t2, 0x100000007; sra t3, t1, t2; li t6, 0xfffdb97530eca864; beq t3, t6, 1f; j fail; 1:
    li gp, 101; li t1, 0x80000000; li t2, 0; sra t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 102; li t1, 0x80000000; li t2, 0x21; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 103; li t1, 0x80000000; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 104; li t1, 0x7fffffff; li t2, 0; sra t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 105; li t1, 0x7fffffff; li t2, 1; sra t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 106; li t1, 0x7fffffff; li t2, 0x1f; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 107; li t1, 0x7fffffff; li t2, 0x21; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 108; li t1, 0x7fffffff; li t2, 0x3f; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 109; li t1, 0x7fffffff; li t2, 0x40; sra t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 110; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; sra t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 111; li t1, 0x7fffffff; li t2, 0x100000007; sra t3, t1, t2; li t6, 0xffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 112; li t1, 0xfffffffffffffff9; li t2, 3; sra t1, t1, t2; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 113; li t1, 0xfffffffffffffff9; li t2, 3; sra t2, t1, t2; li t6, 0xffffffffffffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 114; li t1, 0xfffffffffffffff9; sra t1, t1, t1; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 115; li t1, 0xfffffffffffffff9; li t2, 3; sra zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 116; li t1, 0xfffffffffffffff9; sra t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 117; li t1, 0xfffffffffffffff9; sra t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # sllw
    li gp, 118; li t1, 1; li t2, 0; sllw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 119; li t1, 1; li t2, 0x21; sllw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 120; li t1, 1; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 121; li t1, 0xffffffffffffffff; li t2, 0; sllw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 122; li t1, 0xffffffffffffffff; li t2, 1; sllw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 123; li t1, 0xffffffffffffffff; li t2, 0x1f; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 124; li t1, 0xffffffffffffffff; li t2, 0x21; sllw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 125; li t1, 0xffffffffffffffff; li t2, 0x3f; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 126; li t1, 0xffffffffffffffff; li t2, 0x40; sllw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 127; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 128; li t1, 0xffffffffffffffff; li t2, 0x100000007; sllw t3, t1, t2; li t6, 0xffffffffffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 129; li t1, 0x123456789abcdef0; li t2, 0; sllw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 130; li t1, 0x123456789abcdef0; li t2, 0x21; sllw t3, t1, t2; li t6, 0x3579bde0; beq t3, t6, 1f; j fail; 1:
    li gp, 131; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 132; li t1, 0xfedcba9876543210; li t2, 0; sllw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 133; li t1, 0xfedcba9876543210; li t2, 1; sllw t3, t1, t2; li t6, 0xffffffffeca86420; beq t3, t6, 1f; j fail; 1:
    li gp, 134; li t1, 0xfedcba9876543210; li t2, 0x1f; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 135; li t1, 0xfedcba9876543210; li t2, 0x21; sllw t3, t1, t2; li t6, 0xffffffffeca86420; beq t3, t6, 1f; j fail; 1:
    li gp, 136; li t1, 0xfedcba9876543210; li t2, 0x3f; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 137; li t1, 0xfedcba9876543210; li t2, 0x40; sllw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 138; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 139; li t1, 0xfedcba9876543210; li t2, 0x100000007; sllw t3, t1, t2; li t6, 0x2a190800; beq t3, t6, 1f; j fail; 1:
    li gp, 140; li t1, 0x80000000; li t2, 0; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 141; li t1, 0x80000000; li t2, 0x21; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 142; li t1, 0x80000000; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 143; li t1, 0x7fffffff; li t2, 0; sllw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 144; li t1, 0x7fffffff; li t2, 1; sllw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 145; li t1, 0x7fffffff; li t2, 0x1f; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 146; li t1, 0x7fffffff; li t2, 0x21; sllw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 147; li t1, 0x7fffffff; li t2, 0x3f; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 148; li t1, 0x7fffffff; li t2, 0x40; sllw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 149; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; sllw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 150; li t1, 0x7fffffff; li t2, 0x100000007; sllw t3, t1, t2; li t6, 0xffffffffffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 151; li t1, 0xfffffffffffffff9; li t2, 3; sllw t1, t1, t2; li t6, 0xffffffffffffffc8; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 152; li t1, 0xfffffffffffffff9; li t2, 3; sllw t2, t1, t2; li t6, 0xffffffffffffffc8; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 153; li t1, 0xfffffffffffffff9; sllw t1, t1, t1; li t6, 0xfffffffff2000000; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 154; li t1, 0xfffffffffffffff9; li t2, 3; sllw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 155; li t1, 0xfffffffffffffff9; sllw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 156; li t1, 0xfffffffffffffff9; sllw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # srlw
    li gp, 157; li t1, 1; li t2, 0; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 158; li t1, 1; li t2, 0x21; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 159; li t1, 1; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 160; li t1, 0xffffffffffffffff; li t2, 0; srlw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 161; li t1, 0xffffffffffffffff; li t2, 1; srlw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 162; li t1, 0xffffffffffffffff; li t2, 0x1f; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 163; li t1, 0xffffffffffffffff; li t2, 0x21; srlw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 164; li t1, 0xffffffffffffffff; li t2, 0x3f; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 165; li t1, 0xffffffffffffffff; li t2, 0x40; srlw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 166; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 167; li t1, 0xffffffffffffffff; li t2, 0x100000007; srlw t3, t1, t2; li t6, 0x1ffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 168; li t1, 0x123456789abcdef0; li t2, 0; srlw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 169; li t1, 0x123456789abcdef0; li t2, 0x21; srlw t3, t1, t2; li t6, 0x4d5e6f78; beq t3, t6, 1f; j fail; 1:
    li gp, 170; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 171; li t1, 0xfedcba9876543210; li t2, 0; srlw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 172; li t1, 0xfedcba9876543210; li t2, 1; srlw t3, t1, t2; li t6, 0x3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 173; li t1, 0xfedcba9876543210; li t2, 0x1f; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 174; li t1, 0xfedcba9876543210; li t2, 0x21; srlw t3, t1, t2; li t6, 0x3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 175; li t1, 0xfedcba9876543210; li t2, 0x3f; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 176; li t1, 0xfedcba9876543210; li t2, 0x40; srlw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 177; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 178; li t1, 0xfedcba9876543210; li t2, 0x100000007; srlw t3, t1, t2; li t6, 0xeca864; beq t3, t6, 1f; j fail; 1:
    li gp, 179; li t1, 0x80000000; li t2, 0; srlw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 180; li t1, 0x80000000; li t2, 0x21; srlw t3, t1, t2; li t6, 0x40000000; beq t3, t6, 1f; j fail; 1:
    li gp, 181; li t1, 0x80000000; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 182; li t1, 0x7fffffff; li t2, 0; srlw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 183; li t1, 0x7fffffff; li t2, 1; srlw t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 184; li t1, 0x7fffffff; li t2, 0x1f; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 185; li t1, 0x7fffffff; li t2, 0x21; srlw t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 186; li t1, 0x7fffffff; li t2, 0x3f; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 187; li t1, 0x7fffffff; li t2, 0x40; srlw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 188; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; srlw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 189; li t1, 0x7fffffff; li t2, 0x100000007; srlw t3, t1, t2; li t6, 0xffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 190; li t1, 0xfffffffffffffff9; li t2, 3; srlw t1, t1, t2; li t6, 0x1fffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 191; li t1, 0xfffffffffffffff9; li t2, 3; srlw t2, t1, t2; li t6, 0x1fffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 192; li t1, 0xfffffffffffffff9; srlw t1, t1, t1; li t6, 0x7f; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 193; li t1, 0xfffffffffffffff9; li t2, 3; srlw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 194; li t1, 0xfffffffffffffff9; srlw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 195; li t1, 0xfffffffffffffff9; srlw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # sraw
    li gp, 196; li t1, 1; li t2, 0; sraw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 197; li t1, 1; li t2, 0x21; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 198; li t1, 1; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 199; li t1, 0xffffffffffffffff; li t2, 0; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 200; li t1, 0xffffffffffffffff; li t2, 1; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 201; li t1, 0xffffffffffffffff; li t2, 0x1f; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 202; li t1, 0xffffffffffffffff; li t2, 0x21; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 203; li t1, 0xffffffffffffffff; li t2, 0x3f; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 204; li t1, 0xffffffffffffffff; li t2, 0x40; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 205; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 206; li t1, 0xffffffffffffffff; li t2, 0x100000007; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 207; li t1, 0x123456789abcdef0; li t2, 0; sraw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 208; li t1, 0x123456789abcdef0; li t2, 0x21; sraw t3, t1, t2; li t6, 0xffffffffcd5e6f78; beq t3, t6, 1f; j fail; 1:
    li gp, 209; li t1, 0x123456789abcdef0; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 210; li t1, 0xfedcba9876543210; li t2, 0; sraw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 211; li t1, 0xfedcba9876543210; li t2, 1; sraw t3, t1, t2; li t6, 0x3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 212; li t1, 0xfedcba9876543210; li t2, 0x1f; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 213; li t1, 0xfedcba9876543210; li t2, 0x21; sraw t3, t1, t2; li t6, 0x3b2a1908; beq t3, t6, 1f; j fail; 1:
    li gp, 214; li t1, 0xfedcba9876543210; li t2, 0x3f; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 215; li t1, 0xfedcba9876543210; li t2, 0x40; sraw t3, t1, t2; li t6, 0x76543210; beq t3, t6, 1f; j fail; 1:
    li gp, 216; li t1, 0xfedcba9876543210; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 217; li t1, 0xfedcba9876543210; li t2, 0x100000007; sraw t3, t1, t2; li t6, 0xeca864; beq t3, t6, 1f; j fail; 1:
    li gp, 218; li t1, 0x80000000; li t2, 0; sraw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 219; li t1, 0x80000000; li t2, 0x21; sraw t3, t1, t2; li t6, 0xffffffffc0000000; beq t3, t6, 1f; j fail; 1:
    li gp, 220; li t1, 0x80000000; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 221; li t1, 0x7fffffff; li t2, 0; sraw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 222; li t1, 0x7fffffff; li t2, 1; sraw t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 223; li t1, 0x7fffffff; li t2, 0x1f; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 224; li t1, 0x7fffffff; li t2, 0x21; sraw t3, t1, t2; li t6, 0x3fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 225; li t1, 0x7fffffff; li t2, 0x3f; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 226; li t1, 0x7fffffff; li t2, 0x40; sraw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 227; li t1, 0x7fffffff; li t2, 0xffffffffffffffff; sraw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 228; li t1, 0x7fffffff; li t2, 0x100000007; sraw t3, t1, t2; li t6, 0xffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 229; li t1, 0xfffffffffffffff9; li t2, 3; sraw t1, t1, t2; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 230; li t1, 0xfffffffffffffff9; li t2, 3; sraw t2, t1, t2; li t6, 0xffffffffffffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 231; li t1, 0xfffffffffffffff9; sraw t1, t1, t1; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 232; li t1, 0xfffffffffffffff9; li t2, 3; sraw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 233; li t1, 0xfffffffffffffff9; sraw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 234; li t1, 0xfffffffffffffff9; sraw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
