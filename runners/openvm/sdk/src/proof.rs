//! A proof as bytes, and back from bytes that nobody vouches for.
//!
//! The encoding is the SDK's codec in a frame of counts: how many segments, then each segment's length and its
//! `Proof`, then the `UserPublicValuesProof`. Integers are u32, little-endian. The codec takes lengths from the bytes
//! and makes lists of them, lists of empty lists among them, which take gigabytes and no bytes at all. [`Ruler`]
//! therefore walks an encoded segment first and lets no list be longer than the bytes that are there.

use openvm_circuit::system::memory::{CHUNK, merkle::public_values::UserPublicValuesProof};
use openvm_stark_backend::{
    codec::{Decode, Encode},
    proof::Proof,
};
use openvm_stark_sdk::config::baby_bear_poseidon2::BabyBearPoseidon2Config;

use crate::F;

/// Name of the encoding, for people.
pub const PROOF_ENCODING: &str = "u32 LE count of segments; per segment u32 LE length and openvm-stark-backend 2.0.1 Proof (codec 3); \
     openvm-circuit 2.0.2 UserPublicValuesProof";

/// Most segments of a proof.
pub const SEGMENTS_MAX: usize = 1 << 10;
/// Longest encoded segment, in bytes: some four times what one takes with the SDK's parameters.
pub const SEGMENT_BYTES_MAX: usize = 4 << 20;
/// Most AIRs of a circuit, layers of a sum check and the like: lists that a proof has a handful of.
const FEW: usize = 128;
/// Greatest folding factor, in bits.
const FOLD_BITS_MAX: usize = 8;

const FIELD: usize = 4;
const EXTENSION: usize = 4 * FIELD;
const DIGEST: usize = CHUNK * FIELD;

pub(crate) type SegmentProof = Proof<BabyBearPoseidon2Config>;
pub(crate) type PublicValuesProof = UserPublicValuesProof<CHUNK, F>;

/// A proof in parts.
pub(crate) struct AppProof {
    pub(crate) segments: Vec<SegmentProof>,
    pub(crate) public_values: PublicValuesProof,
}

/// Why bytes are no proof.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("the proof is cut off")]
    CutOff,
    #[error("the proof claims {0} segments; a proof has 1 to {SEGMENTS_MAX}")]
    Segments(usize),
    #[error("segment {0} claims {1} bytes, above the limit of {SEGMENT_BYTES_MAX}")]
    SegmentBytes(usize, usize),
    #[error("segment {0}: {1}")]
    Segment(usize, String),
    #[error("the public values' proof: {0}")]
    PublicValues(String),
    #[error("{0} bytes follow the proof")]
    Trailing(usize),
}

pub(crate) fn encode(segments: &[Vec<u8>], public_values: &PublicValuesProof) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    segments.len().encode(&mut bytes)?;
    for segment in segments {
        segment.len().encode(&mut bytes)?;
        bytes.extend_from_slice(segment);
    }
    public_values.encode::<BabyBearPoseidon2Config, _>(&mut bytes)?;
    Ok(bytes)
}

/// Reads a proof. `check` sees each segment as soon as it is read, so that none of a wrong shape is kept.
pub(crate) fn decode(bytes: &[u8], check: &dyn Fn(&SegmentProof) -> Result<(), String>) -> Result<AppProof, Malformed> {
    let mut ruler = Ruler { rest: bytes };
    let count = ruler.number().map_err(|_| Malformed::CutOff)?;
    if !(1..=SEGMENTS_MAX).contains(&count) {
        return Err(Malformed::Segments(count));
    }
    let mut segments = Vec::new();
    for index in 0..count {
        let length = ruler.number().map_err(|_| Malformed::CutOff)?;
        if length > SEGMENT_BYTES_MAX {
            return Err(Malformed::SegmentBytes(index, length));
        }
        let segment = ruler.take(length).map_err(|_| Malformed::CutOff)?;
        let segment = decode_segment(segment).map_err(|reason| Malformed::Segment(index, reason))?;
        check(&segment).map_err(|reason| Malformed::Segment(index, reason))?;
        segments.push(segment);
    }
    let mut rest = ruler.rest;
    // Every list of it has elements of its own bytes: it is never larger than what is left.
    let public_values = PublicValuesProof::decode::<BabyBearPoseidon2Config, _>(&mut rest)
        .map_err(|reason| Malformed::PublicValues(reason.to_string()))?;
    if !rest.is_empty() {
        return Err(Malformed::Trailing(rest.len()));
    }
    Ok(AppProof { segments, public_values })
}

