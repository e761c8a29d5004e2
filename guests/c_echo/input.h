/* Reading an input as postcard encodes it. */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>

struct input {
    const uint8_t *bytes;
    size_t left;
};

struct input open_input(void);

/* A number of at most 32 bits: 7 bits a byte, the lowest first. */
uint32_t read_number(struct input *input);

/* The next so many bytes; fewer end the guest with a panic. */
const uint8_t *take(struct input *input, size_t size);

#endif
