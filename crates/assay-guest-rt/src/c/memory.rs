//! `malloc` and its kin over the runtime's heap, which takes nothing back.

use alloc::alloc::{alloc, alloc_zeroed, realloc as move_to};
use core::{alloc::Layout, ptr};

extern crate alloc;

/// What all memory is aligned to: as for the largest type of C that is no vector.
const ALIGNMENT: usize = 16;

/// Bytes before each piece that hold its length.
const HEADER_BYTES: usize = ALIGNMENT;

/// A piece with its header; `None` if there cannot be so much.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEADER_BYTES)?, ALIGNMENT).ok()
}

/// Writes the header of a piece, and steps over it.
///
/// # Safety
///
/// `piece` must be null or begin a piece for `size` bytes.
unsafe fn begin(piece: *mut u8, size: usize) -> *mut u8 {
    if piece.is_null() {
        return piece;
    }
    // SAFETY: the header is of this piece, and aligned for a usize.
    unsafe {
        piece.cast::<usize>().write(size);
        piece.add(HEADER_BYTES)
    }
}

/// `malloc` of `<stdlib.h>`.
#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut u8 {
    let Some(layout) = layout(size) else { return ptr::null_mut() };
    // SAFETY: with the header the piece is not empty.
    unsafe { begin(alloc(layout), size) }
}

/// `calloc` of `<stdlib.h>`.
#[unsafe(no_mangle)]
extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    let Some(size) = count.checked_mul(size) else { return ptr::null_mut() };
    let Some(layout) = layout(size) else { return ptr::null_mut() };
    // SAFETY: with the header the piece is not empty.
    unsafe { begin(alloc_zeroed(layout), size) }
}

/// `realloc` of `<stdlib.h>`; what it cannot move stays where it is.
///
/// # Safety
///
/// The pointer must be null or one that these functions gave.
#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(pointer: *mut u8, size: usize) -> *mut u8 {
    if pointer.is_null() {
        return malloc(size);
    }
    // SAFETY: the header stands before the piece, as promised by the caller.
    let (piece, old) = unsafe {
        let piece = pointer.sub(HEADER_BYTES);
        (piece, piece.cast::<usize>().read())
    };
    let (Some(old), Some(new)) = (layout(old), layout(size)) else { return ptr::null_mut() };
    // SAFETY: the piece was made with the old layout.
    unsafe { begin(move_to(piece, old, new.size()), size) }
}

/// `free` of `<stdlib.h>`: nothing is handed out twice.
#[unsafe(no_mangle)]
extern "C" fn free(_: *mut u8) {}
