//! Memory from the end of the image on, handed out once: no guest lives long enough to want it back.

use core::{
    alloc::{GlobalAlloc, Layout},
    ptr,
};

use super::Single;

unsafe extern "C" {
    /// First address behind the image.
    static _heap_start: u8;
    /// End of the heap.
    static _heap_end: u8;
}

struct Bump {
    /// First free address; 0 before the first allocation.
    next: Single<usize>,
}

#[global_allocator]
static HEAP: Bump = Bump { next: Single::new(0) };

impl Bump {
    /// # Safety
    ///
    /// The reference must be gone before another is taken.
    unsafe fn next(&self) -> &mut usize {
        // SAFETY: as promised by the caller.
        let next = unsafe { self.next.get() };
        if *next == 0 {
            *next = (&raw const _heap_start).addr();
        }
        next
    }

    /// Moves the first free address to `end` if the heap reaches that far.
    fn advance(next: &mut usize, end: Option<usize>) -> bool {
        let end = end.filter(|&end| end <= (&raw const _heap_end).addr());
        end.inspect(|&end| *next = end).is_some()
    }
}

// SAFETY: ranges are aligned as asked, lie in the heap and never overlap, because the first free address only grows.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the reference ends with this function.
        let next = unsafe { self.next() };
        let Some(start) = next.checked_next_multiple_of(layout.align()) else { return ptr::null_mut() };
        if Self::advance(next, start.checked_add(layout.size())) {
            ptr::with_exposed_provenance_mut(start)
        } else {
            ptr::null_mut()
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    /// Memory is zero at the start on all platforms, and no byte of the heap is handed out twice.
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the same contract.
        unsafe { self.alloc(layout) }
    }

    /// The last allocation grows where it is, so that filling a vector does not cost its length twice over.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return pointer;
        }
        {
            // SAFETY: the reference ends with this block.
            let next = unsafe { self.next() };
            if pointer.addr() + layout.size() == *next && Self::advance(next, pointer.addr().checked_add(size)) {
                return pointer;
            }
        }
        // SAFETY: the caller has promised that `size` rounded up to the alignment does not overflow.
        let new = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
        if !new.is_null() {
            // SAFETY: the old range is readable, the new one writable and apart from it.
            unsafe { ptr::copy_nonoverlapping(pointer, new, layout.size()) };
        }
        new
    }
}

/// The free part of the heap, for a platform that reads its input before the guest runs and so before anything was
/// allocated.
#[cfg_attr(feature = "standard", expect(dead_code, reason = "the standard platform maps the input"))]
pub(super) fn free() -> (*mut u8, usize) {
    // SAFETY: the reference ends with this function.
    let next = unsafe { HEAP.next() };
    (ptr::with_exposed_provenance_mut(*next), (&raw const _heap_end).addr() - *next)
}

/// Takes the first `bytes` bytes of the free part, which must have so many, and leaves the rest aligned.
#[cfg_attr(feature = "standard", expect(dead_code, reason = "the standard platform maps the input"))]
pub(super) fn take(bytes: usize) {
    // SAFETY: the reference ends with this function.
    let next = unsafe { HEAP.next() };
    *next += bytes.next_multiple_of(16);
}
