//! Flat, sparse guest memory with permissions.
//!
//! Which bytes exist and what may be done with them is a list of [`Region`]s, exact to the byte. Contents live in pages
//! that are allocated when something other than zero can come to stand in them, so that a segment of a terabyte of
//! zeros costs nothing until it is written, and the memory limit counts what is really held.
//!
//! Two small direct-mapped tables remember pages that are wholly readable and wholly writable. A load or store
//! that is aligned and hits its table takes no other decision; everything else (misaligned, page border, page with
//! mixed permissions, first touch, code) goes the slow way. Pages that hold executable bytes never enter the write
//! table, so that each store into code is seen. Of the data beside code in a page, the part that was last stored into is
//! remembered: guests have the top of their stack there.
//!
//! This module knows bytes and permissions. What a refused access means is the machine's to say.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::image::Permissions;

/// Bytes of a page.
const PAGE_BYTES: u64 = 4096;
/// The offset within a page.
const OFFSET_MASK: u64 = PAGE_BYTES - 1;
/// Entries of each lookup table.
const TABLE_ENTRIES: usize = 1024;
/// A tag that no access has: what is compared with a tag has the bits of the page and, if it is misaligned, some of the
/// lowest three.
const NO_PAGE: u64 = PAGE_BYTES / 2;

/// A range of addresses with the same permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// First address.
    pub(crate) first: u64,
    /// Last address, inclusive, so that a region may end at the top of the address space.
    pub(crate) last: u64,
    pub(crate) permissions: Permissions,
}

/// What a misaligned load or store does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misaligned {
    /// It works and is counted (Zicclsm).
    Counted,
    /// It is refused, mapped or not.
    Refused,
    /// It is refused as misaligned where its first byte allows the access, else as any other access there.
    RefusedWhereMapped,
}

/// Why an access was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Some byte is unmapped or not readable.
    Load,
    /// Some byte is unmapped or not writable.
    Store,
    /// Misaligned, where that is refused.
    Misaligned,
    /// A new page would pass the memory limit.
    LimitReached,
}

/// What a store did besides storing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// Nothing.
    Data,
    /// It wrote executable bytes: what was decoded from them is stale.
    Code,
}

#[derive(Clone, Copy)]
struct Entry {
    /// Address of the page, or [`NO_PAGE`].
    tag: u64,
    /// Where the page begins in the arena.
    start: usize,
}

const EMPTY: Entry = Entry { tag: NO_PAGE, start: 0 };

/// A part of one page that is all data and writable, though the page is not: its first and last address.
#[derive(Clone, Copy)]
struct Part {
    first: u64,
    last: u64,
    /// Where the page begins in the arena.
    start: usize,
}

/// No access lies in it.
const NO_PART: Part = Part { first: 1, last: 0, start: 0 };

/// Page numbers are spread well enough by one multiplication, and nobody gains from collisions in their own run.
#[derive(Default)]
struct PageHasher(u64);

impl Hasher for PageHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

/// Guest memory.
pub(crate) struct Memory {
    /// Pages, one after the other; the first is all zero and stands for every page that was never written.
    arena: Vec<u8>,
    readable: Box<[Entry; TABLE_ENTRIES]>,
    writable: Box<[Entry; TABLE_ENTRIES]>,
    /// What of a page that is not in the table was stored into last.
    written: Part,
    /// From a page's address to where it begins in the arena.
    pages: HashMap<u64, usize, BuildHasherDefault<PageHasher>>,
    /// Sorted by address, without overlap.
    regions: Vec<Region>,
    limit_bytes: u64,
    misaligned: Misaligned,
    misaligned_count: u64,
}

