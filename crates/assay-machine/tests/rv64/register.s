# Register-register arithmetic, logic and comparison.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.

_start:
    # add
    li gp, 1; li t1, 0; li t2, 0; add t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 2; li t1, 0; li t2, 0x80000000; add t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 3; li t1, 0; li t2, 0xfedcba98; add t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 4; li t1, 1; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 5; li t1, 1; li t2, 0x7fffffffffffffff; add t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 6; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 7; li t1, 0xffffffffffffffff; li t2, 7; add t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 8; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; add t3, t1, t2; li t6, 0x123456789abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 9; li t1, 2; li t2, 0; add t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 10; li t1, 2; li t2, 0x7fffffff; add t3, t1, t2; li t6, 0x80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 11; li t1, 2; li t2, 0x5555555555555555; add t3, t1, t2; li t6, 0x5555555555555557; beq t3, t6, 1f; j fail; 1:
    li gp, 12; li t1, 7; li t2, 1; add t3, t1, t2; li t6, 8; beq t3, t6, 1f; j fail; 1:
    li gp, 13; li t1, 7; li t2, 0xffffffff; add t3, t1, t2; li t6, 0x100000006; beq t3, t6, 1f; j fail; 1:
    li gp, 14; li t1, 0xfffffffffffffff9; li t2, 2; add t3, t1, t2; li t6, 0xfffffffffffffffb; beq t3, t6, 1f; j fail; 1:
    li gp, 15; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; add t3, t1, t2; li t6, 0x7ffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 16; li t1, 0x7fffffff; li t2, 0; add t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 17; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; add t3, t1, t2; li t6, 0x7ffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 18; li t1, 0x7fffffff; li t2, 0x7fffffff; add t3, t1, t2; li t6, 0xfffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 19; li t1, 0x7fffffff; li t2, 0xffffffff80000000; add t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 20; li t1, 0x80000000; li t2, 0; add t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 21; li t1, 0x80000000; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 22; li t1, 0x80000000; li t2, 0x80000000; add t3, t1, t2; li t6, 0x100000000; beq t3, t6, 1f; j fail; 1:
    li gp, 23; li t1, 0x80000000; li t2, 0xfedcba98; add t3, t1, t2; li t6, 0x17edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 24; li t1, 0xffffffff; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0xfffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 25; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; add t3, t1, t2; li t6, 0x80000000fffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 26; li t1, 0x7fffffffffffffff; li t2, 0; add t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 27; li t1, 0x7fffffffffffffff; li t2, 7; add t3, t1, t2; li t6, 0x8000000000000006; beq t3, t6, 1f; j fail; 1:
    li gp, 28; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; add t3, t1, t2; li t6, 0x923456789abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 29; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 30; li t1, 0x8000000000000000; li t2, 0x7fffffff; add t3, t1, t2; li t6, 0x800000007fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 31; li t1, 0x8000000000000000; li t2, 0x8000000000000000; add t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 32; li t1, 0x8000000000000000; li t2, 0x5555555555555555; add t3, t1, t2; li t6, 0xd555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 33; li t1, 0x123456789abcdef0; li t2, 1; add t3, t1, t2; li t6, 0x123456789abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 34; li t1, 0x123456789abcdef0; li t2, 0xffffffff; add t3, t1, t2; li t6, 0x123456799abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 35; li t1, 0xffffffff80000000; li t2, 0; add t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 36; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; add t3, t1, t2; li t6, 0xffffffff7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 37; li t1, 0xffffffff80000000; li t2, 2; add t3, t1, t2; li t6, 0xffffffff80000002; beq t3, t6, 1f; j fail; 1:
    li gp, 38; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; add t3, t1, t2; li t6, 0x7fffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 39; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; add t3, t1, t2; li t6, 0x555555555555554e; beq t3, t6, 1f; j fail; 1:
    li gp, 40; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; add t3, t1, t2; li t6, 0x55555554d5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 41; li t1, 0xfedcba98; li t2, 0; add t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 42; li t1, 0xfedcba98; li t2, 0x80000000; add t3, t1, t2; li t6, 0x17edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 43; li t1, 0xfedcba98; li t2, 0xfedcba98; add t3, t1, t2; li t6, 0x1fdb97530; beq t3, t6, 1f; j fail; 1:
    li gp, 44; li t1, 0xfffffffffffffff9; li t2, 3; add t1, t1, t2; li t6, 0xfffffffffffffffc; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 45; li t1, 0xfffffffffffffff9; li t2, 3; add t2, t1, t2; li t6, 0xfffffffffffffffc; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 46; li t1, 0xfffffffffffffff9; add t1, t1, t1; li t6, 0xfffffffffffffff2; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 47; li t1, 0xfffffffffffffff9; li t2, 3; add zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 48; li t1, 0xfffffffffffffff9; add t3, zero, t1; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 49; li t1, 0xfffffffffffffff9; add t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # sub
    li gp, 50; li t1, 0; li t2, 0; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 51; li t1, 0; li t2, 0x80000000; sub t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 52; li t1, 0; li t2, 0xfedcba98; sub t3, t1, t2; li t6, 0xffffffff01234568; beq t3, t6, 1f; j fail; 1:
    li gp, 53; li t1, 1; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 54; li t1, 1; li t2, 0x7fffffffffffffff; sub t3, t1, t2; li t6, 0x8000000000000002; beq t3, t6, 1f; j fail; 1:
    li gp, 55; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 56; li t1, 0xffffffffffffffff; li t2, 7; sub t3, t1, t2; li t6, 0xfffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 57; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; sub t3, t1, t2; li t6, 0xedcba9876543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 58; li t1, 2; li t2, 0; sub t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 59; li t1, 2; li t2, 0x7fffffff; sub t3, t1, t2; li t6, 0xffffffff80000003; beq t3, t6, 1f; j fail; 1:
    li gp, 60; li t1, 2; li t2, 0x5555555555555555; sub t3, t1, t2; li t6, 0xaaaaaaaaaaaaaaad; beq t3, t6, 1f; j fail; 1:
    li gp, 61; li t1, 7; li t2, 1; sub t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 62; li t1, 7; li t2, 0xffffffff; sub t3, t1, t2; li t6, 0xffffffff00000008; beq t3, t6, 1f; j fail; 1:
    li gp, 63; li t1, 0xfffffffffffffff9; li t2, 2; sub t3, t1, t2; li t6, 0xfffffffffffffff7; beq t3, t6, 1f; j fail; 1:
    li gp, 64; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; sub t3, t1, t2; li t6, 0x7ffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 65; li t1, 0x7fffffff; li t2, 0; sub t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 66; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; sub t3, t1, t2; li t6, 0x80000006; beq t3, t6, 1f; j fail; 1:
    li gp, 67; li t1, 0x7fffffff; li t2, 0x7fffffff; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 68; li t1, 0x7fffffff; li t2, 0xffffffff80000000; sub t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 69; li t1, 0x80000000; li t2, 0; sub t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 70; li t1, 0x80000000; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 0x80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 71; li t1, 0x80000000; li t2, 0x80000000; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 72; li t1, 0x80000000; li t2, 0xfedcba98; sub t3, t1, t2; li t6, 0xffffffff81234568; beq t3, t6, 1f; j fail; 1:
    li gp, 73; li t1, 0xffffffff; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 0x100000000; beq t3, t6, 1f; j fail; 1:
    li gp, 74; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; sub t3, t1, t2; li t6, 0x8000000100000000; beq t3, t6, 1f; j fail; 1:
    li gp, 75; li t1, 0x7fffffffffffffff; li t2, 0; sub t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 76; li t1, 0x7fffffffffffffff; li t2, 7; sub t3, t1, t2; li t6, 0x7ffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 77; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; sub t3, t1, t2; li t6, 0x6dcba9876543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 78; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 0x8000000000000001; beq t3, t6, 1f; j fail; 1:
    li gp, 79; li t1, 0x8000000000000000; li t2, 0x7fffffff; sub t3, t1, t2; li t6, 0x7fffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 80; li t1, 0x8000000000000000; li t2, 0x8000000000000000; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 81; li t1, 0x8000000000000000; li t2, 0x5555555555555555; sub t3, t1, t2; li t6, 0x2aaaaaaaaaaaaaab; beq t3, t6, 1f; j fail; 1:
    li gp, 82; li t1, 0x123456789abcdef0; li t2, 1; sub t3, t1, t2; li t6, 0x123456789abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 83; li t1, 0x123456789abcdef0; li t2, 0xffffffff; sub t3, t1, t2; li t6, 0x123456779abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 84; li t1, 0xffffffff80000000; li t2, 0; sub t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 85; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; sub t3, t1, t2; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 86; li t1, 0xffffffff80000000; li t2, 2; sub t3, t1, t2; li t6, 0xffffffff7ffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 87; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; sub t3, t1, t2; li t6, 0x7fffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 88; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; sub t3, t1, t2; li t6, 0x555555555555555c; beq t3, t6, 1f; j fail; 1:
    li gp, 89; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; sub t3, t1, t2; li t6, 0x55555555d5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 90; li t1, 0xfedcba98; li t2, 0; sub t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 91; li t1, 0xfedcba98; li t2, 0x80000000; sub t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 92; li t1, 0xfedcba98; li t2, 0xfedcba98; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 93; li t1, 0xfffffffffffffff9; li t2, 3; sub t1, t1, t2; li t6, 0xfffffffffffffff6; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 94; li t1, 0xfffffffffffffff9; li t2, 3; sub t2, t1, t2; li t6, 0xfffffffffffffff6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 95; li t1, 0xfffffffffffffff9; sub t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 96; li t1, 0xfffffffffffffff9; li t2, 3; sub zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 97; li t1, 0xfffffffffffffff9; sub t3, zero, t1; li t6, 7; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 98; li t1, 0xfffffffffffffff9; sub t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # and
    li gp, 99; li t1, 0; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 100; li t1, 0; li t2, 0x80000000; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 101; li t1, 0; li t2, 0xfedcba98; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 102; li t1, 1; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 103; li t1, 1; li t2, 0x7fffffffffffffff; and t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 104; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 105; li t1, 0xffffffffffffffff; li t2, 7; and t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 106; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; and t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 107; li t1, 2; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 108; li t1, 2; li t2, 0x7fffffff; and t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 109; li t1, 2; li t2, 0x5555555555555555; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 110; li t1, 7; li t2, 1; and t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 111; li t1, 7; li t2, 0xffffffff; and t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 112; li t1, 0xfffffffffffffff9; li t2, 2; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 113; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; and t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 114; li t1, 0x7fffffff; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 115; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; and t3, t1, t2; li t6, 0x7ffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 116; li t1, 0x7fffffff; li t2, 0x7fffffff; and t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 117; li t1, 0x7fffffff; li t2, 0xffffffff80000000; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 118; li t1, 0x80000000; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 119; li t1, 0x80000000; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 120; li t1, 0x80000000; li t2, 0x80000000; and t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 121; li t1, 0x80000000; li t2, 0xfedcba98; and t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 122; li t1, 0xffffffff; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 123; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; and t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 124; li t1, 0x7fffffffffffffff; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 125; li t1, 0x7fffffffffffffff; li t2, 7; and t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 126; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; and t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 127; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 128; li t1, 0x8000000000000000; li t2, 0x7fffffff; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 129; li t1, 0x8000000000000000; li t2, 0x8000000000000000; and t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 130; li t1, 0x8000000000000000; li t2, 0x5555555555555555; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 131; li t1, 0x123456789abcdef0; li t2, 1; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 132; li t1, 0x123456789abcdef0; li t2, 0xffffffff; and t3, t1, t2; li t6, 0x9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 133; li t1, 0xffffffff80000000; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 134; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; and t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 135; li t1, 0xffffffff80000000; li t2, 2; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 136; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; and t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 137; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; and t3, t1, t2; li t6, 0x5555555555555551; beq t3, t6, 1f; j fail; 1:
    li gp, 138; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; and t3, t1, t2; li t6, 0x5555555500000000; beq t3, t6, 1f; j fail; 1:
    li gp, 139; li t1, 0xfedcba98; li t2, 0; and t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 140; li t1, 0xfedcba98; li t2, 0x80000000; and t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 141; li t1, 0xfedcba98; li t2, 0xfedcba98; and t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 142; li t1, 0xfffffffffffffff9; li t2, 3; and t1, t1, t2; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 143; li t1, 0xfffffffffffffff9; li t2, 3; and t2, t1, t2; li t6, 1; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 144; li t1, 0xfffffffffffffff9; and t1, t1, t1; li t6, 0xfffffffffffffff9; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 145; li t1, 0xfffffffffffffff9; li t2, 3; and zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 146; li t1, 0xfffffffffffffff9; and t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 147; li t1, 0xfffffffffffffff9; and t3, t1, zero; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # or
    li gp, 148; li t1, 0; li t2, 0; or t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 149; li t1, 0; li t2, 0x80000000; or t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 150; li t1, 0; li t2, 0xfedcba98; or t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 151; li t1, 1; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 152; li t1, 1; li t2, 0x7fffffffffffffff; or t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 153; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 154; li t1, 0xffffffffffffffff; li t2, 7; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 155; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 156; li t1, 2; li t2, 0; or t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 157; li t1, 2; li t2, 0x7fffffff; or t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 158; li t1, 2; li t2, 0x5555555555555555; or t3, t1, t2; li t6, 0x5555555555555557; beq t3, t6, 1f; j fail; 1:
    li gp, 159; li t1, 7; li t2, 1; or t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 160; li t1, 7; li t2, 0xffffffff; or t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 161; li t1, 0xfffffffffffffff9; li t2, 2; or t3, t1, t2; li t6, 0xfffffffffffffffb; beq t3, t6, 1f; j fail; 1:
    li gp, 162; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; or t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 163; li t1, 0x7fffffff; li t2, 0; or t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 164; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 165; li t1, 0x7fffffff; li t2, 0x7fffffff; or t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 166; li t1, 0x7fffffff; li t2, 0xffffffff80000000; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 167; li t1, 0x80000000; li t2, 0; or t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 168; li t1, 0x80000000; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 169; li t1, 0x80000000; li t2, 0x80000000; or t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 170; li t1, 0x80000000; li t2, 0xfedcba98; or t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 171; li t1, 0xffffffff; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 172; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; or t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 173; li t1, 0x7fffffffffffffff; li t2, 0; or t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 174; li t1, 0x7fffffffffffffff; li t2, 7; or t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 175; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; or t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 176; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 177; li t1, 0x8000000000000000; li t2, 0x7fffffff; or t3, t1, t2; li t6, 0x800000007fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 178; li t1, 0x8000000000000000; li t2, 0x8000000000000000; or t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 179; li t1, 0x8000000000000000; li t2, 0x5555555555555555; or t3, t1, t2; li t6, 0xd555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 180; li t1, 0x123456789abcdef0; li t2, 1; or t3, t1, t2; li t6, 0x123456789abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 181; li t1, 0x123456789abcdef0; li t2, 0xffffffff; or t3, t1, t2; li t6, 0x12345678ffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 182; li t1, 0xffffffff80000000; li t2, 0; or t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 183; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; or t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 184; li t1, 0xffffffff80000000; li t2, 2; or t3, t1, t2; li t6, 0xffffffff80000002; beq t3, t6, 1f; j fail; 1:
    li gp, 185; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; or t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 186; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; or t3, t1, t2; li t6, 0xfffffffffffffffd; beq t3, t6, 1f; j fail; 1:
    li gp, 187; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; or t3, t1, t2; li t6, 0xffffffffd5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 188; li t1, 0xfedcba98; li t2, 0; or t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 189; li t1, 0xfedcba98; li t2, 0x80000000; or t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 190; li t1, 0xfedcba98; li t2, 0xfedcba98; or t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 191; li t1, 0xfffffffffffffff9; li t2, 3; or t1, t1, t2; li t6, 0xfffffffffffffffb; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 192; li t1, 0xfffffffffffffff9; li t2, 3; or t2, t1, t2; li t6, 0xfffffffffffffffb; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 193; li t1, 0xfffffffffffffff9; or t1, t1, t1; li t6, 0xfffffffffffffff9; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 194; li t1, 0xfffffffffffffff9; li t2, 3; or zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 195; li t1, 0xfffffffffffffff9; or t3, zero, t1; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 196; li t1, 0xfffffffffffffff9; or t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # xor
    li gp, 197; li t1, 0; li t2, 0; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 198; li t1, 0; li t2, 0x80000000; xor t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 199; li t1, 0; li t2, 0xfedcba98; xor t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 200; li t1, 1; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 201; li t1, 1; li t2, 0x7fffffffffffffff; xor t3, t1, t2; li t6, 0x7ffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 202; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 203; li t1, 0xffffffffffffffff; li t2, 7; xor t3, t1, t2; li t6, 0xfffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 204; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; xor t3, t1, t2; li t6, 0xedcba9876543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 205; li t1, 2; li t2, 0; xor t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 206; li t1, 2; li t2, 0x7fffffff; xor t3, t1, t2; li t6, 0x7ffffffd; beq t3, t6, 1f; j fail; 1:
    li gp, 207; li t1, 2; li t2, 0x5555555555555555; xor t3, t1, t2; li t6, 0x5555555555555557; beq t3, t6, 1f; j fail; 1:
    li gp, 208; li t1, 7; li t2, 1; xor t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 209; li t1, 7; li t2, 0xffffffff; xor t3, t1, t2; li t6, 0xfffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 210; li t1, 0xfffffffffffffff9; li t2, 2; xor t3, t1, t2; li t6, 0xfffffffffffffffb; beq t3, t6, 1f; j fail; 1:
    li gp, 211; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; xor t3, t1, t2; li t6, 0x7ffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 212; li t1, 0x7fffffff; li t2, 0; xor t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 213; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; xor t3, t1, t2; li t6, 0xffffffff80000006; beq t3, t6, 1f; j fail; 1:
    li gp, 214; li t1, 0x7fffffff; li t2, 0x7fffffff; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 215; li t1, 0x7fffffff; li t2, 0xffffffff80000000; xor t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 216; li t1, 0x80000000; li t2, 0; xor t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 217; li t1, 0x80000000; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0xffffffff7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 218; li t1, 0x80000000; li t2, 0x80000000; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 219; li t1, 0x80000000; li t2, 0xfedcba98; xor t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 220; li t1, 0xffffffff; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0xffffffff00000000; beq t3, t6, 1f; j fail; 1:
    li gp, 221; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; xor t3, t1, t2; li t6, 0x7fffffff00000000; beq t3, t6, 1f; j fail; 1:
    li gp, 222; li t1, 0x7fffffffffffffff; li t2, 0; xor t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 223; li t1, 0x7fffffffffffffff; li t2, 7; xor t3, t1, t2; li t6, 0x7ffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 224; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; xor t3, t1, t2; li t6, 0x6dcba9876543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 225; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 226; li t1, 0x8000000000000000; li t2, 0x7fffffff; xor t3, t1, t2; li t6, 0x800000007fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 227; li t1, 0x8000000000000000; li t2, 0x8000000000000000; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 228; li t1, 0x8000000000000000; li t2, 0x5555555555555555; xor t3, t1, t2; li t6, 0xd555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 229; li t1, 0x123456789abcdef0; li t2, 1; xor t3, t1, t2; li t6, 0x123456789abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 230; li t1, 0x123456789abcdef0; li t2, 0xffffffff; xor t3, t1, t2; li t6, 0x123456786543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 231; li t1, 0xffffffff80000000; li t2, 0; xor t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 232; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; xor t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 233; li t1, 0xffffffff80000000; li t2, 2; xor t3, t1, t2; li t6, 0xffffffff80000002; beq t3, t6, 1f; j fail; 1:
    li gp, 234; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; xor t3, t1, t2; li t6, 0x7fffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 235; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; xor t3, t1, t2; li t6, 0xaaaaaaaaaaaaaaac; beq t3, t6, 1f; j fail; 1:
    li gp, 236; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; xor t3, t1, t2; li t6, 0xaaaaaaaad5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 237; li t1, 0xfedcba98; li t2, 0; xor t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 238; li t1, 0xfedcba98; li t2, 0x80000000; xor t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 239; li t1, 0xfedcba98; li t2, 0xfedcba98; xor t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 240; li t1, 0xfffffffffffffff9; li t2, 3; xor t1, t1, t2; li t6, 0xfffffffffffffffa; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 241; li t1, 0xfffffffffffffff9; li t2, 3; xor t2, t1, t2; li t6, 0xfffffffffffffffa; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 242; li t1, 0xfffffffffffffff9; xor t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 243; li t1, 0xfffffffffffffff9; li t2, 3; xor zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 244; li t1, 0xfffffffffffffff9; xor t3, zero, t1; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 245; li t1, 0xfffffffffffffff9; xor t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # slt
    li gp, 246; li t1, 0; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 247; li t1, 0; li t2, 0x80000000; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 248; li t1, 0; li t2, 0xfedcba98; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 249; li t1, 1; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 250; li t1, 1; li t2, 0x7fffffffffffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 251; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 252; li t1, 0xffffffffffffffff; li t2, 7; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 253; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 254; li t1, 2; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 255; li t1, 2; li t2, 0x7fffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 256; li t1, 2; li t2, 0x5555555555555555; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 257; li t1, 7; li t2, 1; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 258; li t1, 7; li t2, 0xffffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 259; li t1, 0xfffffffffffffff9; li t2, 2; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 260; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 261; li t1, 0x7fffffff; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 262; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 263; li t1, 0x7fffffff; li t2, 0x7fffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 264; li t1, 0x7fffffff; li t2, 0xffffffff80000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 265; li t1, 0x80000000; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 266; li t1, 0x80000000; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 267; li t1, 0x80000000; li t2, 0x80000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 268; li t1, 0x80000000; li t2, 0xfedcba98; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 269; li t1, 0xffffffff; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 270; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 271; li t1, 0x7fffffffffffffff; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 272; li t1, 0x7fffffffffffffff; li t2, 7; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 273; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 274; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 275; li t1, 0x8000000000000000; li t2, 0x7fffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 276; li t1, 0x8000000000000000; li t2, 0x8000000000000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 277; li t1, 0x8000000000000000; li t2, 0x5555555555555555; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 278; li t1, 0x123456789abcdef0; li t2, 1; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 279; li t1, 0x123456789abcdef0; li t2, 0xffffffff; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 280; li t1, 0xffffffff80000000; li t2, 0; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 281; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 282; li t1, 0xffffffff80000000; li t2, 2; slt t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 283; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 284; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 285; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 286; li t1, 0xfedcba98; li t2, 0; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 287; li t1, 0xfedcba98; li t2, 0x80000000; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 288; li t1, 0xfedcba98; li t2, 0xfedcba98; slt t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 289; li t1, 0xfffffffffffffff9; li t2, 3; slt t1, t1, t2; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 290; li t1, 0xfffffffffffffff9; li t2, 3; slt t2, t1, t2; li t6, 1; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 291; li t1, 0xfffffffffffffff9; slt t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 292; li t1, 0xfffffffffffffff9; li t2, 3; slt zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 293; li t1, 0xfffffffffffffff9; slt t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 294; li t1, 0xfffffffffffffff9; slt t3, t1, zero; li t6, 1; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # sltu
    li gp, 295; li t1, 0; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 296; li t1, 0; li t2, 0x80000000; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 297; li t1, 0; li t2, 0xfedcba98; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 298; li t1, 1; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 299; li t1, 1; li t2, 0x7fffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 300; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 301; li t1, 0xffffffffffffffff; li t2, 7; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 302; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 303; li t1, 2; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 304; li t1, 2; li t2, 0x7fffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 305; li t1, 2; li t2, 0x5555555555555555; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 306; li t1, 7; li t2, 1; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 307; li t1, 7; li t2, 0xffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 308; li t1, 0xfffffffffffffff9; li t2, 2; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 309; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 310; li t1, 0x7fffffff; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 311; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 312; li t1, 0x7fffffff; li t2, 0x7fffffff; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 313; li t1, 0x7fffffff; li t2, 0xffffffff80000000; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 314; li t1, 0x80000000; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 315; li t1, 0x80000000; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 316; li t1, 0x80000000; li t2, 0x80000000; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 317; li t1, 0x80000000; li t2, 0xfedcba98; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 318; li t1, 0xffffffff; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 319; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 320; li t1, 0x7fffffffffffffff; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 321; li t1, 0x7fffffffffffffff; li t2, 7; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 322; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 323; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 324; li t1, 0x8000000000000000; li t2, 0x7fffffff; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 325; li t1, 0x8000000000000000; li t2, 0x8000000000000000; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 326; li t1, 0x8000000000000000; li t2, 0x5555555555555555; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 327; li t1, 0x123456789abcdef0; li t2, 1; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 328; li t1, 0x123456789abcdef0; li t2, 0xffffffff; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 329; li t1, 0xffffffff80000000; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 330; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 331; li t1, 0xffffffff80000000; li t2, 2; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 332; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 333; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 334; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; sltu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 335; li t1, 0xfedcba98; li t2, 0; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 336; li t1, 0xfedcba98; li t2, 0x80000000; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 337; li t1, 0xfedcba98; li t2, 0xfedcba98; sltu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 338; li t1, 0xfffffffffffffff9; li t2, 3; sltu t1, t1, t2; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 339; li t1, 0xfffffffffffffff9; li t2, 3; sltu t2, t1, t2; li t6, 0; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 340; li t1, 0xfffffffffffffff9; sltu t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 341; li t1, 0xfffffffffffffff9; li t2, 3; sltu zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 342; li t1, 0xfffffffffffffff9; sltu t3, zero, t1; li t6, 1; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 343; li t1, 0xfffffffffffffff9; sltu t3, t1, zero; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