fn decode_segment(bytes: &[u8]) -> Result<SegmentProof, String> {
    let mut ruler = Ruler { rest: bytes };
    ruler.segment().map_err(str::to_owned)?;
    if !ruler.rest.is_empty() {
        return Err(format!("{} bytes follow it", ruler.rest.len()));
    }
    let segment = SegmentProof::decode_from_bytes(bytes).map_err(|reason| reason.to_string())?;
    // What decodes to the same proof is not the same proof: there is one encoding of each.
    match segment.encode_to_vec() {
        Ok(again) if again == bytes => Ok(segment),
        Ok(_) => Err("not encoded as the codec encodes".to_owned()),
        Err(reason) => Err(reason.to_string()),
    }
}

/// Walks over an encoded `Proof` (`openvm-stark-backend` 2.0.1, `proof.rs`, codec version 3) without making anything of
/// it.
struct Ruler<'a> {
    rest: &'a [u8],
}

type Measured<T = ()> = Result<T, &'static str>;

const CUT_OFF: &str = "a list is longer than the bytes that are left";
const EMPTY: &str = "a list of elements of no bytes";
const TOO_MANY: &str = "a list is longer than in any proof";

impl<'a> Ruler<'a> {
    fn take(&mut self, bytes: usize) -> Measured<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Passes over `counts` multiplied.
    fn skip(&mut self, counts: &[usize]) -> Measured {
        let bytes = counts.iter().try_fold(1usize, |product, &count| product.checked_mul(count)).ok_or(CUT_OFF)?;
        self.take(bytes).map(drop)
    }

    fn number(&mut self) -> Measured<usize> {
        let bytes = self.take(4)?.first_chunk().ok_or(CUT_OFF)?;
        Ok(u32::from_le_bytes(*bytes) as usize)
    }

    fn few(&mut self) -> Measured<usize> {
        Some(self.number()?).filter(|&count| count <= FEW).ok_or(TOO_MANY)
    }

    /// A number that is not 0: of what would otherwise be lists of nothing.
    fn some(&mut self) -> Measured<usize> {
        Some(self.number()?).filter(|&count| count != 0).ok_or(EMPTY)
    }

    /// A list behind its length.
    fn list(&mut self, element: usize) -> Measured<usize> {
        let count = self.number()?;
        self.skip(&[count, element])?;
        Ok(count)
    }

    fn segment(&mut self) -> Measured {
        const VERSION: usize = 4;
        self.skip(&[VERSION + DIGEST])?;
        let airs = self.few()?;
        let present: u32 = self.take(airs.div_ceil(8))?.iter().map(|byte| byte.count_ones()).sum();
        for _ in 0..present {
            self.number()?;
            self.list(DIGEST)?;
        }
        for _ in 0..self.few()? {
            self.list(FIELD)?;
        }
        self.fractional_sum_check()?;
        self.batch_constraints()?;
        self.stacking()?;
        self.whir()
    }

    fn fractional_sum_check(&mut self) -> Measured {
        self.skip(&[FIELD + EXTENSION])?;
        let layers = self.few()?;
        self.skip(&[layers, 4 * EXTENSION])?;
        let rounds = layers * layers.saturating_sub(1) / 2;
        self.skip(&[rounds, 3 * EXTENSION])
    }

    fn batch_constraints(&mut self) -> Measured {
        let airs = self.few()?;
        self.skip(&[airs, 2 * EXTENSION])?;
        self.list(EXTENSION)?;
        let rounds = self.few()?;
        if rounds > 0 {
            let degree = self.some()?;
            self.skip(&[rounds, degree, EXTENSION])?;
        }
        for _ in 0..airs {
            for _ in 0..self.few()? {
                self.list(EXTENSION)?;
            }
        }
        Ok(())
    }

    fn stacking(&mut self) -> Measured {
        self.list(EXTENSION)?;
        self.list(2 * EXTENSION)?;
        for _ in 0..self.few()? {
            self.list(EXTENSION)?;
        }
        Ok(())
    }

