//! What goes into a tile: its arguments as bytes, and what hides them.

use assay_spec::{TileInput, TilePublish, TileShape};
use assay_tile::{InputBinding, SALT_BYTES, frame};
use serde_json::Value;

use crate::{
    answer::{binding, shape},
    error::TileError,
    value::{self, ENCODED_BYTES_MAX},
};

/// Longest input of a tile, in bytes of postcard.
pub const INPUT_BYTES_MAX: usize = ENCODED_BYTES_MAX;

/// What goes into a tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileInputBytes {
    /// Its arguments in postcard, or what somebody says they are: the tile answers whatever it is given.
    pub bytes: Vec<u8>,
    /// With it the input is private: what is public is a commitment to both.
    pub salt: Option<[u8; SALT_BYTES]>,
}

impl TileInputBytes {
    /// `bytes`, to be bound by their digest.
    pub fn public(bytes: Vec<u8>) -> Self {
        Self { bytes, salt: None }
    }

    /// The arguments that `json` is by the shape of the tile's input, to be bound by their digest.
    pub fn from_json(json: &Value, input: &TileShape) -> Result<Self, TileError> {
        Ok(Self::public(value::encode(json, &shape(input)?)?))
    }

    /// How a program that publishes like this is bound to the input.
    pub fn bound(&self, publish: TilePublish) -> TileInput {
        match publish {
            TilePublish::Claim => binding(self.binding()),
            TilePublish::Plain => TileInput::Unbound,
        }
    }

    /// What a claim about the input says.
    pub fn binding(&self) -> InputBinding {
        InputBinding::of(&self.bytes, self.salt.as_ref())
    }

    /// The private bytes of the program.
    pub fn framed(&self) -> Result<Vec<u8>, TileError> {
        if self.bytes.len() > INPUT_BYTES_MAX {
            return Err(TileError::InputTooLong { bytes: self.bytes.len() });
        }
        Ok(frame(&self.bytes, self.salt.as_ref())?)
    }
}

/// A salt of the system's random bytes.
pub fn random_salt() -> Result<[u8; SALT_BYTES], TileError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|error| TileError::NoRandom { reason: error.to_string() })?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_salt_makes_of_the_digest_a_commitment_and_plain_mode_binds_nothing() {
        let public = TileInputBytes::public(vec![1]);
        let private = TileInputBytes { salt: Some([7; SALT_BYTES]), ..public.clone() };
        let (TileInput::Digest(digest), TileInput::Commitment(commitment)) =
            (public.bound(TilePublish::Claim), private.bound(TilePublish::Claim))
        else {
            panic!("{public:?} {private:?}");
        };
        assert_ne!(digest, commitment);
        assert_eq!(private.bound(TilePublish::Plain), TileInput::Unbound);
        assert_eq!(public.framed().unwrap(), [1, 0, 0, 0, 1]);
        assert_eq!(private.framed().unwrap().len(), 5 + SALT_BYTES);
    }

    #[test]
    fn an_input_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
        let of = |bytes| TileInputBytes::public(vec![0; bytes]).framed();
        assert!(of(INPUT_BYTES_MAX).is_ok());
        assert!(matches!(of(INPUT_BYTES_MAX + 1), Err(TileError::InputTooLong { bytes }) if bytes > INPUT_BYTES_MAX));
    }

    #[test]
    fn json_is_encoded_by_the_shape_and_refused_where_it_does_not_fit() {
        let shape = |format| TileShape { name: "u8".into(), format, types: json!({}) };
        assert_eq!(TileInputBytes::from_json(&json!(300), &shape(json!("U32"))).unwrap().bytes, [0xac, 2]);
        assert!(matches!(TileInputBytes::from_json(&json!(300), &shape(json!("U8"))), Err(TileError::Value(_))));
        assert!(matches!(TileInputBytes::from_json(&json!(3), &shape(json!("NO"))), Err(TileError::Value(_))));
    }

    #[test]
    fn salts_differ() {
        assert_ne!(random_salt().unwrap(), random_salt().unwrap());
    }
}
