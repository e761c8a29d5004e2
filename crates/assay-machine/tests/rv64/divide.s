# Division and remainder: by zero and on overflow they give defined values.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.

_start:
    # div
    li gp, 1; li t1, 0; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 2; li t1, 0; li t2, 0x80000000; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 3; li t1, 0; li t2, 0xfedcba98; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 4; li t1, 1; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 5; li t1, 1; li t2, 0x7fffffffffffffff; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 6; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 7; li t1, 0xffffffffffffffff; li t2, 7; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 8; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 9; li t1, 2; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 10; li t1, 2; li t2, 0x7fffffff; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 11; li t1, 2; li t2, 0x5555555555555555; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 12; li t1, 7; li t2, 1; div t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 13; li t1, 7; li t2, 0xffffffff; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 14; li t1, 0xfffffffffffffff9; li t2, 2; div t3, t1, t2; li t6, 0xfffffffffffffffd; beq t3, t6, 1f; j fail; 1:
    li gp, 15; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 16; li t1, 0x7fffffff; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 17; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; div t3, t1, t2; li t6, 0xffffffffedb6db6e; beq t3, t6, 1f; j fail; 1:
    li gp, 18; li t1, 0x7fffffff; li t2, 0x7fffffff; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 19; li t1, 0x7fffffff; li t2, 0xffffffff80000000; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 20; li t1, 0x80000000; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 21; li t1, 0x80000000; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 22; li t1, 0x80000000; li t2, 0x80000000; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 23; li t1, 0x80000000; li t2, 0xfedcba98; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 24; li t1, 0xffffffff; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 0xffffffff00000001; beq t3, t6, 1f; j fail; 1:
    li gp, 25; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 26; li t1, 0x7fffffffffffffff; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 27; li t1, 0x7fffffffffffffff; li t2, 7; div t3, t1, t2; li t6, 0x1249249249249249; beq t3, t6, 1f; j fail; 1:
    li gp, 28; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; div t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 29; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 30; li t1, 0x8000000000000000; li t2, 0x7fffffff; div t3, t1, t2; li t6, 0xfffffffefffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 31; li t1, 0x8000000000000000; li t2, 0x8000000000000000; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 32; li t1, 0x8000000000000000; li t2, 0x5555555555555555; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 33; li t1, 0x123456789abcdef0; li t2, 1; div t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 34; li t1, 0x123456789abcdef0; li t2, 0xffffffff; div t3, t1, t2; li t6, 0x12345678; beq t3, t6, 1f; j fail; 1:
    li gp, 35; li t1, 0xffffffff80000000; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 36; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; div t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 37; li t1, 0xffffffff80000000; li t2, 2; div t3, t1, t2; li t6, 0xffffffffc0000000; beq t3, t6, 1f; j fail; 1:
    li gp, 38; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; div t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 39; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; div t3, t1, t2; li t6, 0xf3cf3cf3cf3cf3d0; beq t3, t6, 1f; j fail; 1:
    li gp, 40; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; div t3, t1, t2; li t6, 0xffffffff55555556; beq t3, t6, 1f; j fail; 1:
    li gp, 41; li t1, 0xfedcba98; li t2, 0; div t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 42; li t1, 0xfedcba98; li t2, 0x80000000; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 43; li t1, 0xfedcba98; li t2, 0xfedcba98; div t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 44; li t1, 0xfffffffffffffff9; li t2, 3; div t1, t1, t2; li t6, 0xfffffffffffffffe; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 45; li t1, 0xfffffffffffffff9; li t2, 3; div t2, t1, t2; li t6, 0xfffffffffffffffe; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 46; li t1, 0xfffffffffffffff9; div t1, t1, t1; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 47; li t1, 0xfffffffffffffff9; li t2, 3; div zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 48; li t1, 0xfffffffffffffff9; div t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 49; li t1, 0xfffffffffffffff9; div t3, t1, zero; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # divu
    li gp, 50; li t1, 0; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 51; li t1, 0; li t2, 0x80000000; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 52; li t1, 0; li t2, 0xfedcba98; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 53; li t1, 1; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 54; li t1, 1; li t2, 0x7fffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 55; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 56; li t1, 0xffffffffffffffff; li t2, 7; divu t3, t1, t2; li t6, 0x2492492492492492; beq t3, t6, 1f; j fail; 1:
    li gp, 57; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; divu t3, t1, t2; li t6, 0xe; beq t3, t6, 1f; j fail; 1:
    li gp, 58; li t1, 2; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 59; li t1, 2; li t2, 0x7fffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 60; li t1, 2; li t2, 0x5555555555555555; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 61; li t1, 7; li t2, 1; divu t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 62; li t1, 7; li t2, 0xffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 63; li t1, 0xfffffffffffffff9; li t2, 2; divu t3, t1, t2; li t6, 0x7ffffffffffffffc; beq t3, t6, 1f; j fail; 1:
    li gp, 64; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 65; li t1, 0x7fffffff; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 66; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 67; li t1, 0x7fffffff; li t2, 0x7fffffff; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 68; li t1, 0x7fffffff; li t2, 0xffffffff80000000; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 69; li t1, 0x80000000; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 70; li t1, 0x80000000; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 71; li t1, 0x80000000; li t2, 0x80000000; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 72; li t1, 0x80000000; li t2, 0xfedcba98; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 73; li t1, 0xffffffff; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 74; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 75; li t1, 0x7fffffffffffffff; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 76; li t1, 0x7fffffffffffffff; li t2, 7; divu t3, t1, t2; li t6, 0x1249249249249249; beq t3, t6, 1f; j fail; 1:
    li gp, 77; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; divu t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 78; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 79; li t1, 0x8000000000000000; li t2, 0x7fffffff; divu t3, t1, t2; li t6, 0x100000002; beq t3, t6, 1f; j fail; 1:
    li gp, 80; li t1, 0x8000000000000000; li t2, 0x8000000000000000; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 81; li t1, 0x8000000000000000; li t2, 0x5555555555555555; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 82; li t1, 0x123456789abcdef0; li t2, 1; divu t3, t1, t2; li t6, 0x123456789abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 83; li t1, 0x123456789abcdef0; li t2, 0xffffffff; divu t3, t1, t2; li t6, 0x12345678; beq t3, t6, 1f; j fail; 1:
    li gp, 84; li t1, 0xffffffff80000000; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 85; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 86; li t1, 0xffffffff80000000; li t2, 2; divu t3, t1, t2; li t6, 0x7fffffffc0000000; beq t3, t6, 1f; j fail; 1:
    li gp, 87; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 88; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 89; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; divu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 90; li t1, 0xfedcba98; li t2, 0; divu t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 91; li t1, 0xfedcba98; li t2, 0x80000000; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 92; li t1, 0xfedcba98; li t2, 0xfedcba98; divu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 93; li t1, 0xfffffffffffffff9; li t2, 3; divu t1, t1, t2; li t6, 0x5555555555555553; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 94; li t1, 0xfffffffffffffff9; li t2, 3; divu t2, t1, t2; li t6, 0x5555555555555553; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 95; li t1, 0xfffffffffffffff9; divu t1, t1, t1; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 96; li t1, 0xfffffffffffffff9; li t2, 3; divu zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 97; li t1, 0xfffffffffffffff9; divu t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 98; li t1, 0xfffffffffffffff9; divu t3, t1, zero; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # rem
    li gp, 99; li t1, 0; li t2, 0; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 100; li t1, 0; li t2, 0x80000000; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 101; li t1, 0; li t2, 0xfedcba98; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 102; li t1, 1; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 103; li t1, 1; li t2, 0x7fffffffffffffff; rem t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 104; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 105; li t1, 0xffffffffffffffff; li t2, 7; rem t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 106; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; rem t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 107; li t1, 2; li t2, 0; rem t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 108; li t1, 2; li t2, 0x7fffffff; rem t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 109; li t1, 2; li t2, 0x5555555555555555; rem t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 110; li t1, 7; li t2, 1; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 111; li t1, 7; li t2, 0xffffffff; rem t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 112; li t1, 0xfffffffffffffff9; li t2, 2; rem t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 113; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; rem t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 114; li t1, 0x7fffffff; li t2, 0; rem t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 115; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; rem t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 116; li t1, 0x7fffffff; li t2, 0x7fffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 117; li t1, 0x7fffffff; li t2, 0xffffffff80000000; rem t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 118; li t1, 0x80000000; li t2, 0; rem t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 119; li t1, 0x80000000; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 120; li t1, 0x80000000; li t2, 0x80000000; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 121; li t1, 0x80000000; li t2, 0xfedcba98; rem t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 122; li t1, 0xffffffff; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 123; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; rem t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 124; li t1, 0x7fffffffffffffff; li t2, 0; rem t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 125; li t1, 0x7fffffffffffffff; li t2, 7; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 126; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; rem t3, t1, t2; li t6, 0x91a2b3c4d5e76f; beq t3, t6, 1f; j fail; 1:
    li gp, 127; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 128; li t1, 0x8000000000000000; li t2, 0x7fffffff; rem t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 129; li t1, 0x8000000000000000; li t2, 0x8000000000000000; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 130; li t1, 0x8000000000000000; li t2, 0x5555555555555555; rem t3, t1, t2; li t6, 0xd555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 131; li t1, 0x123456789abcdef0; li t2, 1; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 132; li t1, 0x123456789abcdef0; li t2, 0xffffffff; rem t3, t1, t2; li t6, 0xacf13568; beq t3, t6, 1f; j fail; 1:
    li gp, 133; li t1, 0xffffffff80000000; li t2, 0; rem t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 134; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 135; li t1, 0xffffffff80000000; li t2, 2; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 136; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; rem t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 137; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; rem t3, t1, t2; li t6, 5; beq t3, t6, 1f; j fail; 1:
    li gp, 138; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; rem t3, t1, t2; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 139; li t1, 0xfedcba98; li t2, 0; rem t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 140; li t1, 0xfedcba98; li t2, 0x80000000; rem t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 141; li t1, 0xfedcba98; li t2, 0xfedcba98; rem t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 142; li t1, 0xfffffffffffffff9; li t2, 3; rem t1, t1, t2; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 143; li t1, 0xfffffffffffffff9; li t2, 3; rem t2, t1, t2; li t6, 0xffffffffffffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 144; li t1, 0xfffffffffffffff9; rem t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 145; li t1, 0xfffffffffffffff9; li t2, 3; rem zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 146; li t1, 0xfffffffffffffff9; rem t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 147; li t1, 0xfffffffffffffff9; rem t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # remu
    li gp, 148; li t1, 0; li t2, 0; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 149; li t1, 0; li t2, 0x80000000; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 150; li t1, 0; li t2, 0xfedcba98; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 151; li t1, 1; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 152; li t1, 1; li t2, 0x7fffffffffffffff; remu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 153; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 154; li t1, 0xffffffffffffffff; li t2, 7; remu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 155; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; remu t3, t1, t2; li t6, 0x123456789abcedf; beq t3, t6, 1f; j fail; 1:
    li gp, 156; li t1, 2; li t2, 0; remu t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 157; li t1, 2; li t2, 0x7fffffff; remu t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 158; li t1, 2; li t2, 0x5555555555555555; remu t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 159; li t1, 7; li t2, 1; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 160; li t1, 7; li t2, 0xffffffff; remu t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 161; li t1, 0xfffffffffffffff9; li t2, 2; remu t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 162; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; remu t3, t1, t2; li t6, 0x7ffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 163; li t1, 0x7fffffff; li t2, 0; remu t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 164; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; remu t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 165; li t1, 0x7fffffff; li t2, 0x7fffffff; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 166; li t1, 0x7fffffff; li t2, 0xffffffff80000000; remu t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 167; li t1, 0x80000000; li t2, 0; remu t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 168; li t1, 0x80000000; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 169; li t1, 0x80000000; li t2, 0x80000000; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 170; li t1, 0x80000000; li t2, 0xfedcba98; remu t3, t1, t2; li t6, 0x80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 171; li t1, 0xffffffff; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 172; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; remu t3, t1, t2; li t6, 0xffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 173; li t1, 0x7fffffffffffffff; li t2, 0; remu t3, t1, t2; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 174; li t1, 0x7fffffffffffffff; li t2, 7; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 175; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; remu t3, t1, t2; li t6, 0x91a2b3c4d5e76f; beq t3, t6, 1f; j fail; 1:
    li gp, 176; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 0x8000000000000000; beq t3, t6, 1f; j fail; 1:
    li gp, 177; li t1, 0x8000000000000000; li t2, 0x7fffffff; remu t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 178; li t1, 0x8000000000000000; li t2, 0x8000000000000000; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 179; li t1, 0x8000000000000000; li t2, 0x5555555555555555; remu t3, t1, t2; li t6, 0x2aaaaaaaaaaaaaab; beq t3, t6, 1f; j fail; 1:
    li gp, 180; li t1, 0x123456789abcdef0; li t2, 1; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 181; li t1, 0x123456789abcdef0; li t2, 0xffffffff; remu t3, t1, t2; li t6, 0xacf13568; beq t3, t6, 1f; j fail; 1:
    li gp, 182; li t1, 0xffffffff80000000; li t2, 0; remu t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 183; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; remu t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 184; li t1, 0xffffffff80000000; li t2, 2; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 185; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; remu t3, t1, t2; li t6, 0x7fffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 186; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; remu t3, t1, t2; li t6, 0x5555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 187; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; remu t3, t1, t2; li t6, 0x5555555555555555; beq t3, t6, 1f; j fail; 1:
    li gp, 188; li t1, 0xfedcba98; li t2, 0; remu t3, t1, t2; li t6, 0xfedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 189; li t1, 0xfedcba98; li t2, 0x80000000; remu t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 190; li t1, 0xfedcba98; li t2, 0xfedcba98; remu t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 191; li t1, 0xfffffffffffffff9; li t2, 3; remu t1, t1, t2; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 192; li t1, 0xfffffffffffffff9; li t2, 3; remu t2, t1, t2; li t6, 0; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 193; li t1, 0xfffffffffffffff9; remu t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 194; li t1, 0xfffffffffffffff9; li t2, 3; remu zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 195; li t1, 0xfffffffffffffff9; remu t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 196; li t1, 0xfffffffffffffff9; remu t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # divw
    li gp, 197; li t1, 0; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 198; li t1, 0; li t2, 0x80000000; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 199; li t1, 0; li t2, 0xfedcba98; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 200; li t1, 1; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 201; li t1, 1; li t2, 0x7fffffffffffffff; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 202; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 203; li t1, 0xffffffffffffffff; li t2, 7; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 204; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 205; li t1, 2; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 206; li t1, 2; li t2, 0x7fffffff; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 207; li t1, 2; li t2, 0x5555555555555555; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 208; li t1, 7; li t2, 1; divw t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 209; li t1, 7; li t2, 0xffffffff; divw t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 210; li t1, 0xfffffffffffffff9; li t2, 2; divw t3, t1, t2; li t6, 0xfffffffffffffffd; beq t3, t6, 1f; j fail; 1:
    li gp, 211; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 212; li t1, 0x7fffffff; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 213; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; divw t3, t1, t2; li t6, 0xffffffffedb6db6e; beq t3, t6, 1f; j fail; 1:
    li gp, 214; li t1, 0x7fffffff; li t2, 0x7fffffff; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 215; li t1, 0x7fffffff; li t2, 0xffffffff80000000; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 216; li t1, 0x80000000; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 217; li t1, 0x80000000; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 218; li t1, 0x80000000; li t2, 0x80000000; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 219; li t1, 0x80000000; li t2, 0xfedcba98; divw t3, t1, t2; li t6, 0x70; beq t3, t6, 1f; j fail; 1:
    li gp, 220; li t1, 0xffffffff; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 221; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 222; li t1, 0x7fffffffffffffff; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 223; li t1, 0x7fffffffffffffff; li t2, 7; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 224; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 225; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 226; li t1, 0x8000000000000000; li t2, 0x7fffffff; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 227; li t1, 0x8000000000000000; li t2, 0x8000000000000000; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 228; li t1, 0x8000000000000000; li t2, 0x5555555555555555; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 229; li t1, 0x123456789abcdef0; li t2, 1; divw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 230; li t1, 0x123456789abcdef0; li t2, 0xffffffff; divw t3, t1, t2; li t6, 0x65432110; beq t3, t6, 1f; j fail; 1:
    li gp, 231; li t1, 0xffffffff80000000; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 232; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; divw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 233; li t1, 0xffffffff80000000; li t2, 2; divw t3, t1, t2; li t6, 0xffffffffc0000000; beq t3, t6, 1f; j fail; 1:
    li gp, 234; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 235; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; divw t3, t1, t2; li t6, 0xfffffffff3cf3cf4; beq t3, t6, 1f; j fail; 1:
    li gp, 236; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 237; li t1, 0xfedcba98; li t2, 0; divw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 238; li t1, 0xfedcba98; li t2, 0x80000000; divw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 239; li t1, 0xfedcba98; li t2, 0xfedcba98; divw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 240; li t1, 0xfffffffffffffff9; li t2, 3; divw t1, t1, t2; li t6, 0xfffffffffffffffe; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 241; li t1, 0xfffffffffffffff9; li t2, 3; divw t2, t1, t2; li t6, 0xfffffffffffffffe; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 242; li t1, 0xfffffffffffffff9; divw t1, t1, t1; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 243; li t1, 0xfffffffffffffff9; li t2, 3; divw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 244; li t1, 0xfffffffffffffff9; divw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 245; li t1, 0xfffffffffffffff9; divw t3, t1, zero; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # divuw
    li gp, 246; li t1, 0; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 247; li t1, 0; li t2, 0x80000000; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 248; li t1, 0; li t2, 0xfedcba98; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 249; li t1, 1; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 250; li t1, 1; li t2, 0x7fffffffffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 251; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 252; li t1, 0xffffffffffffffff; li t2, 7; divuw t3, t1, t2; li t6, 0x24924924; beq t3, t6, 1f; j fail; 1:
    li gp, 253; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 254; li t1, 2; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 255; li t1, 2; li t2, 0x7fffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 256; li t1, 2; li t2, 0x5555555555555555; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 257; li t1, 7; li t2, 1; divuw t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 258; li t1, 7; li t2, 0xffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 259; li t1, 0xfffffffffffffff9; li t2, 2; divuw t3, t1, t2; li t6, 0x7ffffffc; beq t3, t6, 1f; j fail; 1:
    li gp, 260; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 261; li t1, 0x7fffffff; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 262; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 263; li t1, 0x7fffffff; li t2, 0x7fffffff; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 264; li t1, 0x7fffffff; li t2, 0xffffffff80000000; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 265; li t1, 0x80000000; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 266; li t1, 0x80000000; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 267; li t1, 0x80000000; li t2, 0x80000000; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 268; li t1, 0x80000000; li t2, 0xfedcba98; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 269; li t1, 0xffffffff; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 270; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 271; li t1, 0x7fffffffffffffff; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 272; li t1, 0x7fffffffffffffff; li t2, 7; divuw t3, t1, t2; li t6, 0x24924924; beq t3, t6, 1f; j fail; 1:
    li gp, 273; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 274; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 275; li t1, 0x8000000000000000; li t2, 0x7fffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 276; li t1, 0x8000000000000000; li t2, 0x8000000000000000; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 277; li t1, 0x8000000000000000; li t2, 0x5555555555555555; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 278; li t1, 0x123456789abcdef0; li t2, 1; divuw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 279; li t1, 0x123456789abcdef0; li t2, 0xffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 280; li t1, 0xffffffff80000000; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 281; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 282; li t1, 0xffffffff80000000; li t2, 2; divuw t3, t1, t2; li t6, 0x40000000; beq t3, t6, 1f; j fail; 1:
    li gp, 283; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 284; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 285; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; divuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 286; li t1, 0xfedcba98; li t2, 0; divuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 287; li t1, 0xfedcba98; li t2, 0x80000000; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 288; li t1, 0xfedcba98; li t2, 0xfedcba98; divuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 289; li t1, 0xfffffffffffffff9; li t2, 3; divuw t1, t1, t2; li t6, 0x55555553; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 290; li t1, 0xfffffffffffffff9; li t2, 3; divuw t2, t1, t2; li t6, 0x55555553; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 291; li t1, 0xfffffffffffffff9; divuw t1, t1, t1; li t6, 1; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 292; li t1, 0xfffffffffffffff9; li t2, 3; divuw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 293; li t1, 0xfffffffffffffff9; divuw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 294; li t1, 0xfffffffffffffff9; divuw t3, t1, zero; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # remw
    li gp, 295; li t1, 0; li t2, 0; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 296; li t1, 0; li t2, 0x80000000; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 297; li t1, 0; li t2, 0xfedcba98; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 298; li t1, 1; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 299; li t1, 1; li t2, 0x7fffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 300; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 301; li t1, 0xffffffffffffffff; li t2, 7; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 302; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 303; li t1, 2; li t2, 0; remw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 304; li t1, 2; li t2, 0x7fffffff; remw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 305; li t1, 2; li t2, 0x5555555555555555; remw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 306; li t1, 7; li t2, 1; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 307; li t1, 7; li t2, 0xffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 308; li t1, 0xfffffffffffffff9; li t2, 2; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 309; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; remw t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 310; li t1, 0x7fffffff; li t2, 0; remw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 311; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; remw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 312; li t1, 0x7fffffff; li t2, 0x7fffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 313; li t1, 0x7fffffff; li t2, 0xffffffff80000000; remw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 314; li t1, 0x80000000; li t2, 0; remw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 315; li t1, 0x80000000; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 316; li t1, 0x80000000; li t2, 0x80000000; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 317; li t1, 0x80000000; li t2, 0xfedcba98; remw t3, t1, t2; li t6, 0xffffffffff6e5d80; beq t3, t6, 1f; j fail; 1:
    li gp, 318; li t1, 0xffffffff; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 319; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 320; li t1, 0x7fffffffffffffff; li t2, 0; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 321; li t1, 0x7fffffffffffffff; li t2, 7; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 322; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; remw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 323; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 324; li t1, 0x8000000000000000; li t2, 0x7fffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 325; li t1, 0x8000000000000000; li t2, 0x8000000000000000; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 326; li t1, 0x8000000000000000; li t2, 0x5555555555555555; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 327; li t1, 0x123456789abcdef0; li t2, 1; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 328; li t1, 0x123456789abcdef0; li t2, 0xffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 329; li t1, 0xffffffff80000000; li t2, 0; remw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 330; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 331; li t1, 0xffffffff80000000; li t2, 2; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 332; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; remw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 333; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; remw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 334; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; remw t3, t1, t2; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 335; li t1, 0xfedcba98; li t2, 0; remw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 336; li t1, 0xfedcba98; li t2, 0x80000000; remw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 337; li t1, 0xfedcba98; li t2, 0xfedcba98; remw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 338; li t1, 0xfffffffffffffff9; li t2, 3; remw t1, t1, t2; li t6, 0xffffffffffffffff; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 339; li t1, 0xfffffffffffffff9; li t2, 3; remw t2, t1, t2; li t6, 0xffffffffffffffff; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 340; li t1, 0xfffffffffffffff9; remw t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 341; li t1, 0xfffffffffffffff9; li t2, 3; remw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 342; li t1, 0xfffffffffffffff9; remw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 343; li t1, 0xfffffffffffffff9; remw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # remuw
    li gp, 344; li t1, 0; li t2, 0; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 345; li t1, 0; li t2, 0x80000000; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 346; li t1, 0; li t2, 0xfedcba98; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 347; li t1, 1; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 348; li t1, 1; li t2, 0x7fffffffffffffff; remuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 349; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 350; li t1, 0xffffffffffffffff; li t2, 7; remuw t3, t1, t2; li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 351; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; remuw t3, t1, t2; li t6, 0x6543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 352; li t1, 2; li t2, 0; remuw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 353; li t1, 2; li t2, 0x7fffffff; remuw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 354; li t1, 2; li t2, 0x5555555555555555; remuw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 355; li t1, 7; li t2, 1; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 356; li t1, 7; li t2, 0xffffffff; remuw t3, t1, t2; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 357; li t1, 0xfffffffffffffff9; li t2, 2; remuw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 358; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; remuw t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 359; li t1, 0x7fffffff; li t2, 0; remuw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 360; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; remuw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 361; li t1, 0x7fffffff; li t2, 0x7fffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 362; li t1, 0x7fffffff; li t2, 0xffffffff80000000; remuw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 363; li t1, 0x80000000; li t2, 0; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 364; li t1, 0x80000000; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 365; li t1, 0x80000000; li t2, 0x80000000; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 366; li t1, 0x80000000; li t2, 0xfedcba98; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 367; li t1, 0xffffffff; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 368; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 369; li t1, 0x7fffffffffffffff; li t2, 0; remuw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 370; li t1, 0x7fffffffffffffff; li t2, 7; remuw t3, t1, t2; li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 371; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; remuw t3, t1, t2; li t6, 0x6543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 372; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 373; li t1, 0x8000000000000000; li t2, 0x7fffffff; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 374; li t1, 0x8000000000000000; li t2, 0x8000000000000000; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 375; li t1, 0x8000000000000000; li t2, 0x5555555555555555; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 376; li t1, 0x123456789abcdef0; li t2, 1; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 377; li t1, 0x123456789abcdef0; li t2, 0xffffffff; remuw t3, t1, t2; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 378; li t1, 0xffffffff80000000; li t2, 0; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 379; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 380; li t1, 0xffffffff80000000; li t2, 2; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 381; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; remuw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 382; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; remuw t3, t1, t2; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 383; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; remuw t3, t1, t2; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 384; li t1, 0xfedcba98; li t2, 0; remuw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 385; li t1, 0xfedcba98; li t2, 0x80000000; remuw t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 386; li t1, 0xfedcba98; li t2, 0xfedcba98; remuw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 387; li t1, 0xfffffffffffffff9; li t2, 3; remuw t1, t1, t2; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 388; li t1, 0xfffffffffffffff9; li t2, 3; remuw t2, t1, t2; li t6, 0; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 389; li t1, 0xfffffffffffffff9; remuw t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 390; li t1, 0xfffffffffffffff9; li t2, 3; remuw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 391; li t1, 0xfffffffffffffff9; remuw t3, zero, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 392; li t1, 0xfffffffffffffff9; remuw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