impl Memory {
    /// Memory of these `regions` (sorted, without overlap), all zero.
    pub(crate) fn new(regions: Vec<Region>, limit_bytes: u64, misaligned: Misaligned) -> Self {
        debug_assert!(regions.windows(2).all(|pair| pair[0].last < pair[1].first));
        Self {
            arena: vec![0; PAGE_BYTES as usize],
            readable: Box::new([EMPTY; TABLE_ENTRIES]),
            writable: Box::new([EMPTY; TABLE_ENTRIES]),
            written: NO_PART,
            pages: HashMap::default(),
            regions,
            limit_bytes,
            misaligned,
            misaligned_count: 0,
        }
    }

    /// Bytes held for the guest.
    pub(crate) fn allocated_bytes(&self) -> u64 {
        (self.arena.len() as u64) - PAGE_BYTES
    }

    /// Loads and stores so far whose address was not a multiple of their size.
    pub(crate) fn misaligned_count(&self) -> u64 {
        self.misaligned_count
    }

    /// The `N` bytes at `address`, as a guest load.
    #[inline]
    pub(crate) fn load<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Refusal> {
        let entry = &self.readable[table_index(address)];
        // Keeping the low bits of a misaligned address makes it differ from every tag: one test for both.
        if address & (!OFFSET_MASK | (N as u64 - 1)) == entry.tag {
            let at = entry.start + (address & OFFSET_MASK) as usize;
            if let Some(bytes) = self.arena.get(at..at + N) {
                return Ok(bytes.try_into().expect("the slice has N bytes"));
            }
        }
        self.load_slowly(address)
    }

    /// Puts `bytes` at `address`, as a guest store.
    #[inline]
    pub(crate) fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Result<Stored, Refusal> {
        let entry = &self.writable[table_index(address)];
        if address & (!OFFSET_MASK | (N as u64 - 1)) == entry.tag {
            let at = entry.start + (address & OFFSET_MASK) as usize;
            if let Some(place) = self.arena.get_mut(at..at + N) {
                place.copy_from_slice(&bytes);
                return Ok(Stored::Data);
            }
        }
        self.store_slowly(address, &bytes)
    }

    #[cold]
    #[inline(never)]
    fn load_slowly<const N: usize>(&mut self, address: u64) -> Result<[u8; N], Refusal> {
        let last = self.align(address, N as u64, Refusal::Load)?;
        if !self.allows(address, last, Permissions::R) {
            return Err(Refusal::Load);
        }
        let page = address & !OFFSET_MASK;
        if self.allows(page, page | OFFSET_MASK, Permissions::R) {
            let start = self.pages.get(&page).copied().unwrap_or(0);
            self.readable[table_index(address)] = Entry { tag: page, start };
        }
        let mut bytes = [0; N];
        self.copy_out(address, &mut bytes);
        Ok(bytes)
    }

    #[cold]
    #[inline(never)]
    fn store_slowly(&mut self, address: u64, bytes: &[u8]) -> Result<Stored, Refusal> {
        let last = self.align(address, bytes.len() as u64, Refusal::Store)?;
        if self.written.first <= address && last <= self.written.last {
            let at = self.written.start + (address & OFFSET_MASK) as usize;
            self.arena[at..at + bytes.len()].copy_from_slice(bytes);
            return Ok(Stored::Data);
        }
        if !self.allows(address, last, Permissions::W) {
            return Err(Refusal::Store);
        }
        self.copy_in(address, bytes)?;
        let page = address & !OFFSET_MASK;
        let page_last = page | OFFSET_MASK;
        let start = self.pages.get(&page).copied().unwrap_or(0);
        debug_assert_ne!(start, 0, "a written page has its own place");
        if self.allows(page, page_last, Permissions::W) && !self.touches_code(page, page_last) {
            self.writable[table_index(address)] = Entry { tag: page, start };
        } else if let Some(region) = self.data_region(address) {
            self.written = Part { first: region.first.max(page), last: region.last.min(page_last), start };
        }
        Ok(if self.touches_code(address, last) { Stored::Code } else { Stored::Data })
    }

