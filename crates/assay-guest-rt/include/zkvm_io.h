/* Input and output of a guest: the zkVM standards' C interface.

   https://github.com/eth-act/zkvm-standards, standards/io-interface. */
#ifndef ZKVM_IO_H
#define ZKVM_IO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The whole input. It cannot fail, and any number of calls give the same. Where the size is 0, the pointer is not one.
   The bytes are for reading only: on some platforms a store into them ends the guest. */
void read_input(const uint8_t **buf_ptr, size_t *buf_size);

/* Appends so many bytes to the public output, without any framing. It cannot fail; what passes a platform's limit
   (OpenVM has 256 bytes) ends the guest with a panic that says so. */
void write_output(const uint8_t *output, size_t size);

#ifdef __cplusplus
}
#endif

#endif
