# Loads and stores: widths, sign extension, offsets, every misalignment (Zicclsm), page borders.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.
# 0x20000 and up is RAM of the standard platform, zero at the start.

_start:
    # loads within a page
    li s0, 0x20000; li t1, 0xf403fe8201ff7f80; sd t1, 0(s0); li t1, 0xc8b7a69544332211; sd t1, 8(s0)
    li gp, 1; lb t3, 0(s0); li t6, 0xffffffffffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 2; lb t3, 1(s0); li t6, 0x7f; beq t3, t6, 1f; j fail; 1:
    li gp, 3; lb t3, 2(s0); li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 4; lb t3, 3(s0); li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 5; lb t3, 4(s0); li t6, 0xffffffffffffff82; beq t3, t6, 1f; j fail; 1:
    li gp, 6; lb t3, 5(s0); li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 7; lb t3, 6(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 8; lb t3, 7(s0); li t6, 0xfffffffffffffff4; beq t3, t6, 1f; j fail; 1:
    li gp, 9; lb t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 10; lb t3, 9(s0); li t6, 0x22; beq t3, t6, 1f; j fail; 1:
    li gp, 11; lb t3, 10(s0); li t6, 0x33; beq t3, t6, 1f; j fail; 1:
    li gp, 12; lb t3, 11(s0); li t6, 0x44; beq t3, t6, 1f; j fail; 1:
    li gp, 13; lb t3, 12(s0); li t6, 0xffffffffffffff95; beq t3, t6, 1f; j fail; 1:
    li gp, 14; lb t3, 13(s0); li t6, 0xffffffffffffffa6; beq t3, t6, 1f; j fail; 1:
    li gp, 15; lb t3, 14(s0); li t6, 0xffffffffffffffb7; beq t3, t6, 1f; j fail; 1:
    li gp, 16; lb t3, 15(s0); li t6, 0xffffffffffffffc8; beq t3, t6, 1f; j fail; 1:
    li gp, 17; lbu t3, 0(s0); li t6, 0x80; beq t3, t6, 1f; j fail; 1:
    li gp, 18; lbu t3, 1(s0); li t6, 0x7f; beq t3, t6, 1f; j fail; 1:
    li gp, 19; lbu t3, 2(s0); li t6, 0xff; beq t3, t6, 1f; j fail; 1:
    li gp, 20; lbu t3, 3(s0); li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 21; lbu t3, 4(s0); li t6, 0x82; beq t3, t6, 1f; j fail; 1:
    li gp, 22; lbu t3, 5(s0); li t6, 0xfe; beq t3, t6, 1f; j fail; 1:
    li gp, 23; lbu t3, 6(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 24; lbu t3, 7(s0); li t6, 0xf4; beq t3, t6, 1f; j fail; 1:
    li gp, 25; lbu t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 26; lbu t3, 9(s0); li t6, 0x22; beq t3, t6, 1f; j fail; 1:
    li gp, 27; lbu t3, 10(s0); li t6, 0x33; beq t3, t6, 1f; j fail; 1:
    li gp, 28; lbu t3, 11(s0); li t6, 0x44; beq t3, t6, 1f; j fail; 1:
    li gp, 29; lbu t3, 12(s0); li t6, 0x95; beq t3, t6, 1f; j fail; 1:
    li gp, 30; lbu t3, 13(s0); li t6, 0xa6; beq t3, t6, 1f; j fail; 1:
    li gp, 31; lbu t3, 14(s0); li t6, 0xb7; beq t3, t6, 1f; j fail; 1:
    li gp, 32; lbu t3, 15(s0); li t6, 0xc8; beq t3, t6, 1f; j fail; 1:
    li gp, 33; lh t3, 0(s0); li t6, 0x7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 34; lh t3, 1(s0); li t6, 0xffffffffffffff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 35; lh t3, 2(s0); li t6, 0x1ff; beq t3, t6, 1f; j fail; 1:
    li gp, 36; lh t3, 3(s0); li t6, 0xffffffffffff8201; beq t3, t6, 1f; j fail; 1:
    li gp, 37; lh t3, 4(s0); li t6, 0xfffffffffffffe82; beq t3, t6, 1f; j fail; 1:
    li gp, 38; lh t3, 5(s0); li t6, 0x3fe; beq t3, t6, 1f; j fail; 1:
    li gp, 39; lh t3, 6(s0); li t6, 0xfffffffffffff403; beq t3, t6, 1f; j fail; 1:
    li gp, 40; lh t3, 7(s0); li t6, 0x11f4; beq t3, t6, 1f; j fail; 1:
    li gp, 41; lh t3, 8(s0); li t6, 0x2211; beq t3, t6, 1f; j fail; 1:
    li gp, 42; lh t3, 9(s0); li t6, 0x3322; beq t3, t6, 1f; j fail; 1:
    li gp, 43; lh t3, 10(s0); li t6, 0x4433; beq t3, t6, 1f; j fail; 1:
    li gp, 44; lh t3, 11(s0); li t6, 0xffffffffffff9544; beq t3, t6, 1f; j fail; 1:
    li gp, 45; lh t3, 12(s0); li t6, 0xffffffffffffa695; beq t3, t6, 1f; j fail; 1:
    li gp, 46; lh t3, 13(s0); li t6, 0xffffffffffffb7a6; beq t3, t6, 1f; j fail; 1:
    li gp, 47; lh t3, 14(s0); li t6, 0xffffffffffffc8b7; beq t3, t6, 1f; j fail; 1:
    li gp, 48; lhu t3, 0(s0); li t6, 0x7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 49; lhu t3, 1(s0); li t6, 0xff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 50; lhu t3, 2(s0); li t6, 0x1ff; beq t3, t6, 1f; j fail; 1:
    li gp, 51; lhu t3, 3(s0); li t6, 0x8201; beq t3, t6, 1f; j fail; 1:
    li gp, 52; lhu t3, 4(s0); li t6, 0xfe82; beq t3, t6, 1f; j fail; 1:
    li gp, 53; lhu t3, 5(s0); li t6, 0x3fe; beq t3, t6, 1f; j fail; 1:
    li gp, 54; lhu t3, 6(s0); li t6, 0xf403; beq t3, t6, 1f; j fail; 1:
    li gp, 55; lhu t3, 7(s0); li t6, 0x11f4; beq t3, t6, 1f; j fail; 1:
    li gp, 56; lhu t3, 8(s0); li t6, 0x2211; beq t3, t6, 1f; j fail; 1:
    li gp, 57; lhu t3, 9(s0); li t6, 0x3322; beq t3, t6, 1f; j fail; 1:
    li gp, 58; lhu t3, 10(s0); li t6, 0x4433; beq t3, t6, 1f; j fail; 1:
    li gp, 59; lhu t3, 11(s0); li t6, 0x9544; beq t3, t6, 1f; j fail; 1:
    li gp, 60; lhu t3, 12(s0); li t6, 0xa695; beq t3, t6, 1f; j fail; 1:
    li gp, 61; lhu t3, 13(s0); li t6, 0xb7a6; beq t3, t6, 1f; j fail; 1:
    li gp, 62; lhu t3, 14(s0); li t6, 0xc8b7; beq t3, t6, 1f; j fail; 1:
    li gp, 63; lw t3, 0(s0); li t6, 0x1ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 64; lw t3, 1(s0); li t6, 0xffffffff8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 65; lw t3, 2(s0); li t6, 0xfffffffffe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 66; lw t3, 3(s0); li t6, 0x3fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 67; lw t3, 4(s0); li t6, 0xfffffffff403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 68; lw t3, 5(s0); li t6, 0x11f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 69; lw t3, 6(s0); li t6, 0x2211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 70; lw t3, 7(s0); li t6, 0x332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 71; lw t3, 8(s0); li t6, 0x44332211; beq t3, t6, 1f; j fail; 1:
    li gp, 72; lw t3, 9(s0); li t6, 0xffffffff95443322; beq t3, t6, 1f; j fail; 1:
    li gp, 73; lw t3, 10(s0); li t6, 0xffffffffa6954433; beq t3, t6, 1f; j fail; 1:
    li gp, 74; lw t3, 11(s0); li t6, 0xffffffffb7a69544; beq t3, t6, 1f; j fail; 1:
    li gp, 75; lw t3, 12(s0); li t6, 0xffffffffc8b7a695; beq t3, t6, 1f; j fail; 1:
    li gp, 76; lwu t3, 0(s0); li t6, 0x1ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 77; lwu t3, 1(s0); li t6, 0x8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 78; lwu t3, 2(s0); li t6, 0xfe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 79; lwu t3, 3(s0); li t6, 0x3fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 80; lwu t3, 4(s0); li t6, 0xf403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 81; lwu t3, 5(s0); li t6, 0x11f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 82; lwu t3, 6(s0); li t6, 0x2211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 83; lwu t3, 7(s0); li t6, 0x332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 84; lwu t3, 8(s0); li t6, 0x44332211; beq t3, t6, 1f; j fail; 1:
    li gp, 85; lwu t3, 9(s0); li t6, 0x95443322; beq t3, t6, 1f; j fail; 1:
    li gp, 86; lwu t3, 10(s0); li t6, 0xa6954433; beq t3, t6, 1f; j fail; 1:
    li gp, 87; lwu t3, 11(s0); li t6, 0xb7a69544; beq t3, t6, 1f; j fail; 1:
    li gp, 88; lwu t3, 12(s0); li t6, 0xc8b7a695; beq t3, t6, 1f; j fail; 1:
    li gp, 89; ld t3, 0(s0); li t6, 0xf403fe8201ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 90; ld t3, 1(s0); li t6, 0x11f403fe8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 91; ld t3, 2(s0); li t6, 0x2211f403fe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 92; ld t3, 3(s0); li t6, 0x332211f403fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 93; ld t3, 4(s0); li t6, 0x44332211f403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 94; ld t3, 5(s0); li t6, 0x9544332211f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 95; ld t3, 6(s0); li t6, 0xa69544332211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 96; ld t3, 7(s0); li t6, 0xb7a69544332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 97; ld t3, 8(s0); li t6, 0xc8b7a69544332211; beq t3, t6, 1f; j fail; 1:
    # loads across a page border
    li s0, 0x21ff8; li t1, 0xf403fe8201ff7f80; sd t1, 0(s0); li t1, 0xc8b7a69544332211; sd t1, 8(s0)
    li gp, 98; lb t3, 0(s0); li t6, 0xffffffffffffff80; beq t3, t6, 1f; j fail; 1:
    li gp, 99; lb t3, 1(s0); li t6, 0x7f; beq t3, t6, 1f; j fail; 1:
    li gp, 100; lb t3, 2(s0); li t6, 0xffffffffffffffff; beq t3, t6, 1f; j fail; 1:
    li gp, 101; lb t3, 3(s0); li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 102; lb t3, 4(s0); li t6, 0xffffffffffffff82; beq t3, t6, 1f; j fail; 1:
    li gp, 103; lb t3, 5(s0); li t6, 0xfffffffffffffffe; beq t3, t6, 1f; j fail; 1:
    li gp, 104; lb t3, 6(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 105; lb t3, 7(s0); li t6, 0xfffffffffffffff4; beq t3, t6, 1f; j fail; 1:
    li gp, 106; lb t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 107; lb t3, 9(s0); li t6, 0x22; beq t3, t6, 1f; j fail; 1:
    li gp, 108; lb t3, 10(s0); li t6, 0x33; beq t3, t6, 1f; j fail; 1:
    li gp, 109; lb t3, 11(s0); li t6, 0x44; beq t3, t6, 1f; j fail; 1:
    li gp, 110; lb t3, 12(s0); li t6, 0xffffffffffffff95; beq t3, t6, 1f; j fail; 1:
    li gp, 111; lb t3, 13(s0); li t6, 0xffffffffffffffa6; beq t3, t6, 1f; j fail; 1:
    li gp, 112; lb t3, 14(s0); li t6, 0xffffffffffffffb7; beq t3, t6, 1f; j fail; 1:
    li gp, 113; lb t3, 15(s0); li t6, 0xffffffffffffffc8; beq t3, t6, 1f; j fail; 1:
    li gp, 114; lbu t3, 0(s0); li t6, 0x80; beq t3, t6, 1f; j fail; 1:
    li gp, 115; lbu t3, 1(s0); li t6, 0x7f; beq t3, t6, 1f; j fail; 1:
    li gp, 116; lbu t3, 2(s0); li t6, 0xff; beq t3, t6, 1f; j fail; 1:
    li gp, 117; lbu t3, 3(s0); li t6, 1; beq t3, t6, 1f; j fail; 1:
    li gp, 118; lbu t3, 4(s0); li t6, 0x82; beq t3, t6, 1f; j fail; 1:
    li gp, 119; lbu t3, 5(s0); li t6, 0xfe; beq t3, t6, 1f; j fail; 1:
    li gp, 120; lbu t3, 6(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    li gp, 121; lbu t3, 7(s0); li t6, 0xf4; beq t3, t6, 1f; j fail; 1:
    li gp, 122; lbu t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 123; lbu t3, 9(s0); li t6, 0x22; beq t3, t6, 1f; j fail; 1:
    li gp, 124; lbu t3, 10(s0); li t6, 0x33; beq t3, t6, 1f; j fail; 1:
    li gp, 125; lbu t3, 11(s0); li t6, 0x44; beq t3, t6, 1f; j fail; 1:
    li gp, 126; lbu t3, 12(s0); li t6, 0x95; beq t3, t6, 1f; j fail; 1:
    li gp, 127; lbu t3, 13(s0); li t6, 0xa6; beq t3, t6, 1f; j fail; 1:
    li gp, 128; lbu t3, 14(s0); li t6, 0xb7; beq t3, t6, 1f; j fail; 1:
    li gp, 129; lbu t3, 15(s0); li t6, 0xc8; beq t3, t6, 1f; j fail; 1:
    li gp, 130; lh t3, 0(s0); li t6, 0x7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 131; lh t3, 1(s0); li t6, 0xffffffffffffff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 132; lh t3, 2(s0); li t6, 0x1ff; beq t3, t6, 1f; j fail; 1:
    li gp, 133; lh t3, 3(s0); li t6, 0xffffffffffff8201; beq t3, t6, 1f; j fail; 1:
    li gp, 134; lh t3, 4(s0); li t6, 0xfffffffffffffe82; beq t3, t6, 1f; j fail; 1:
    li gp, 135; lh t3, 5(s0); li t6, 0x3fe; beq t3, t6, 1f; j fail; 1:
    li gp, 136; lh t3, 6(s0); li t6, 0xfffffffffffff403; beq t3, t6, 1f; j fail; 1:
    li gp, 137; lh t3, 7(s0); li t6, 0x11f4; beq t3, t6, 1f; j fail; 1:
    li gp, 138; lh t3, 8(s0); li t6, 0x2211; beq t3, t6, 1f; j fail; 1:
    li gp, 139; lh t3, 9(s0); li t6, 0x3322; beq t3, t6, 1f; j fail; 1:
    li gp, 140; lh t3, 10(s0); li t6, 0x4433; beq t3, t6, 1f; j fail; 1:
    li gp, 141; lh t3, 11(s0); li t6, 0xffffffffffff9544; beq t3, t6, 1f; j fail; 1:
    li gp, 142; lh t3, 12(s0); li t6, 0xffffffffffffa695; beq t3, t6, 1f; j fail; 1:
    li gp, 143; lh t3, 13(s0); li t6, 0xffffffffffffb7a6; beq t3, t6, 1f; j fail; 1:
    li gp, 144; lh t3, 14(s0); li t6, 0xffffffffffffc8b7; beq t3, t6, 1f; j fail; 1:
    li gp, 145; lhu t3, 0(s0); li t6, 0x7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 146; lhu t3, 1(s0); li t6, 0xff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 147; lhu t3, 2(s0); li t6, 0x1ff; beq t3, t6, 1f; j fail; 1:
    li gp, 148; lhu t3, 3(s0); li t6, 0x8201; beq t3, t6, 1f; j fail; 1:
    li gp, 149; lhu t3, 4(s0); li t6, 0xfe82; beq t3, t6, 1f; j fail; 1:
    li gp, 150; lhu t3, 5(s0); li t6, 0x3fe; beq t3, t6, 1f; j fail; 1:
    li gp, 151; lhu t3, 6(s0); li t6, 0xf403; beq t3, t6, 1f; j fail; 1:
    li gp, 152; lhu t3, 7(s0); li t6, 0x11f4; beq t3, t6, 1f; j fail; 1:
    li gp, 153; lhu t3, 8(s0); li t6, 0x2211; beq t3, t6, 1f; j fail; 1:
    li gp, 154; lhu t3, 9(s0); li t6, 0x3322; beq t3, t6, 1f; j fail; 1:
    li gp, 155; lhu t3, 10(s0); li t6, 0x4433; beq t3, t6, 1f; j fail; 1:
    li gp, 156; lhu t3, 11(s0); li t6, 0x9544; beq t3, t6, 1f; j fail; 1:
    li gp, 157; lhu t3, 12(s0); li t6, 0xa695; beq t3, t6, 1f; j fail; 1:
    li gp, 158; lhu t3, 13(s0); li t6, 0xb7a6; beq t3, t6, 1f; j fail; 1:
    li gp, 159; lhu t3, 14(s0); li t6, 0xc8b7; beq t3, t6, 1f; j fail; 1:
    li gp, 160; lw t3, 0(s0); li t6, 0x1ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 161; lw t3, 1(s0); li t6, 0xffffffff8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 162; lw t3, 2(s0); li t6, 0xfffffffffe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 163; lw t3, 3(s0); li t6, 0x3fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 164; lw t3, 4(s0); li t6, 0xfffffffff403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 165; lw t3, 5(s0); li t6, 0x11f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 166; lw t3, 6(s0); li t6, 0x2211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 167; lw t3, 7(s0); li t6, 0x332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 168; lw t3, 8(s0); li t6, 0x44332211; beq t3, t6, 1f; j fail; 1:
    li gp, 169; lw t3, 9(s0); li t6, 0xffffffff95443322; beq t3, t6, 1f; j fail; 1:
    li gp, 170; lw t3, 10(s0); li t6, 0xffffffffa6954433; beq t3, t6, 1f; j fail; 1:
    li gp, 171; lw t3, 11(s0); li t6, 0xffffffffb7a69544; beq t3, t6, 1f; j fail; 1:
    li gp, 172; lw t3, 12(s0); li t6, 0xffffffffc8b7a695; beq t3, t6, 1f; j fail; 1:
    li gp, 173; lwu t3, 0(s0); li t6, 0x1ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 174; lwu t3, 1(s0); li t6, 0x8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 175; lwu t3, 2(s0); li t6, 0xfe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 176; lwu t3, 3(s0); li t6, 0x3fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 177; lwu t3, 4(s0); li t6, 0xf403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 178; lwu t3, 5(s0); li t6, 0x11f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 179; lwu t3, 6(s0); li t6, 0x2211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 180; lwu t3, 7(s0); li t6, 0x332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 181; lwu t3, 8(s0); li t6, 0x44332211; beq t3, t6, 1f; j fail; 1:
    li gp, 182; lwu t3, 9(s0); li t6, 0x95443322; beq t3, t6, 1f; j fail; 1:
    li gp, 183; lwu t3, 10(s0); li t6, 0xa6954433; beq t3, t6, 1f; j fail; 1:
    li gp, 184; lwu t3, 11(s0); li t6, 0xb7a69544; beq t3, t6, 1f; j fail; 1:
    li gp, 185; lwu t3, 12(s0); li t6, 0xc8b7a695; beq t3, t6, 1f; j fail; 1:
    li gp, 186; ld t3, 0(s0); li t6, 0xf403fe8201ff7f80; beq t3, t6, 1f; j fail; 1:
    li gp, 187; ld t3, 1(s0); li t6, 0x11f403fe8201ff7f; beq t3, t6, 1f; j fail; 1:
    li gp, 188; ld t3, 2(s0); li t6, 0x2211f403fe8201ff; beq t3, t6, 1f; j fail; 1:
    li gp, 189; ld t3, 3(s0); li t6, 0x332211f403fe8201; beq t3, t6, 1f; j fail; 1:
    li gp, 190; ld t3, 4(s0); li t6, 0x44332211f403fe82; beq t3, t6, 1f; j fail; 1:
    li gp, 191; ld t3, 5(s0); li t6, 0x9544332211f403fe; beq t3, t6, 1f; j fail; 1:
    li gp, 192; ld t3, 6(s0); li t6, 0xa69544332211f403; beq t3, t6, 1f; j fail; 1:
    li gp, 193; ld t3, 7(s0); li t6, 0xb7a69544332211f4; beq t3, t6, 1f; j fail; 1:
    li gp, 194; ld t3, 8(s0); li t6, 0xc8b7a69544332211; beq t3, t6, 1f; j fail; 1:
    li gp, 195; li s0, 0x20000; addi s1, s0, 2047; li t1, 0x5a; sb t1, 0(s1); lb t3, 2047(s0); li t6, 0x5a; beq t3, t6, 1f; j fail; 1:  # greatest offset
    li gp, 196; addi s1, s0, 1024; addi s1, s1, 1024; li t1, 0x3c; sb t1, 0(s0); lb t3, -2048(s1); li t6, 0x3c; beq t3, t6, 1f; j fail; 1:  # least offset
    li gp, 197; li s0, 0x20000; ld s0, 0(s0); mv t3, s0; li t6, 0xf403fe8201ff7f3c; beq t3, t6, 1f; j fail; 1:  # rd = rs1
    li gp, 198; li s0, 0x20000; lb zero, 0(s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 199; li s0, 0x31000; ld t3, 0(s0); li t6, 0; beq t3, t6, 1f; j fail; 1:  # untouched RAM is zero
    # sb within a page
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 0(s0)
    li gp, 200; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5ff; beq t3, t6, 1f; j fail; 1:
    li gp, 201; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 1(s0)
    li gp, 202; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5ffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 203; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 2(s0)
    li gp, 204; ld t3, 0(s0); li t6, 0xa5a5a5a5a5ffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 205; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 3(s0)
    li gp, 206; ld t3, 0(s0); li t6, 0xa5a5a5a5ffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 207; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 4(s0)
    li gp, 208; ld t3, 0(s0); li t6, 0xa5a5a5ffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 209; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 5(s0)
    li gp, 210; ld t3, 0(s0); li t6, 0xa5a5ffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 211; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 6(s0)
    li gp, 212; ld t3, 0(s0); li t6, 0xa5ffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 213; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 7(s0)
    li gp, 214; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 215; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 8(s0)
    li gp, 216; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 217; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5ff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 9(s0)
    li gp, 218; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 219; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5ffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 10(s0)
    li gp, 220; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 221; ld t3, 8(s0); li t6, 0xa5a5a5a5a5ffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 11(s0)
    li gp, 222; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 223; ld t3, 8(s0); li t6, 0xa5a5a5a5ffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 12(s0)
    li gp, 224; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 225; ld t3, 8(s0); li t6, 0xa5a5a5ffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 13(s0)
    li gp, 226; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 227; ld t3, 8(s0); li t6, 0xa5a5ffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 14(s0)
    li gp, 228; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 229; ld t3, 8(s0); li t6, 0xa5ffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 15(s0)
    li gp, 230; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 231; ld t3, 8(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sh within a page
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 0(s0)
    li gp, 232; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5eeff; beq t3, t6, 1f; j fail; 1:
    li gp, 233; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 1(s0)
    li gp, 234; ld t3, 0(s0); li t6, 0xa5a5a5a5a5eeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 235; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 2(s0)
    li gp, 236; ld t3, 0(s0); li t6, 0xa5a5a5a5eeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 237; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 3(s0)
    li gp, 238; ld t3, 0(s0); li t6, 0xa5a5a5eeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 239; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 4(s0)
    li gp, 240; ld t3, 0(s0); li t6, 0xa5a5eeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 241; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 5(s0)
    li gp, 242; ld t3, 0(s0); li t6, 0xa5eeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 243; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 6(s0)
    li gp, 244; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 245; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 7(s0)
    li gp, 246; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 247; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5ee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 8(s0)
    li gp, 248; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 249; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5eeff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 9(s0)
    li gp, 250; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 251; ld t3, 8(s0); li t6, 0xa5a5a5a5a5eeffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 10(s0)
    li gp, 252; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 253; ld t3, 8(s0); li t6, 0xa5a5a5a5eeffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 11(s0)
    li gp, 254; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 255; ld t3, 8(s0); li t6, 0xa5a5a5eeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 12(s0)
    li gp, 256; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 257; ld t3, 8(s0); li t6, 0xa5a5eeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 13(s0)
    li gp, 258; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 259; ld t3, 8(s0); li t6, 0xa5eeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 14(s0)
    li gp, 260; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 261; ld t3, 8(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sw within a page
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 0(s0)
    li gp, 262; ld t3, 0(s0); li t6, 0xa5a5a5a5ccddeeff; beq t3, t6, 1f; j fail; 1:
    li gp, 263; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 1(s0)
    li gp, 264; ld t3, 0(s0); li t6, 0xa5a5a5ccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 265; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 2(s0)
    li gp, 266; ld t3, 0(s0); li t6, 0xa5a5ccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 267; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 3(s0)
    li gp, 268; ld t3, 0(s0); li t6, 0xa5ccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 269; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 4(s0)
    li gp, 270; ld t3, 0(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 271; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 5(s0)
    li gp, 272; ld t3, 0(s0); li t6, 0xddeeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 273; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5cc; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 6(s0)
    li gp, 274; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 275; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5ccdd; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 7(s0)
    li gp, 276; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 277; ld t3, 8(s0); li t6, 0xa5a5a5a5a5ccddee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 8(s0)
    li gp, 278; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 279; ld t3, 8(s0); li t6, 0xa5a5a5a5ccddeeff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 9(s0)
    li gp, 280; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 281; ld t3, 8(s0); li t6, 0xa5a5a5ccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 10(s0)
    li gp, 282; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 283; ld t3, 8(s0); li t6, 0xa5a5ccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 11(s0)
    li gp, 284; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 285; ld t3, 8(s0); li t6, 0xa5ccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 12(s0)
    li gp, 286; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 287; ld t3, 8(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sd within a page
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 0(s0)
    li gp, 288; ld t3, 0(s0); li t6, 0x8899aabbccddeeff; beq t3, t6, 1f; j fail; 1:
    li gp, 289; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 1(s0)
    li gp, 290; ld t3, 0(s0); li t6, 0x99aabbccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 291; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a588; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 2(s0)
    li gp, 292; ld t3, 0(s0); li t6, 0xaabbccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 293; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a58899; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 3(s0)
    li gp, 294; ld t3, 0(s0); li t6, 0xbbccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 295; ld t3, 8(s0); li t6, 0xa5a5a5a5a58899aa; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 4(s0)
    li gp, 296; ld t3, 0(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 297; ld t3, 8(s0); li t6, 0xa5a5a5a58899aabb; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 5(s0)
    li gp, 298; ld t3, 0(s0); li t6, 0xddeeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 299; ld t3, 8(s0); li t6, 0xa5a5a58899aabbcc; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 6(s0)
    li gp, 300; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 301; ld t3, 8(s0); li t6, 0xa5a58899aabbccdd; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 7(s0)
    li gp, 302; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 303; ld t3, 8(s0); li t6, 0xa58899aabbccddee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x22000; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 8(s0)
    li gp, 304; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 305; ld t3, 8(s0); li t6, 0x8899aabbccddeeff; beq t3, t6, 1f; j fail; 1:
    # sb across a page border
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 0(s0)
    li gp, 306; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5ff; beq t3, t6, 1f; j fail; 1:
    li gp, 307; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 1(s0)
    li gp, 308; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5ffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 309; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 2(s0)
    li gp, 310; ld t3, 0(s0); li t6, 0xa5a5a5a5a5ffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 311; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 3(s0)
    li gp, 312; ld t3, 0(s0); li t6, 0xa5a5a5a5ffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 313; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 4(s0)
    li gp, 314; ld t3, 0(s0); li t6, 0xa5a5a5ffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 315; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 5(s0)
    li gp, 316; ld t3, 0(s0); li t6, 0xa5a5ffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 317; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 6(s0)
    li gp, 318; ld t3, 0(s0); li t6, 0xa5ffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 319; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 7(s0)
    li gp, 320; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 321; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 8(s0)
    li gp, 322; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 323; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5ff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 9(s0)
    li gp, 324; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 325; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5ffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 10(s0)
    li gp, 326; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 327; ld t3, 8(s0); li t6, 0xa5a5a5a5a5ffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 11(s0)
    li gp, 328; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 329; ld t3, 8(s0); li t6, 0xa5a5a5a5ffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 12(s0)
    li gp, 330; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 331; ld t3, 8(s0); li t6, 0xa5a5a5ffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 13(s0)
    li gp, 332; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 333; ld t3, 8(s0); li t6, 0xa5a5ffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 14(s0)
    li gp, 334; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 335; ld t3, 8(s0); li t6, 0xa5ffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sb t1, 15(s0)
    li gp, 336; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 337; ld t3, 8(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sh across a page border
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 0(s0)
    li gp, 338; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5eeff; beq t3, t6, 1f; j fail; 1:
    li gp, 339; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 1(s0)
    li gp, 340; ld t3, 0(s0); li t6, 0xa5a5a5a5a5eeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 341; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 2(s0)
    li gp, 342; ld t3, 0(s0); li t6, 0xa5a5a5a5eeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 343; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 3(s0)
    li gp, 344; ld t3, 0(s0); li t6, 0xa5a5a5eeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 345; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 4(s0)
    li gp, 346; ld t3, 0(s0); li t6, 0xa5a5eeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 347; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 5(s0)
    li gp, 348; ld t3, 0(s0); li t6, 0xa5eeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 349; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 6(s0)
    li gp, 350; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 351; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 7(s0)
    li gp, 352; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 353; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5ee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 8(s0)
    li gp, 354; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 355; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5eeff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 9(s0)
    li gp, 356; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 357; ld t3, 8(s0); li t6, 0xa5a5a5a5a5eeffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 10(s0)
    li gp, 358; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 359; ld t3, 8(s0); li t6, 0xa5a5a5a5eeffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 11(s0)
    li gp, 360; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 361; ld t3, 8(s0); li t6, 0xa5a5a5eeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 12(s0)
    li gp, 362; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 363; ld t3, 8(s0); li t6, 0xa5a5eeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 13(s0)
    li gp, 364; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 365; ld t3, 8(s0); li t6, 0xa5eeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sh t1, 14(s0)
    li gp, 366; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 367; ld t3, 8(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sw across a page border
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 0(s0)
    li gp, 368; ld t3, 0(s0); li t6, 0xa5a5a5a5ccddeeff; beq t3, t6, 1f; j fail; 1:
    li gp, 369; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 1(s0)
    li gp, 370; ld t3, 0(s0); li t6, 0xa5a5a5ccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 371; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 2(s0)
    li gp, 372; ld t3, 0(s0); li t6, 0xa5a5ccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 373; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 3(s0)
    li gp, 374; ld t3, 0(s0); li t6, 0xa5ccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 375; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 4(s0)
    li gp, 376; ld t3, 0(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 377; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 5(s0)
    li gp, 378; ld t3, 0(s0); li t6, 0xddeeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 379; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5cc; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 6(s0)
    li gp, 380; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 381; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5ccdd; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 7(s0)
    li gp, 382; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 383; ld t3, 8(s0); li t6, 0xa5a5a5a5a5ccddee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 8(s0)
    li gp, 384; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 385; ld t3, 8(s0); li t6, 0xa5a5a5a5ccddeeff; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 9(s0)
    li gp, 386; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 387; ld t3, 8(s0); li t6, 0xa5a5a5ccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 10(s0)
    li gp, 388; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 389; ld t3, 8(s0); li t6, 0xa5a5ccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 11(s0)
    li gp, 390; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 391; ld t3, 8(s0); li t6, 0xa5ccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sw t1, 12(s0)
    li gp, 392; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 393; ld t3, 8(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    # sd across a page border
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 0(s0)
    li gp, 394; ld t3, 0(s0); li t6, 0x8899aabbccddeeff; beq t3, t6, 1f; j fail; 1:
    li gp, 395; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 1(s0)
    li gp, 396; ld t3, 0(s0); li t6, 0x99aabbccddeeffa5; beq t3, t6, 1f; j fail; 1:
    li gp, 397; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a5a588; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 2(s0)
    li gp, 398; ld t3, 0(s0); li t6, 0xaabbccddeeffa5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 399; ld t3, 8(s0); li t6, 0xa5a5a5a5a5a58899; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 3(s0)
    li gp, 400; ld t3, 0(s0); li t6, 0xbbccddeeffa5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 401; ld t3, 8(s0); li t6, 0xa5a5a5a5a58899aa; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 4(s0)
    li gp, 402; ld t3, 0(s0); li t6, 0xccddeeffa5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 403; ld t3, 8(s0); li t6, 0xa5a5a5a58899aabb; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 5(s0)
    li gp, 404; ld t3, 0(s0); li t6, 0xddeeffa5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 405; ld t3, 8(s0); li t6, 0xa5a5a58899aabbcc; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 6(s0)
    li gp, 406; ld t3, 0(s0); li t6, 0xeeffa5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 407; ld t3, 8(s0); li t6, 0xa5a58899aabbccdd; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 7(s0)
    li gp, 408; ld t3, 0(s0); li t6, 0xffa5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 409; ld t3, 8(s0); li t6, 0xa58899aabbccddee; beq t3, t6, 1f; j fail; 1:
    li s0, 0x23ff8; li t1, 0xa5a5a5a5a5a5a5a5; sd t1, 0(s0); sd t1, 8(s0); li t1, 0x8899aabbccddeeff; sd t1, 8(s0)
    li gp, 410; ld t3, 0(s0); li t6, 0xa5a5a5a5a5a5a5a5; beq t3, t6, 1f; j fail; 1:
    li gp, 411; ld t3, 8(s0); li t6, 0x8899aabbccddeeff; beq t3, t6, 1f; j fail; 1:
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