    /// The last address of an access, after counting or refusing a misaligned one. An access that would wrap around
    /// the top of a 64-bit address space is refused; no region reaches beyond a 32-bit one.
    fn align(&mut self, address: u64, size: u64, wrapped: Refusal) -> Result<u64, Refusal> {
        let last = address.checked_add(size - 1).ok_or(wrapped)?;
        if !address.is_multiple_of(size) {
            let needed = match wrapped {
                Refusal::Load => Permissions::R,
                _ => Permissions::W,
            };
            match self.misaligned {
                // A refused access did not happen and is not counted.
                Misaligned::Counted => self.misaligned_count += u64::from(self.allows(address, last, needed)),
                Misaligned::RefusedWhereMapped if !self.allows(address, address, needed) => return Err(wrapped),
                Misaligned::Refused | Misaligned::RefusedWhereMapped => return Err(Refusal::Misaligned),
            }
        }
        Ok(last)
    }

    /// Whether each byte from `first` to `last`, inclusive, is mapped and allows what `needed` allows.
    pub(crate) fn allows(&self, first: u64, last: u64, needed: Permissions) -> bool {
        let mut next = first;
        let from = self.regions.partition_point(|region| region.last < first);
        for region in &self.regions[from..] {
            if region.first > next || !region.permissions.allow(needed) {
                return false;
            }
            if region.last >= last {
                return true;
            }
            next = region.last + 1;
        }
        false
    }

    /// The region of `address` if it is writable and no code.
    fn data_region(&self, address: u64) -> Option<Region> {
        let region = *self.regions.get(self.regions.partition_point(|region| region.last < address))?;
        let is_data = region.permissions.write && !region.permissions.execute;
        (is_data && region.first <= address).then_some(region)
    }

    fn touches_code(&self, first: u64, last: u64) -> bool {
        let from = self.regions.partition_point(|region| region.last < first);
        self.regions[from..].iter().take_while(|region| region.first <= last).any(|region| region.permissions.execute)
    }

    /// Executable address ranges (first, last), neighbours joined.
    pub(crate) fn code_ranges(&self) -> Vec<(u64, u64)> {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for region in self.regions.iter().filter(|r| r.permissions.execute) {
            match ranges.last_mut() {
                Some(range) if range.1 + 1 == region.first => range.1 = region.last,
                _ => ranges.push((region.first, region.last)),
            }
        }
        ranges
    }

    /// Fills `bytes` from `address` on, whatever the permissions; unwritten memory is zero.
    pub(crate) fn copy_out(&self, address: u64, bytes: &mut [u8]) {
        let mut address = address;
        let mut rest = bytes;
        while !rest.is_empty() {
            let offset = (address & OFFSET_MASK) as usize;
            let (now, later) = rest.split_at_mut(rest.len().min(PAGE_BYTES as usize - offset));
            let start = self.pages.get(&(address & !OFFSET_MASK)).copied().unwrap_or(0);
            now.copy_from_slice(&self.arena[start + offset..][..now.len()]);
            address = address.wrapping_add(now.len() as u64);
            rest = later;
        }
    }

    /// Puts `bytes` at `address`, whatever the permissions. Refuses all of them if they would pass the memory limit.
    pub(crate) fn copy_in(&mut self, address: u64, bytes: &[u8]) -> Result<(), Refusal> {
        if bytes.is_empty() {
            return Ok(());
        }
        let first_page = address & !OFFSET_MASK;
        let last_page = address.wrapping_add(bytes.len() as u64 - 1) & !OFFSET_MASK;
        let missing = (0..=last_page.wrapping_sub(first_page) / PAGE_BYTES)
            .map(|number| first_page.wrapping_add(number * PAGE_BYTES))
            .filter(|page| !self.pages.contains_key(page))
            .count() as u64;
        if self.allocated_bytes() + missing * PAGE_BYTES > self.limit_bytes {
            return Err(Refusal::LimitReached);
        }
        let mut address = address;
        let mut rest = bytes;
        while !rest.is_empty() {
            let offset = (address & OFFSET_MASK) as usize;
            let (now, later) = rest.split_at(rest.len().min(PAGE_BYTES as usize - offset));
            let start = self.page(address & !OFFSET_MASK);
            self.arena[start + offset..][..now.len()].copy_from_slice(now);
            address = address.wrapping_add(now.len() as u64);
            rest = later;
        }
        Ok(())
    }

