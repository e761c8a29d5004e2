/* Fibonacci numbers modulo 2^64: the core `fib`, in C. */
#include <assay_guest.h>
#include <assert.h>

/* A number as postcard encodes it: 7 bits a byte, the lowest first. */
static uint32_t read_number(const uint8_t *input, size_t size) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        assert(i < 5);
        number |= (uint64_t)(input[i] & 0x7f) << (7 * i);
        if (input[i] < 0x80) {
            assert(number <= UINT32_MAX);
            return (uint32_t)number;
        }
    }
    guest_panic("the input ends within a number");
}

int main(void) {
    const uint8_t *input;
    size_t size;
    read_input(&input, &size);
    uint32_t n = read_number(input, size);
    uint64_t a = 0, b = 1;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t next = a + b;
        a = b;
        b = next;
    }
    uint8_t output[8];
    for (int i = 0; i < 8; i++) {
        output[i] = (uint8_t)(a >> (8 * i));
    }
    write_output(output, sizeof output);
    return 0;
}
