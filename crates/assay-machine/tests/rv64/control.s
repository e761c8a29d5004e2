# Branches and jumps: conditions, directions, links, the low bit of jalr.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.

_start:
    # beq
    li gp, 1; li t1, 0; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 2; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 3; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 4; li t1, 0; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 5; li t1, 0; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 6; li t1, 1; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 7; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 8; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 9; li t1, 1; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 10; li t1, 1; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 11; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 12; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 13; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 14; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 15; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 16; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 17; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 18; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 19; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 20; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 21; li t1, 0x8000000000000000; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 22; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 23; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 24; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 25; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 26; li t1, 0x80000000; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 27; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 28; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 29; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 30; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 31; li t1, 0xffffffff; li t2, 0; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 32; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 33; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 34; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 35; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; beq t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 36; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: beq t1, t1, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    # bne
    li gp, 37; li t1, 0; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 38; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 39; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 40; li t1, 0; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 41; li t1, 0; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 42; li t1, 1; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 43; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 44; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 45; li t1, 1; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 46; li t1, 1; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 47; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 48; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 49; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 50; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 51; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 52; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 53; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 54; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 55; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 56; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 57; li t1, 0x8000000000000000; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 58; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 59; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 60; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 61; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 62; li t1, 0x80000000; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 63; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 64; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 65; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 66; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 67; li t1, 0xffffffff; li t2, 0; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 68; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 69; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 70; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 71; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; bne t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 72; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: bne t1, zero, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    # blt
    li gp, 73; li t1, 0; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 74; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 75; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 76; li t1, 0; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 77; li t1, 0; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 78; li t1, 1; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 79; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 80; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 81; li t1, 1; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 82; li t1, 1; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 83; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 84; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 85; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 86; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 87; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 88; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 89; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 90; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 91; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 92; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 93; li t1, 0x8000000000000000; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 94; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 95; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 96; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 97; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 98; li t1, 0x80000000; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 99; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 100; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 101; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 102; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 103; li t1, 0xffffffff; li t2, 0; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 104; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 105; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 106; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 107; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; blt t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 108; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: blt zero, t1, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    # bge
    li gp, 109; li t1, 0; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 110; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 111; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 112; li t1, 0; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 113; li t1, 0; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 114; li t1, 1; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 115; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 116; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 117; li t1, 1; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 118; li t1, 1; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 119; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 120; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 121; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 122; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 123; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 124; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 125; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 126; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 127; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 128; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 129; li t1, 0x8000000000000000; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 130; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 131; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 132; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 133; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 134; li t1, 0x80000000; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 135; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 136; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 137; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 138; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 139; li t1, 0xffffffff; li t2, 0; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 140; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 141; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 142; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 143; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; bge t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 144; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: bge t1, t1, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    # bltu
    li gp, 145; li t1, 0; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 146; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 147; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 148; li t1, 0; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 149; li t1, 0; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 150; li t1, 1; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 151; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 152; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 153; li t1, 1; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 154; li t1, 1; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 155; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 156; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 157; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 158; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 159; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 160; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 161; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 162; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 163; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 164; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 165; li t1, 0x8000000000000000; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 166; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 167; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 168; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 169; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 170; li t1, 0x80000000; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 171; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 172; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 173; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 174; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 175; li t1, 0xffffffff; li t2, 0; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 176; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 177; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 178; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 179; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; bltu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 180; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: bltu zero, t1, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    # bgeu
    li gp, 181; li t1, 0; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 182; li t1, 0; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 183; li t1, 0; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 184; li t1, 0; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 185; li t1, 0; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 186; li t1, 1; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 187; li t1, 1; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 188; li t1, 1; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 189; li t1, 1; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 190; li t1, 1; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 191; li t1, 0xffffffffffffffff; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 192; li t1, 0xffffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 193; li t1, 0xffffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 194; li t1, 0xffffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 195; li t1, 0xffffffffffffffff; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 196; li t1, 0x7fffffffffffffff; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 197; li t1, 0x7fffffffffffffff; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 198; li t1, 0x7fffffffffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 199; li t1, 0x7fffffffffffffff; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 200; li t1, 0x7fffffffffffffff; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 201; li t1, 0x8000000000000000; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 202; li t1, 0x8000000000000000; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 203; li t1, 0x8000000000000000; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 204; li t1, 0x8000000000000000; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 205; li t1, 0x8000000000000000; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 206; li t1, 0x80000000; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 207; li t1, 0x80000000; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 208; li t1, 0x80000000; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 209; li t1, 0x80000000; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 210; li t1, 0x80000000; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 211; li t1, 0xffffffff; li t2, 0; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 212; li t1, 0xffffffff; li t2, 0xffffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 213; li t1, 0xffffffff; li t2, 0x7fffffffffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 214; li t1, 0xffffffff; li t2, 0x8000000000000000; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 0; beq t3, t6, 1f; j fail; 1:
    li gp, 215; li t1, 0xffffffff; li t2, 0xffffffff; li t3, 1; bgeu t1, t2, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 216; li t1, 1; li t3, 0; j 3f; 2: li t3, 9; j 4f; 3: bgeu t1, t1, 2b; j fail; 4: li t6, 9; beq t3, t6, 1f; j fail; 1:  # backwards
    li gp, 217; la t1, 2f; jal t3, 2f; 2: nop; sub t3, t3, t1; li t6, 0; beq t3, t6, 1f; j fail; 1:  # jal links the next instruction
    li gp, 218; li t3, 1; jal zero, 2f; li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:  # jal without a link
    li gp, 219; li t3, 0; j 3f; 2: li t3, 5; j 4f; 3: jal t4, 2b; 4: nop; li t6, 5; beq t3, t6, 1f; j fail; 1:  # jal backwards
    li gp, 220; la t1, 2f; li t3, 1; jalr t4, 0(t1); li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 221; la t1, 2f; jalr t3, 0(t1); 2: la t2, 2b; sub t3, t3, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:  # jalr links the next instruction
    li gp, 222; la t1, 2f; li t3, 1; jalr t4, 1(t1); li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:  # jalr clears bit 0
    li gp, 223; la t1, 2f; addi t1, t1, 16; li t3, 1; jalr zero, -16(t1); li t3, 0; 2: nop; li t6, 1; beq t3, t6, 1f; j fail; 1:  # jalr with an offset
    li gp, 224; la t1, 2f; jalr t1, 0(t1); 2: la t2, 2b; sub t3, t1, t2; li t6, 0; beq t3, t6, 1f; j fail; 1:  # jalr with rd = rs1
    li gp, 225; li t3, 0; li t1, 1000; 2: add t3, t3, t1; addi t1, t1, -1; bnez t1, 2b; li t6, 0x7a314; beq t3, t6, 1f; j fail; 1:  # a loop
    li gp, 226; fence; fence.i; fence rw, w; li t3, 3; li t6, 3; beq t3, t6, 1f; j fail; 1:  # fences do nothing here
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