    /// Where the page at `page` begins in the arena; a new one is allocated and replaces the shared page of zeros.
    fn page(&mut self, page: u64) -> usize {
        if let Some(&start) = self.pages.get(&page) {
            return start;
        }
        let start = self.arena.len();
        self.arena.resize(start + PAGE_BYTES as usize, 0);
        self.pages.insert(page, start);
        let remembered = &mut self.readable[table_index(page)];
        if remembered.tag == page {
            remembered.start = start;
        }
        start
    }

    /// The little-endian number of `size` (at most 8) bytes at `address`, whatever the permissions.
    pub(crate) fn peek(&self, address: u64, size: u8) -> u64 {
        let mut bytes = [0; 8];
        self.copy_out(address, &mut bytes[..usize::from(size)]);
        u64::from_le_bytes(bytes)
    }
}

#[inline]
fn table_index(address: u64) -> usize {
    (address / PAGE_BYTES) as usize % TABLE_ENTRIES
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn region(first: u64, last: u64, permissions: Permissions) -> Region {
        Region { first, last, permissions }
    }

    /// A stack that ends where code begins, code that may be written, and constants, all in one page.
    fn mixed(misaligned: Misaligned) -> Memory {
        let regions = vec![
            region(0x1000, 0x13ff, Permissions::RW),
            region(0x1400, 0x17ff, Permissions::RWX),
            region(0x1800, 0x1bff, Permissions::R),
            region(0x1c00, 0x2fff, Permissions::RW),
        ];
        Memory::new(regions, 1 << 20, misaligned)
    }

    #[test]
    fn stores_beside_code_are_plain_and_stores_into_code_are_seen_whatever_came_before() {
        let mut memory = mixed(Misaligned::Counted);
        for round in 0..3u8 {
            assert_eq!(memory.store(0x13fc, [round, 2, 3, 4]), Ok(Stored::Data));
            assert_eq!(memory.store(0x1400, [round; 4]), Ok(Stored::Code));
            assert_eq!(memory.store(0x1000, [round; 8]), Ok(Stored::Data));
            assert_eq!(memory.store(0x13fe, [9, 9, 9, round]), Ok(Stored::Code), "half of it is code");
            assert_eq!(memory.store(0x1800, [round]), Err(Refusal::Store));
            assert_eq!(memory.store(0x1bfe, [round; 4]), Err(Refusal::Store), "half of it is constant");
            assert_eq!(memory.store(0x1c00, [round; 2]), Ok(Stored::Data));
            assert_eq!(memory.store(0x1ffc, [round; 8]), Ok(Stored::Data), "half of it is in the next page");
            assert_eq!(memory.load(0x13fc), Ok([round, 2, 9, 9]));
            assert_eq!(memory.load(0x1400), Ok([9, round, round, round]));
            assert_eq!(memory.load(0x1000), Ok([round; 8]));
            assert_eq!(memory.load(0x1ffc), Ok([round; 8]));
        }
        assert_eq!(memory.misaligned_count(), 9, "of stores two and of loads one in each round");
    }

    #[test]
    fn a_misaligned_store_beside_code_is_refused_where_all_are() {
        for misaligned in [Misaligned::Refused, Misaligned::RefusedWhereMapped] {
            let mut memory = mixed(misaligned);
            assert_eq!(memory.store(0x1200, [1; 4]), Ok(Stored::Data));
            assert_eq!(memory.store(0x1202, [1; 4]), Err(Refusal::Misaligned));
        }
    }
}
