/* What goes in comes out, and then the guest ends as it is told. */
#include <assay_guest.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

enum end { RETURN, EXIT, ABORT, ASSERT, PANIC };

int main(void) {
    struct input input = open_input();
    size_t size = read_number(&input);
    const uint8_t *data = take(&input, size);
    uint32_t end = read_number(&input);
    uint8_t code = end == RETURN || end == EXIT ? *take(&input, 1) : 0;

    /* A copy, so that the heap is in use. */
    uint8_t *copy = malloc(size);
    assert(copy != NULL);
    memcpy(copy, data, size);
    for (size_t i = 0; i < size; i++) {
        write_output(&copy[i], 1);
    }
    free(copy);

    switch (end) {
    case RETURN: return code;
    case EXIT: exit(code);
    case ABORT: abort();
    case ASSERT: assert(end == RETURN); break;
    case PANIC: guest_panic("as asked"); break;
    }
    guest_panic("there is no such end");
}
