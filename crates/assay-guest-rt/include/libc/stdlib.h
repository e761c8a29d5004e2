/* Of the C library's <stdlib.h> what a guest has. */
#ifndef ASSAY_STDLIB_H
#define ASSAY_STDLIB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

/* Memory, aligned to 16 bytes; NULL if there is no more. In a zkVM what is freed is not handed out again. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *pointer, size_t size);
void free(void *pointer);

/* Ends the guest; 8 bits of the code are kept, and what is not 0 stays a failure. */
__attribute__((noreturn)) void exit(int code);

/* Ends the guest as failed, with exit code 134. */
__attribute__((noreturn)) void abort(void);

#ifdef __cplusplus
}
#endif

#endif
