#include "input.h"

#include <assay_guest.h>
#include <assert.h>

struct input open_input(void) {
    struct input input;
    read_input(&input.bytes, &input.left);
    return input;
}

uint32_t read_number(struct input *input) {
    uint64_t number = 0;
    for (unsigned bits = 0; bits < 35; bits += 7) {
        uint8_t byte = *take(input, 1);
        number |= (uint64_t)(byte & 0x7f) << bits;
        if (byte < 0x80) {
            assert(number <= UINT32_MAX);
            return (uint32_t)number;
        }
    }
    guest_panic("a number of more than 32 bits");
}

const uint8_t *take(struct input *input, size_t size) {
    if (size > input->left) {
        guest_panic("the input ends too early");
    }
    const uint8_t *bytes = input->bytes;
    input->bytes += size;
    input->left -= size;
    return bytes;
}
