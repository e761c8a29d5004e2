# Word arithmetic: low 32 bits, sign-extended.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.

_start:
    # addw
    li gp, 1; li t1, 0; li t2, 0; addw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 2; li t1, 0; li t2, 0x80000000; addw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 3; li t1, 0; li t2, 0xfedcba98; addw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 4; li t1, 1; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 5; li t1, 1; li t2, 0x7fffffffffffffff; addw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 6; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 7; li t1, 0xffffffffffffffff; li t2, 7; addw t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 8; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; addw t3, t1, t2; li t6, 0xffffffff9abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 9; li t1, 2; li t2, 0; addw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 10; li t1, 2; li t2, 0x7fffffff; addw t3, t1, t2; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 11; li t1, 2; li t2, 0x5555555555555555; addw t3, t1, t2; li t6, 0x55555557; beq t3, t6, 1f; j fail; 1:
    li gp, 12; li t1, 7; li t2, 1; addw t3, t1, t2; li t6, 8; beq t3, t6, 1f; j fail; 1:
    li gp, 13; li t1, 7; li t2, 0xffffffff; addw t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 14; li t1, 0xfffffffffffffff9; li t2, 2; addw t3, t1, t2; li t6, 0xfffffffffffffffb; beq t3, t6, 1f; j fail; 1:
    li gp, 15; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; addw t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 16; li t1, 0x7fffffff; li t2, 0; addw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 17; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; addw t3, t1, t2; li t6, 0x7ffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 18; li t1, 0x7fffffff; li t2, 0x7fffffff; addw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 19; li t1, 0x7fffffff; li t2, 0xffffffff80000000; addw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 20; li t1, 0x80000000; li t2, 0; addw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 21; li t1, 0x80000000; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 22; li t1, 0x80000000; li t2, 0x80000000; addw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 23; li t1, 0x80000000; li t2, 0xfedcba98; addw t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 24; li t1, 0xffffffff; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 25; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; addw t3, t1, t2; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 26; li t1, 0x7fffffffffffffff; li t2, 0; addw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 27; li t1, 0x7fffffffffffffff; li t2, 7; addw t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 28; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; addw t3, t1, t2; li t6, 0xffffffff9abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 29; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 30; li t1, 0x8000000000000000; li t2, 0x7fffffff; addw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 31; li t1, 0x8000000000000000; li t2, 0x8000000000000000; addw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 32; li t1, 0x8000000000000000; li t2, 0x5555555555555555; addw t3, t1, t2; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 33; li t1, 0x123456789abcdef0; li t2, 1; addw t3, t1, t2; li t6, 0xffffffff9abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 34; li t1, 0x123456789abcdef0; li t2, 0xffffffff; addw t3, t1, t2; li t6, 0xffffffff9abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 35; li t1, 0xffffffff80000000; li t2, 0; addw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 36; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; addw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 37; li t1, 0xffffffff80000000; li t2, 2; addw t3, t1, t2; li t6, 0xffffffff80000002; beq t3, t6, 1f; j fail; 1:
    li gp, 38; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; addw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 39; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; addw t3, t1, t2; li t6, 0x5555554e; beq t3, t6, 1f; j fail; 1:
    li gp, 40; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; addw t3, t1, t2; li t6, 0xffffffffd5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 41; li t1, 0xfedcba98; li t2, 0; addw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 42; li t1, 0xfedcba98; li t2, 0x80000000; addw t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 43; li t1, 0xfedcba98; li t2, 0xfedcba98; addw t3, t1, t2; li t6, 0xfffffffffdb97530; beq t3, t6, 1f; j fail; 1:
    li gp, 44; li t1, 0xfffffffffffffff9; li t2, 3; addw t1, t1, t2; li t6, 0xfffffffffffffffc; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 45; li t1, 0xfffffffffffffff9; li t2, 3; addw t2, t1, t2; li t6, 0xfffffffffffffffc; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 46; li t1, 0xfffffffffffffff9; addw t1, t1, t1; li t6, 0xfffffffffffffff2; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 47; li t1, 0xfffffffffffffff9; li t2, 3; addw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 48; li t1, 0xfffffffffffffff9; addw t3, zero, t1; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 49; li t1, 0xfffffffffffffff9; addw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # subw
    li gp, 50; li t1, 0; li t2, 0; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 51; li t1, 0; li t2, 0x80000000; subw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 52; li t1, 0; li t2, 0xfedcba98; subw t3, t1, t2; li t6, 0x1234568; beq t3, t6, 1f; j fail; 1:
    li gp, 53; li t1, 1; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 54; li t1, 1; li t2, 0x7fffffffffffffff; subw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 55; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 56; li t1, 0xffffffffffffffff; li t2, 7; subw t3, t1, t2; li t6, 0xfffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 57; li t1, 0xffffffffffffffff; li t2, 0x123456789abcdef0; subw t3, t1, t2; li t6, 0x6543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 58; li t1, 2; li t2, 0; subw t3, t1, t2; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 59; li t1, 2; li t2, 0x7fffffff; subw t3, t1, t2; li t6, 0xffffffff80000003; beq t3, t6, 1f; j fail; 1:
    li gp, 60; li t1, 2; li t2, 0x5555555555555555; subw t3, t1, t2; li t6, 0xffffffffaaaaaaad; beq t3, t6, 1f; j fail; 1:
    li gp, 61; li t1, 7; li t2, 1; subw t3, t1, t2; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 62; li t1, 7; li t2, 0xffffffff; subw t3, t1, t2; li t6, 8; beq t3, t6, 1f; j fail; 1:
    li gp, 63; li t1, 0xfffffffffffffff9; li t2, 2; subw t3, t1, t2; li t6, 0xfffffffffffffff7; beq t3, t6, 1f; j fail; 1:
    li gp, 64; li t1, 0xfffffffffffffff9; li t2, 0x8000000000000000; subw t3, t1, t2; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 65; li t1, 0x7fffffff; li t2, 0; subw t3, t1, t2; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 66; li t1, 0x7fffffff; li t2, 0xfffffffffffffff9; subw t3, t1, t2; li t6, 0xffffffff80000006; beq t3, t6, 1f; j fail; 1:
    li gp, 67; li t1, 0x7fffffff; li t2, 0x7fffffff; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 68; li t1, 0x7fffffff; li t2, 0xffffffff80000000; subw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 69; li t1, 0x80000000; li t2, 0; subw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 70; li t1, 0x80000000; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 71; li t1, 0x80000000; li t2, 0x80000000; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 72; li t1, 0x80000000; li t2, 0xfedcba98; subw t3, t1, t2; li t6, 0xffffffff81234568; beq t3, t6, 1f; j fail; 1:
    li gp, 73; li t1, 0xffffffff; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 74; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 75; li t1, 0x7fffffffffffffff; li t2, 0; subw t3, t1, t2; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 76; li t1, 0x7fffffffffffffff; li t2, 7; subw t3, t1, t2; li t6, 0xfffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 77; li t1, 0x7fffffffffffffff; li t2, 0x123456789abcdef0; subw t3, t1, t2; li t6, 0x6543210f; beq t3, t6, 1f; j fail; 1:
    li gp, 78; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 79; li t1, 0x8000000000000000; li t2, 0x7fffffff; subw t3, t1, t2; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 80; li t1, 0x8000000000000000; li t2, 0x8000000000000000; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 81; li t1, 0x8000000000000000; li t2, 0x5555555555555555; subw t3, t1, t2; li t6, 0xffffffffaaaaaaab; beq t3, t6, 1f; j fail; 1:
    li gp, 82; li t1, 0x123456789abcdef0; li t2, 1; subw t3, t1, t2; li t6, 0xffffffff9abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 83; li t1, 0x123456789abcdef0; li t2, 0xffffffff; subw t3, t1, t2; li t6, 0xffffffff9abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 84; li t1, 0xffffffff80000000; li t2, 0; subw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 85; li t1, 0xffffffff80000000; li t2, 0xffffffffffffffff; subw t3, t1, t2; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 86; li t1, 0xffffffff80000000; li t2, 2; subw t3, t1, t2; li t6, 0x7ffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 87; li t1, 0xffffffff80000000; li t2, 0x8000000000000000; subw t3, t1, t2; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 88; li t1, 0x5555555555555555; li t2, 0xfffffffffffffff9; subw t3, t1, t2; li t6, 0x5555555c; beq t3, t6, 1f; j fail; 1:
    li gp, 89; li t1, 0x5555555555555555; li t2, 0xffffffff80000000; subw t3, t1, t2; li t6, 0xffffffffd5555555; beq t3, t6, 1f; j fail; 1:
    li gp, 90; li t1, 0xfedcba98; li t2, 0; subw t3, t1, t2; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 91; li t1, 0xfedcba98; li t2, 0x80000000; subw t3, t1, t2; li t6, 0x7edcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 92; li t1, 0xfedcba98; li t2, 0xfedcba98; subw t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 93; li t1, 0xfffffffffffffff9; li t2, 3; subw t1, t1, t2; li t6, 0xfffffffffffffff6; beq t1, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 94; li t1, 0xfffffffffffffff9; li t2, 3; subw t2, t1, t2; li t6, 0xfffffffffffffff6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 95; li t1, 0xfffffffffffffff9; subw t1, t1, t1; li t6, 0; beq t1, t6, 1f; j fail; 1:  # rd = rs1 = rs2
    li gp, 96; li t1, 0xfffffffffffffff9; li t2, 3; subw zero, t1, t2; li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 97; li t1, 0xfffffffffffffff9; subw t3, zero, t1; li t6, 7; beq t3, t6, 1f; j fail; 1:  # rs1 = x0
    li gp, 98; li t1, 0xfffffffffffffff9; subw t3, t1, zero; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:  # rs2 = x0
    # addiw
    li gp, 99; li t1, 0; addiw t3, t1, 0; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 100; li t1, 0; addiw t3, t1, 1; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 101; li t1, 0; addiw t3, t1, -1; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 102; li t1, 0; addiw t3, t1, 2047; li t6, 0x7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 103; li t1, 0; addiw t3, t1, -2048; li t6, 0xfffffffffffff800; beq t3, t6, 1f; j fail; 1:
    li gp, 104; li t1, 0; addiw t3, t1, 1365; li t6, 0x555; beq t3, t6, 1f; j fail; 1:
    li gp, 105; li t1, 0; addiw t3, t1, -1366; li t6, 0xfffffffffffffaaa; beq t3, t6, 1f; j fail; 1:
    li gp, 106; li t1, 1; addiw t3, t1, 0; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 107; li t1, 1; addiw t3, t1, 1; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 108; li t1, 1; addiw t3, t1, -1; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 109; li t1, 1; addiw t3, t1, 2047; li t6, 0x800; beq t3, t6, 1f; j fail; 1:
    li gp, 110; li t1, 1; addiw t3, t1, -2048; li t6, 0xfffffffffffff801; beq t3, t6, 1f; j fail; 1:
    li gp, 111; li t1, 1; addiw t3, t1, 1365; li t6, 0x556; beq t3, t6, 1f; j fail; 1:
    li gp, 112; li t1, 1; addiw t3, t1, -1366; li t6, 0xfffffffffffffaab; beq t3, t6, 1f; j fail; 1:
    li gp, 113; li t1, 0xffffffffffffffff; addiw t3, t1, 0; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 114; li t1, 0xffffffffffffffff; addiw t3, t1, 1; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 115; li t1, 0xffffffffffffffff; addiw t3, t1, -1; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 116; li t1, 0xffffffffffffffff; addiw t3, t1, 2047; li t6, 0x7fe; beq t3, t6, 1f; j fail; 1:
    li gp, 117; li t1, 0xffffffffffffffff; addiw t3, t1, -2048; li t6, 0xfffffffffffff7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 118; li t1, 0xffffffffffffffff; addiw t3, t1, 1365; li t6, 0x554; beq t3, t6, 1f; j fail; 1:
    li gp, 119; li t1, 0xffffffffffffffff; addiw t3, t1, -1366; li t6, 0xfffffffffffffaa9; beq t3, t6, 1f; j fail; 1:
    li gp, 120; li t1, 2; addiw t3, t1, 0; li t6, 2; beq t3, t6, 1f; j fail; 1:
    li gp, 121; li t1, 2; addiw t3, t1, 1; li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 122; li t1, 2; addiw t3, t1, -1; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 123; li t1, 2; addiw t3, t1, 2047; li t6, 0x801; beq t3, t6, 1f; j fail; 1:
    li gp, 124; li t1, 2; addiw t3, t1, -2048; li t6, 0xfffffffffffff802; beq t3, t6, 1f; j fail; 1:
    li gp, 125; li t1, 2; addiw t3, t1, 1365; li t6, 0x557; beq t3, t6, 1f; j fail; 1:
    li gp, 126; li t1, 2; addiw t3, t1, -1366; li t6, 0xfffffffffffffaac; beq t3, t6, 1f; j fail; 1:
    li gp, 127; li t1, 7; addiw t3, t1, 0; li t6, 7; beq t3, t6, 1f; j fail; 1:
    li gp, 128; li t1, 7; addiw t3, t1, 1; li t6, 8; beq t3, t6, 1f; j fail; 1:
    li gp, 129; li t1, 7; addiw t3, t1, -1; li t6, 6; beq t3, t6, 1f; j fail; 1:
    li gp, 130; li t1, 7; addiw t3, t1, 2047; li t6, 0x806; beq t3, t6, 1f; j fail; 1:
    li gp, 131; li t1, 7; addiw t3, t1, -2048; li t6, 0xfffffffffffff807; beq t3, t6, 1f; j fail; 1:
    li gp, 132; li t1, 7; addiw t3, t1, 1365; li t6, 0x55c; beq t3, t6, 1f; j fail; 1:
    li gp, 133; li t1, 7; addiw t3, t1, -1366; li t6, 0xfffffffffffffab1; beq t3, t6, 1f; j fail; 1:
    li gp, 134; li t1, 0xfffffffffffffff9; addiw t3, t1, 0; li t6, 0xfffffffffffffff9; beq t3, t6, 1f; j fail; 1:
    li gp, 135; li t1, 0xfffffffffffffff9; addiw t3, t1, 1; li t6, 0xfffffffffffffffa; beq t3, t6, 1f; j fail; 1:
    li gp, 136; li t1, 0xfffffffffffffff9; addiw t3, t1, -1; li t6, 0xfffffffffffffff8; beq t3, t6, 1f; j fail; 1:
    li gp, 137; li t1, 0xfffffffffffffff9; addiw t3, t1, 2047; li t6, 0x7f8; beq t3, t6, 1f; j fail; 1:
    li gp, 138; li t1, 0xfffffffffffffff9; addiw t3, t1, -2048; li t6, 0xfffffffffffff7f9; beq t3, t6, 1f; j fail; 1:
    li gp, 139; li t1, 0xfffffffffffffff9; addiw t3, t1, 1365; li t6, 0x54e; beq t3, t6, 1f; j fail; 1:
    li gp, 140; li t1, 0xfffffffffffffff9; addiw t3, t1, -1366; li t6, 0xfffffffffffffaa3; beq t3, t6, 1f; j fail; 1:
    li gp, 141; li t1, 0x7fffffff; addiw t3, t1, 0; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 142; li t1, 0x7fffffff; addiw t3, t1, 1; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 143; li t1, 0x7fffffff; addiw t3, t1, -1; li t6, 0x7ffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 144; li t1, 0x7fffffff; addiw t3, t1, 2047; li t6, 0xffffffff800007fe; beq t3, t6, 1f; j fail; 1:
    li gp, 145; li t1, 0x7fffffff; addiw t3, t1, -2048; li t6, 0x7ffff7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 146; li t1, 0x7fffffff; addiw t3, t1, 1365; li t6, 0xffffffff80000554; beq t3, t6, 1f; j fail; 1:
    li gp, 147; li t1, 0x7fffffff; addiw t3, t1, -1366; li t6, 0x7ffffaa9; beq t3, t6, 1f; j fail; 1:
    li gp, 148; li t1, 0x80000000; addiw t3, t1, 0; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 149; li t1, 0x80000000; addiw t3, t1, 1; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 150; li t1, 0x80000000; addiw t3, t1, -1; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 151; li t1, 0x80000000; addiw t3, t1, 2047; li t6, 0xffffffff800007ff; beq t3, t6, 1f; j fail; 1:
    li gp, 152; li t1, 0x80000000; addiw t3, t1, -2048; li t6, 0x7ffff800; beq t3, t6, 1f; j fail; 1:
    li gp, 153; li t1, 0x80000000; addiw t3, t1, 1365; li t6, 0xffffffff80000555; beq t3, t6, 1f; j fail; 1:
    li gp, 154; li t1, 0x80000000; addiw t3, t1, -1366; li t6, 0x7ffffaaa; beq t3, t6, 1f; j fail; 1:
    li gp, 155; li t1, 0xffffffff; addiw t3, t1, 0; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 156; li t1, 0xffffffff; addiw t3, t1, 1; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 157; li t1, 0xffffffff; addiw t3, t1, -1; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 158; li t1, 0xffffffff; addiw t3, t1, 2047; li t6, 0x7fe; beq t3, t6, 1f; j fail; 1:
    li gp, 159; li t1, 0xffffffff; addiw t3, t1, -2048; li t6, 0xfffffffffffff7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 160; li t1, 0xffffffff; addiw t3, t1, 1365; li t6, 0x554; beq t3, t6, 1f; j fail; 1:
    li gp, 161; li t1, 0xffffffff; addiw t3, t1, -1366; li t6, 0xfffffffffffffaa9; beq t3, t6, 1f; j fail; 1:
    li gp, 162; li t1, 0x7fffffffffffffff; addiw t3, t1, 0; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 163; li t1, 0x7fffffffffffffff; addiw t3, t1, 1; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 164; li t1, 0x7fffffffffffffff; addiw t3, t1, -1; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 165; li t1, 0x7fffffffffffffff; addiw t3, t1, 2047; li t6, 0x7fe; beq t3, t6, 1f; j fail; 1:
    li gp, 166; li t1, 0x7fffffffffffffff; addiw t3, t1, -2048; li t6, 0xfffffffffffff7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 167; li t1, 0x7fffffffffffffff; addiw t3, t1, 1365; li t6, 0x554; beq t3, t6, 1f; j fail; 1:
    li gp, 168; li t1, 0x7fffffffffffffff; addiw t3, t1, -1366; li t6, 0xfffffffffffffaa9; beq t3, t6, 1f; j fail; 1:
    li gp, 169; li t1, 0x8000000000000000; addiw t3, t1, 0; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 170; li t1, 0x8000000000000000; addiw t3, t1, 1; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 171; li t1, 0x8000000000000000; addiw t3, t1, -1; li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 172; li t1, 0x8000000000000000; addiw t3, t1, 2047; li t6, 0x7ff; beq t3, t6, 1f; j fail; 1:
    li gp, 173; li t1, 0x8000000000000000; addiw t3, t1, -2048; li t6, 0xfffffffffffff800; beq t3, t6, 1f; j fail; 1:
    li gp, 174; li t1, 0x8000000000000000; addiw t3, t1, 1365; li t6, 0x555; beq t3, t6, 1f; j fail; 1:
    li gp, 175; li t1, 0x8000000000000000; addiw t3, t1, -1366; li t6, 0xfffffffffffffaaa; beq t3, t6, 1f; j fail; 1:
    li gp, 176; li t1, 0x123456789abcdef0; addiw t3, t1, 0; li t6, 0xffffffff9abcdef0; beq t3, t6, 1f; j fail; 1:
    li gp, 177; li t1, 0x123456789abcdef0; addiw t3, t1, 1; li t6, 0xffffffff9abcdef1; beq t3, t6, 1f; j fail; 1:
    li gp, 178; li t1, 0x123456789abcdef0; addiw t3, t1, -1; li t6, 0xffffffff9abcdeef; beq t3, t6, 1f; j fail; 1:
    li gp, 179; li t1, 0x123456789abcdef0; addiw t3, t1, 2047; li t6, 0xffffffff9abce6ef; beq t3, t6, 1f; j fail; 1:
    li gp, 180; li t1, 0x123456789abcdef0; addiw t3, t1, -2048; li t6, 0xffffffff9abcd6f0; beq t3, t6, 1f; j fail; 1:
    li gp, 181; li t1, 0x123456789abcdef0; addiw t3, t1, 1365; li t6, 0xffffffff9abce445; beq t3, t6, 1f; j fail; 1:
    li gp, 182; li t1, 0x123456789abcdef0; addiw t3, t1, -1366; li t6, 0xffffffff9abcd99a; beq t3, t6, 1f; j fail; 1:
    li gp, 183; li t1, 0xffffffff80000000; addiw t3, t1, 0; li t6, 0xffffffff80000000; beq t3, t6, 1f; j fail; 1:
    li gp, 184; li t1, 0xffffffff80000000; addiw t3, t1, 1; li t6, 0xffffffff80000001; beq t3, t6, 1f; j fail; 1:
    li gp, 185; li t1, 0xffffffff80000000; addiw t3, t1, -1; li t6, 0x7fffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 186; li t1, 0xffffffff80000000; addiw t3, t1, 2047; li t6, 0xffffffff800007ff; beq t3, t6, 1f; j fail; 1:
    li gp, 187; li t1, 0xffffffff80000000; addiw t3, t1, -2048; li t6, 0x7ffff800; beq t3, t6, 1f; j fail; 1:
    li gp, 188; li t1, 0xffffffff80000000; addiw t3, t1, 1365; li t6, 0xffffffff80000555; beq t3, t6, 1f; j fail; 1:
    li gp, 189; li t1, 0xffffffff80000000; addiw t3, t1, -1366; li t6, 0x7ffffaaa; beq t3, t6, 1f; j fail; 1:
    li gp, 190; li t1, 0x5555555555555555; addiw t3, t1, 0; li t6, 0x55555555; beq t3, t6, 1f; j fail; 1:
    li gp, 191; li t1, 0x5555555555555555; addiw t3, t1, 1; li t6, 0x55555556; beq t3, t6, 1f; j fail; 1:
    li gp, 192; li t1, 0x5555555555555555; addiw t3, t1, -1; li t6, 0x55555554; beq t3, t6, 1f; j fail; 1:
    li gp, 193; li t1, 0x5555555555555555; addiw t3, t1, 2047; li t6, 0x55555d54; beq t3, t6, 1f; j fail; 1:
    li gp, 194; li t1, 0x5555555555555555; addiw t3, t1, -2048; li t6, 0x55554d55; beq t3, t6, 1f; j fail; 1:
    li gp, 195; li t1, 0x5555555555555555; addiw t3, t1, 1365; li t6, 0x55555aaa; beq t3, t6, 1f; j fail; 1:
    li gp, 196; li t1, 0x5555555555555555; addiw t3, t1, -1366; li t6, 0x55554fff; beq t3, t6, 1f; j fail; 1:
    li gp, 197; li t1, 0xfedcba98; addiw t3, t1, 0; li t6, 0xfffffffffedcba98; beq t3, t6, 1f; j fail; 1:
    li gp, 198; li t1, 0xfedcba98; addiw t3, t1, 1; li t6, 0xfffffffffedcba99; beq t3, t6, 1f; j fail; 1:
    li gp, 199; li t1, 0xfedcba98; addiw t3, t1, -1; li t6, 0xfffffffffedcba97; beq t3, t6, 1f; j fail; 1:
    li gp, 200; li t1, 0xfedcba98; addiw t3, t1, 2047; li t6, 0xfffffffffedcc297; beq t3, t6, 1f; j fail; 1:
    li gp, 201; li t1, 0xfedcba98; addiw t3, t1, -2048; li t6, 0xfffffffffedcb298; beq t3, t6, 1f; j fail; 1:
    li gp, 202; li t1, 0xfedcba98; addiw t3, t1, 1365; li t6, 0xfffffffffedcbfed; beq t3, t6, 1f; j fail; 1:
    li gp, 203; li t1, 0xfedcba98; addiw t3, t1, -1366; li t6, 0xfffffffffedcb542; beq t3, t6, 1f; j fail; 1:
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
