/* What does not hold ends the guest with a panic that says what and where. No include guard: NDEBUG may change. */
#include "../assay_guest.h"

#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : guest_panic("assertion failed: " #condition))
#endif

#if !defined(__cplusplus) && (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L)
#undef static_assert
#define static_assert _Static_assert
#endif
