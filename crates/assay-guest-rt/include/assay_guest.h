/* What a guest in C is written against, the same for every platform and natively.

   A guest has `int main(void)`. What it returns is its exit code, of which 8 bits are kept: 0 is success, and what is not
   0 stays a failure (256 becomes 255). `abort()` and a failed `assert` end it as failed, too; `<stdlib.h>`, `<string.h>`
   and `<assert.h>` have of the C library what guests have of it, and there is no other part of it. */
#ifndef ASSAY_GUEST_H
#define ASSAY_GUEST_H

#include "zkvm_io.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes text to the guest's log, which is no part of what it computes and is never compared. */
void guest_log(const char *text);

/* Ends the guest as one that panicked, with a message and its place: exit code 101. */
__attribute__((noreturn)) void guest_panic_at(const char *message, const char *file, unsigned line);

#define guest_panic(message) guest_panic_at((message), __FILE__, __LINE__)

#ifdef __cplusplus
}
#endif

#endif