    fn whir(&mut self) -> Measured {
        self.skip(&[FIELD])?;
        let sum_checks = self.few()?;
        self.skip(&[sum_checks, 2 * EXTENSION])?;
        let folds = self.few()?;
        self.skip(&[folds, DIGEST])?;
        let rounds = folds + 1;
        let fold_bits = sum_checks / rounds;
        if fold_bits > FOLD_BITS_MAX {
            return Err(TOO_MANY);
        }
        self.skip(&[folds, EXTENSION])?;
        self.skip(&[sum_checks, FIELD])?;
        self.skip(&[rounds, FIELD])?;

        let commits = self.few()?;
        let (queries, depth) = (self.some()?, self.number()?);
        let widths = (0..commits).map(|_| self.some()).collect::<Measured<Vec<usize>>>()?;
        for width in widths {
            self.skip(&[queries, 1 << fold_bits, width, FIELD])?;
        }
        self.skip(&[commits, queries, depth, DIGEST])?;

        let mut queries_of = Vec::new();
        for _ in 0..folds {
            let queries = self.number()?;
            self.skip(&[queries, 1 << fold_bits, EXTENSION])?;
            queries_of.push(queries);
        }
        let mut depth = self.number()?;
        for queries in queries_of {
            self.skip(&[queries, depth, DIGEST])?;
            depth = depth.checked_sub(1).ok_or(EMPTY)?;
        }
        self.list(EXTENSION).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A segment of nothing but zeros, up to the counts that a test is about: version and commitment; no AIRs, no public
    /// values; an empty fractional sum check.
    fn zeros_up_to_the_batch_constraints() -> Vec<u8> {
        vec![0; 4 + DIGEST + 4 + 4 + FIELD + EXTENSION + 4]
    }

    fn with(mut bytes: Vec<u8>, numbers: &[u32]) -> Vec<u8> {
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        bytes
    }

    fn measured(bytes: &[u8]) -> Measured {
        Ruler { rest: bytes }.segment()
    }

    #[test]
    fn lists_of_nothing_are_not_made() {
        // Rounds of a sum check of no polynomials' values each.
        let rounds = with(zeros_up_to_the_batch_constraints(), &[0, 0, 100, 0]);
        assert_eq!(measured(&rounds), Err(EMPTY));
        // No batch constraints, no stacking, and then openings: of queries of columns of no bytes.
        let no_sum_check = with(zeros_up_to_the_batch_constraints(), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let [commits, queries, depth] = [100, u32::MAX, 0];
        let columns = with(no_sum_check.clone(), &[commits, queries, depth, 0]);
        assert_eq!(measured(&columns), Err(EMPTY));
        assert_eq!(measured(&with(no_sum_check.clone(), &[commits])), Err(CUT_OFF));
        assert_eq!(measured(&with(no_sum_check, &[commits, 0])), Err(EMPTY));
    }

    #[test]
    fn lengths_are_believed_as_far_as_there_are_bytes() {
        for length in [1, 1000, u32::MAX] {
            let terms = with(zeros_up_to_the_batch_constraints(), &[0, length]);
            assert_eq!(measured(&terms), Err(CUT_OFF));
        }
        let mut airs = vec![0; 4 + DIGEST];
        airs.extend(u32::MAX.to_le_bytes());
        assert_eq!(measured(&airs), Err(TOO_MANY));
        let mut ruler = Ruler { rest: &[0; 100] };
        assert_eq!(ruler.skip(&[usize::MAX, usize::MAX]), Err(CUT_OFF));
        assert_eq!(ruler.skip(&[10, 10]), Ok(()));
        assert_eq!(ruler.skip(&[1]), Err(CUT_OFF));
    }

    #[test]
    fn frames_are_checked_before_what_is_in_them() {
        let decoded = |numbers: &[u32]| decode(&with(Vec::new(), numbers), &|_| Ok(())).map(drop);
        assert_eq!(decoded(&[]), Err(Malformed::CutOff));
        assert_eq!(decoded(&[0]), Err(Malformed::Segments(0)));
        assert_eq!(decoded(&[u32::MAX]), Err(Malformed::Segments(u32::MAX as usize)));
        assert_eq!(decoded(&[1, 8 << 20]), Err(Malformed::SegmentBytes(0, 8 << 20)));
        assert_eq!(decoded(&[1, 100]), Err(Malformed::CutOff));
        assert!(matches!(decoded(&[1, 4, 3]), Err(Malformed::Segment(0, _))));
    }
}
