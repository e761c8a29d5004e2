# Load-reserved, store-conditional and read-modify-write on one hart.
# Written from the unprivileged specification (20240411). Passes with HALT 0, fails with HALT and the case number.
# 0x20000 and up is RAM of the standard platform.

_start:
    li s0, 0x20000
    # amoswap.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.w t3, t2, (s0)
    li gp, 1; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.w t3, t2, (s0)
    li gp, 2; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.w t3, t2, (s0)
    li gp, 3; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoswap.w t3, t2, (s0)
    li gp, 4; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoswap.w t3, t2, (s0)
    li gp, 5; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff00000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.w t3, t2, (s0)
    li gp, 6; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.w t3, t2, (s0)
    li gp, 7; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.w t3, t2, (s0)
    li gp, 8; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x82345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoswap.w t3, t2, (s0)
    li gp, 9; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoswap.w t3, t2, (s0)
    li gp, 10; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.w t3, t2, (s0)
    li gp, 11; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f000000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.w t3, t2, (s0)
    li gp, 12; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f07fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.w t3, t2, (s0)
    li gp, 13; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amoswap.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.d t3, t2, (s0)
    li gp, 14; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.d t3, t2, (s0)
    li gp, 15; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.d t3, t2, (s0)
    li gp, 16; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoswap.d t3, t2, (s0)
    li gp, 17; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoswap.d t3, t2, (s0)
    li gp, 18; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.d t3, t2, (s0)
    li gp, 19; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.d t3, t2, (s0)
    li gp, 20; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.d t3, t2, (s0)
    li gp, 21; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoswap.d t3, t2, (s0)
    li gp, 22; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoswap.d t3, t2, (s0)
    li gp, 23; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoswap.d t3, t2, (s0)
    li gp, 24; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoswap.d t3, t2, (s0)
    li gp, 25; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoswap.d t3, t2, (s0)
    li gp, 26; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 27; li t1, 6; sd t1, 0(s0); li t2, 3; amoswap.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 28; li t1, 6; sd t1, 0(s0); li t2, 3; amoswap.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 29; ld t3, 0(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    # amoadd.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.w t3, t2, (s0)
    li gp, 30; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000002; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.w t3, t2, (s0)
    li gp, 31; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567880000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.w t3, t2, (s0)
    li gp, 32; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoadd.w t3, t2, (s0)
    li gp, 33; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoadd.w t3, t2, (s0)
    li gp, 34; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.w t3, t2, (s0)
    li gp, 35; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.w t3, t2, (s0)
    li gp, 36; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xfffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.w t3, t2, (s0)
    li gp, 37; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x2345677; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoadd.w t3, t2, (s0)
    li gp, 38; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoadd.w t3, t2, (s0)
    li gp, 39; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.w t3, t2, (s0)
    li gp, 40; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.w t3, t2, (s0)
    li gp, 41; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f002345677; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.w t3, t2, (s0)
    li gp, 42; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f00468acf0; beq t3, t6, 1f; 2: j fail; 1:
    # amoadd.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.d t3, t2, (s0)
    li gp, 43; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x2468acf000000002; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.d t3, t2, (s0)
    li gp, 44; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567880000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.d t3, t2, (s0)
    li gp, 45; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x325476882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoadd.d t3, t2, (s0)
    li gp, 46; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xfffffffffffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoadd.d t3, t2, (s0)
    li gp, 47; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.d t3, t2, (s0)
    li gp, 48; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567880000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.d t3, t2, (s0)
    li gp, 49; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xfffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.d t3, t2, (s0)
    li gp, 50; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f102345677; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoadd.d t3, t2, (s0)
    li gp, 51; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoadd.d t3, t2, (s0)
    li gp, 52; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoadd.d t3, t2, (s0)
    li gp, 53; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x325476882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoadd.d t3, t2, (s0)
    li gp, 54; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f102345677; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoadd.d t3, t2, (s0)
    li gp, 55; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xe1e1e1e10468acf0; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 56; li t1, 6; sd t1, 0(s0); li t2, 3; amoadd.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 57; li t1, 6; sd t1, 0(s0); li t2, 3; amoadd.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 58; ld t3, 0(s0); li t6, 9; beq t3, t6, 1f; j fail; 1:
    # amoxor.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.w t3, t2, (s0)
    li gp, 59; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.w t3, t2, (s0)
    li gp, 60; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787ffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.w t3, t2, (s0)
    li gp, 61; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoxor.w t3, t2, (s0)
    li gp, 62; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff00000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoxor.w t3, t2, (s0)
    li gp, 63; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.w t3, t2, (s0)
    li gp, 64; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7ffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.w t3, t2, (s0)
    li gp, 65; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.w t3, t2, (s0)
    li gp, 66; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xfdcba987; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoxor.w t3, t2, (s0)
    li gp, 67; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoxor.w t3, t2, (s0)
    li gp, 68; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.w t3, t2, (s0)
    li gp, 69; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.w t3, t2, (s0)
    li gp, 70; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0fdcba987; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.w t3, t2, (s0)
    li gp, 71; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f000000000; beq t3, t6, 1f; 2: j fail; 1:
    # amoxor.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.d t3, t2, (s0)
    li gp, 72; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.d t3, t2, (s0)
    li gp, 73; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787ffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.d t3, t2, (s0)
    li gp, 74; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xe2c4a68882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoxor.d t3, t2, (s0)
    li gp, 75; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoxor.d t3, t2, (s0)
    li gp, 76; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.d t3, t2, (s0)
    li gp, 77; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787ffffffe; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.d t3, t2, (s0)
    li gp, 78; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.d t3, t2, (s0)
    li gp, 79; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0fdcba987; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoxor.d t3, t2, (s0)
    li gp, 80; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoxor.d t3, t2, (s0)
    li gp, 81; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoxor.d t3, t2, (s0)
    li gp, 82; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xe2c4a68882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoxor.d t3, t2, (s0)
    li gp, 83; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0fdcba987; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoxor.d t3, t2, (s0)
    li gp, 84; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 85; li t1, 6; sd t1, 0(s0); li t2, 3; amoxor.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 86; li t1, 6; sd t1, 0(s0); li t2, 3; amoxor.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 87; ld t3, 0(s0); li t6, 5; beq t3, t6, 1f; j fail; 1:
    # amoand.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.w t3, t2, (s0)
    li gp, 88; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoand.w t3, t2, (s0)
    li gp, 89; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.w t3, t2, (s0)
    li gp, 90; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoand.w t3, t2, (s0)
    li gp, 91; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoand.w t3, t2, (s0)
    li gp, 92; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff00000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.w t3, t2, (s0)
    li gp, 93; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoand.w t3, t2, (s0)
    li gp, 94; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.w t3, t2, (s0)
    li gp, 95; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x2345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoand.w t3, t2, (s0)
    li gp, 96; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoand.w t3, t2, (s0)
    li gp, 97; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.w t3, t2, (s0)
    li gp, 98; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoand.w t3, t2, (s0)
    li gp, 99; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f002345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.w t3, t2, (s0)
    li gp, 100; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amoand.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.d t3, t2, (s0)
    li gp, 101; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoand.d t3, t2, (s0)
    li gp, 102; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.d t3, t2, (s0)
    li gp, 103; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1030507000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoand.d t3, t2, (s0)
    li gp, 104; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoand.d t3, t2, (s0)
    li gp, 105; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.d t3, t2, (s0)
    li gp, 106; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoand.d t3, t2, (s0)
    li gp, 107; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.d t3, t2, (s0)
    li gp, 108; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x2345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoand.d t3, t2, (s0)
    li gp, 109; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoand.d t3, t2, (s0)
    li gp, 110; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoand.d t3, t2, (s0)
    li gp, 111; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1030507000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoand.d t3, t2, (s0)
    li gp, 112; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x2345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoand.d t3, t2, (s0)
    li gp, 113; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 114; li t1, 6; sd t1, 0(s0); li t2, 3; amoand.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 115; li t1, 6; sd t1, 0(s0); li t2, 3; amoand.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 116; ld t3, 0(s0); li t6, 2; beq t3, t6, 1f; j fail; 1:
    # amoor.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.w t3, t2, (s0)
    li gp, 117; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoor.w t3, t2, (s0)
    li gp, 118; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.w t3, t2, (s0)
    li gp, 119; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoor.w t3, t2, (s0)
    li gp, 120; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoor.w t3, t2, (s0)
    li gp, 121; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.w t3, t2, (s0)
    li gp, 122; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoor.w t3, t2, (s0)
    li gp, 123; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.w t3, t2, (s0)
    li gp, 124; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoor.w t3, t2, (s0)
    li gp, 125; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoor.w t3, t2, (s0)
    li gp, 126; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.w t3, t2, (s0)
    li gp, 127; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoor.w t3, t2, (s0)
    li gp, 128; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.w t3, t2, (s0)
    li gp, 129; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amoor.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.d t3, t2, (s0)
    li gp, 130; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amoor.d t3, t2, (s0)
    li gp, 131; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.d t3, t2, (s0)
    li gp, 132; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf2f4f6f882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoor.d t3, t2, (s0)
    li gp, 133; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amoor.d t3, t2, (s0)
    li gp, 134; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.d t3, t2, (s0)
    li gp, 135; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amoor.d t3, t2, (s0)
    li gp, 136; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.d t3, t2, (s0)
    li gp, 137; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amoor.d t3, t2, (s0)
    li gp, 138; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amoor.d t3, t2, (s0)
    li gp, 139; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amoor.d t3, t2, (s0)
    li gp, 140; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf2f4f6f882345679; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amoor.d t3, t2, (s0)
    li gp, 141; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f0ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amoor.d t3, t2, (s0)
    li gp, 142; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 143; li t1, 6; sd t1, 0(s0); li t2, 3; amoor.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 144; li t1, 6; sd t1, 0(s0); li t2, 3; amoor.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 145; ld t3, 0(s0); li t6, 7; beq t3, t6, 1f; j fail; 1:
    # amomin.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.w t3, t2, (s0)
    li gp, 146; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomin.w t3, t2, (s0)
    li gp, 147; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.w t3, t2, (s0)
    li gp, 148; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomin.w t3, t2, (s0)
    li gp, 149; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomin.w t3, t2, (s0)
    li gp, 150; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.w t3, t2, (s0)
    li gp, 151; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomin.w t3, t2, (s0)
    li gp, 152; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.w t3, t2, (s0)
    li gp, 153; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x82345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomin.w t3, t2, (s0)
    li gp, 154; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomin.w t3, t2, (s0)
    li gp, 155; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.w t3, t2, (s0)
    li gp, 156; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomin.w t3, t2, (s0)
    li gp, 157; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.w t3, t2, (s0)
    li gp, 158; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amomin.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.d t3, t2, (s0)
    li gp, 159; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomin.d t3, t2, (s0)
    li gp, 160; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.d t3, t2, (s0)
    li gp, 161; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomin.d t3, t2, (s0)
    li gp, 162; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomin.d t3, t2, (s0)
    li gp, 163; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.d t3, t2, (s0)
    li gp, 164; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomin.d t3, t2, (s0)
    li gp, 165; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.d t3, t2, (s0)
    li gp, 166; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomin.d t3, t2, (s0)
    li gp, 167; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomin.d t3, t2, (s0)
    li gp, 168; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomin.d t3, t2, (s0)
    li gp, 169; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomin.d t3, t2, (s0)
    li gp, 170; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomin.d t3, t2, (s0)
    li gp, 171; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 172; li t1, 6; sd t1, 0(s0); li t2, 3; amomin.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 173; li t1, 6; sd t1, 0(s0); li t2, 3; amomin.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 174; ld t3, 0(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    # amomax.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.w t3, t2, (s0)
    li gp, 175; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomax.w t3, t2, (s0)
    li gp, 176; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.w t3, t2, (s0)
    li gp, 177; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomax.w t3, t2, (s0)
    li gp, 178; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomax.w t3, t2, (s0)
    li gp, 179; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff00000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.w t3, t2, (s0)
    li gp, 180; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomax.w t3, t2, (s0)
    li gp, 181; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.w t3, t2, (s0)
    li gp, 182; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomax.w t3, t2, (s0)
    li gp, 183; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomax.w t3, t2, (s0)
    li gp, 184; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.w t3, t2, (s0)
    li gp, 185; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f000000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomax.w t3, t2, (s0)
    li gp, 186; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f07fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.w t3, t2, (s0)
    li gp, 187; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amomax.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.d t3, t2, (s0)
    li gp, 188; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomax.d t3, t2, (s0)
    li gp, 189; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.d t3, t2, (s0)
    li gp, 190; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomax.d t3, t2, (s0)
    li gp, 191; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomax.d t3, t2, (s0)
    li gp, 192; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.d t3, t2, (s0)
    li gp, 193; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomax.d t3, t2, (s0)
    li gp, 194; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.d t3, t2, (s0)
    li gp, 195; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomax.d t3, t2, (s0)
    li gp, 196; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomax.d t3, t2, (s0)
    li gp, 197; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomax.d t3, t2, (s0)
    li gp, 198; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomax.d t3, t2, (s0)
    li gp, 199; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomax.d t3, t2, (s0)
    li gp, 200; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 201; li t1, 6; sd t1, 0(s0); li t2, 3; amomax.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 202; li t1, 6; sd t1, 0(s0); li t2, 3; amomax.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 203; ld t3, 0(s0); li t6, 6; beq t3, t6, 1f; j fail; 1:
    # amominu.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.w t3, t2, (s0)
    li gp, 204; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amominu.w t3, t2, (s0)
    li gp, 205; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.w t3, t2, (s0)
    li gp, 206; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amominu.w t3, t2, (s0)
    li gp, 207; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amominu.w t3, t2, (s0)
    li gp, 208; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffff00000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.w t3, t2, (s0)
    li gp, 209; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 1; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amominu.w t3, t2, (s0)
    li gp, 210; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.w t3, t2, (s0)
    li gp, 211; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amominu.w t3, t2, (s0)
    li gp, 212; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amominu.w t3, t2, (s0)
    li gp, 213; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.w t3, t2, (s0)
    li gp, 214; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f000000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amominu.w t3, t2, (s0)
    li gp, 215; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f07fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.w t3, t2, (s0)
    li gp, 216; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amominu.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.d t3, t2, (s0)
    li gp, 217; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amominu.d t3, t2, (s0)
    li gp, 218; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.d t3, t2, (s0)
    li gp, 219; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amominu.d t3, t2, (s0)
    li gp, 220; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amominu.d t3, t2, (s0)
    li gp, 221; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.d t3, t2, (s0)
    li gp, 222; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amominu.d t3, t2, (s0)
    li gp, 223; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.d t3, t2, (s0)
    li gp, 224; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amominu.d t3, t2, (s0)
    li gp, 225; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amominu.d t3, t2, (s0)
    li gp, 226; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amominu.d t3, t2, (s0)
    li gp, 227; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amominu.d t3, t2, (s0)
    li gp, 228; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amominu.d t3, t2, (s0)
    li gp, 229; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 230; li t1, 6; sd t1, 0(s0); li t2, 3; amominu.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 231; li t1, 6; sd t1, 0(s0); li t2, 3; amominu.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 232; ld t3, 0(s0); li t6, 3; beq t3, t6, 1f; j fail; 1:
    # amomaxu.w
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.w t3, t2, (s0)
    li gp, 233; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.w t3, t2, (s0)
    li gp, 234; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x123456787fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.w t3, t2, (s0)
    li gp, 235; li t6, 1; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567882345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomaxu.w t3, t2, (s0)
    li gp, 236; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomaxu.w t3, t2, (s0)
    li gp, 237; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.w t3, t2, (s0)
    li gp, 238; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.w t3, t2, (s0)
    li gp, 239; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.w t3, t2, (s0)
    li gp, 240; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x82345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomaxu.w t3, t2, (s0)
    li gp, 241; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x80000000ffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomaxu.w t3, t2, (s0)
    li gp, 242; li t6, 0; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.w t3, t2, (s0)
    li gp, 243; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.w t3, t2, (s0)
    li gp, 244; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.w t3, t2, (s0)
    li gp, 245; li t6, 0xffffffff82345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    # amomaxu.d
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.d t3, t2, (s0)
    li gp, 246; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.d t3, t2, (s0)
    li gp, 247; bnez t4, 2f; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x1234567800000001; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.d t3, t2, (s0)
    li gp, 248; li t6, 0x1234567800000001; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomaxu.d t3, t2, (s0)
    li gp, 249; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xffffffffffffffff; sd t1, 0(s0); li t2, 0x8000000000000000; amomaxu.d t3, t2, (s0)
    li gp, 250; bnez t4, 2f; li t6, 0xffffffffffffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.d t3, t2, (s0)
    li gp, 251; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x1234567800000001; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.d t3, t2, (s0)
    li gp, 252; bnez t4, 2f; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x7fffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x7fffffff; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.d t3, t2, (s0)
    li gp, 253; li t6, 0x7fffffff; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0xffffffffffffffff; amomaxu.d t3, t2, (s0)
    li gp, 254; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xffffffffffffffff; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0x8000000000000000; sd t1, 0(s0); li t2, 0x8000000000000000; amomaxu.d t3, t2, (s0)
    li gp, 255; bnez t4, 2f; li t6, 0x8000000000000000; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0x8000000000000000; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x1234567800000001; amomaxu.d t3, t2, (s0)
    li gp, 256; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0x7fffffff; amomaxu.d t3, t2, (s0)
    li gp, 257; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li t1, 0xf0f0f0f082345678; sd t1, 0(s0); li t2, 0xf0f0f0f082345678; amomaxu.d t3, t2, (s0)
    li gp, 258; bnez t4, 2f; li t6, 0xf0f0f0f082345678; sub t4, t3, t6; ld t3, 0(s0); bnez t4, 2f; li t6, 0xf0f0f0f082345678; beq t3, t6, 1f; 2: j fail; 1:
    li gp, 259; li t1, 6; sd t1, 0(s0); li t2, 3; amomaxu.d t2, t2, (s0); li t6, 6; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    li gp, 260; li t1, 6; sd t1, 0(s0); li t2, 3; amomaxu.d.aqrl zero, t2, (s0); li t6, 0; beq zero, t6, 1f; j fail; 1:  # x0 stays 0
    li gp, 261; ld t3, 0(s0); li t6, 6; beq t3, t6, 1f; j fail; 1:
    # lr.w, sc.w
    li t1, 0xf0f0f0f0f2345678; sd t1, 0(s0); li t1, 0x11; sd t1, 8(s0); addi s1, s0, 8
    li gp, 262; lr.w t3, (s0); li t6, 0xfffffffff2345678; beq t3, t6, 1f; j fail; 1:
    li gp, 263; li t2, 5; sc.w t3, t2, (s0); li t6, 0; beq t3, t6, 1f; j fail; 1:  # succeeds
    li gp, 264; ld t3, 0(s0); li t6, 0xf0f0f0f000000005; beq t3, t6, 1f; j fail; 1:
    li gp, 265; li t2, 6; sc.w t3, t2, (s0); li t6, 1; beq t3, t6, 1f; j fail; 1:  # the reservation is gone
    li gp, 266; ld t3, 0(s0); li t6, 0xf0f0f0f000000005; beq t3, t6, 1f; j fail; 1:  # a failed sc stores nothing
    li gp, 267; lr.w t4, (s0); li t2, 6; sc.w t3, t2, (s1); li t6, 1; beq t3, t6, 1f; j fail; 1:  # another address
    li gp, 268; ld t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 269; sc.w t3, t2, (s0); li t6, 1; beq t3, t6, 1f; j fail; 1:  # a failed sc ends the reservation too
    li gp, 270; lr.w t4, (s1); lr.w t4, (s0); sc.w t3, t2, (s1); li t6, 1; beq t3, t6, 1f; j fail; 1:  # the last lr counts
    li gp, 271; lr.w.aq t4, (s0); sc.w.rl t2, t2, (s0); li t6, 0; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    # lr.d, sc.d
    li t1, 0xf0f0f0f0f2345678; sd t1, 0(s0); li t1, 0x11; sd t1, 8(s0); addi s1, s0, 8
    li gp, 272; lr.d t3, (s0); li t6, 0xf0f0f0f0f2345678; beq t3, t6, 1f; j fail; 1:
    li gp, 273; li t2, 5; sc.d t3, t2, (s0); li t6, 0; beq t3, t6, 1f; j fail; 1:  # succeeds
    li gp, 274; ld t3, 0(s0); li t6, 5; beq t3, t6, 1f; j fail; 1:
    li gp, 275; li t2, 6; sc.d t3, t2, (s0); li t6, 1; beq t3, t6, 1f; j fail; 1:  # the reservation is gone
    li gp, 276; ld t3, 0(s0); li t6, 5; beq t3, t6, 1f; j fail; 1:  # a failed sc stores nothing
    li gp, 277; lr.d t4, (s0); li t2, 6; sc.d t3, t2, (s1); li t6, 1; beq t3, t6, 1f; j fail; 1:  # another address
    li gp, 278; ld t3, 8(s0); li t6, 0x11; beq t3, t6, 1f; j fail; 1:
    li gp, 279; sc.d t3, t2, (s0); li t6, 1; beq t3, t6, 1f; j fail; 1:  # a failed sc ends the reservation too
    li gp, 280; lr.d t4, (s1); lr.d t4, (s0); sc.d t3, t2, (s1); li t6, 1; beq t3, t6, 1f; j fail; 1:  # the last lr counts
    li gp, 281; lr.d.aq t4, (s0); sc.d.rl t2, t2, (s0); li t6, 0; beq t2, t6, 1f; j fail; 1:  # rd = rs2
    j pass
pass:
    li a0, 0
    li t0, 0
    ecall
fail:
    mv a0, gp
    li t0, 0
    ecall
