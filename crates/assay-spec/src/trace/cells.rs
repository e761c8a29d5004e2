//! The cells of a row or message, by name: values of its own, names that it shares with all that are like it.
//!
//! As JSON this is an object, in the order of the names.

use std::{borrow::Cow, fmt, slice, sync::Arc};

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeSeed, MapAccess},
};

use super::{
    Cell,
    names::{Draft, Names},
};

/// Most cells for which memory is taken on the word of who sends them.
const CELLS_EXPECTED_MAX: usize = 4096;

/// The columns of a row or the fields of a message, in order, no name twice. Which order it is does not count where two
/// are compared.
#[derive(Clone)]
pub struct Cells {
    names: Arc<Names>,
    values: Box<[Cell]>,
}

impl Cells {
    /// How many.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Their names: the same list, and not just an equal one, in most rows of a chip that one thread made.
    #[inline]
    pub fn names(&self) -> &Arc<Names> {
        &self.names
    }

    /// What is in them, one for each name.
    #[inline]
    pub fn values(&self) -> &[Cell] {
        &self.values
    }

    /// The same, to be changed.
    pub fn values_mut(&mut self) -> slice::IterMut<'_, Cell> {
        self.values.iter_mut()
    }

    /// Their names, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.names.iter()
    }

    /// Names and what is there, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Cell)> + DoubleEndedIterator + Clone {
        self.keys().zip(self.values.iter().copied())
    }

    /// What is in the cell `name`.
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.values.get(self.names.index_of(name)?)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Cell> {
        self.values.get_mut(self.names.index_of(name)?)
    }

    /// Whether there is a cell `name`.
    pub fn contains_key(&self, name: &str) -> bool {
        self.names.index_of(name).is_some()
    }

    fn of(draft: Draft, values: Vec<Cell>) -> Self {
        match draft.finish() {
            Ok(names) => Self { names, values: values.into() },
            Err(names) => {
                // As maps have it: the first one's place, the last one's value.
                let distinct: IndexMap<String, Cell> = names.into_iter().zip(values).collect();
                distinct.into_iter().collect()
            }
        }
    }
}

impl Default for Cells {
    fn default() -> Self {
        Self::of(Draft::begin(), Vec::new())
    }
}

impl<N: AsRef<str>> FromIterator<(N, Cell)> for Cells {
    fn from_iter<I: IntoIterator<Item = (N, Cell)>>(cells: I) -> Self {
        let mut draft = Draft::begin();
        let values = cells.into_iter().map(|(name, cell)| {
            draft.push(name.as_ref());
            cell
        });
        let values: Vec<Cell> = values.collect();
        Self::of(draft, values)
    }
}

impl PartialEq for Cells {
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.names, &other.names) || self.names == other.names {
            return self.values == other.values;
        }
        let mine: IndexMap<&str, Cell> = self.iter().collect();
        self.len() == other.len() && other.iter().all(|(name, cell)| mine.get(name) == Some(&cell))
    }
}

impl Eq for Cells {}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object)
    }
}

/// Reads an object of cells.
struct Object;

impl<'de> de::Visitor<'de> for Object {
    type Value = Cells;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of cells")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Cells, A::Error> {
        let mut draft = Draft::begin();
        let mut values = Vec::with_capacity(object.size_hint().unwrap_or(0).min(CELLS_EXPECTED_MAX));
        while object.next_key_seed(Name(&mut draft))?.is_some() {
            values.push(object.next_value()?);
        }
        Ok(Cells::of(draft, values))
    }
}

/// Puts a key into the list of names, wherever it is read from.
struct Name<'a>(&'a mut Draft);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl de::Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<(), E> {
        self.0.push(name);
        Ok(())
    }
}

impl JsonSchema for Cells {
    fn inline_schema() -> bool {
        IndexMap::<String, Cell>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        IndexMap::<String, Cell>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        IndexMap::<String, Cell>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        IndexMap::<String, Cell>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(list: &[(&str, u64)]) -> Cells {
        list.iter().map(|(name, value)| (*name, Cell(*value))).collect()
    }

    #[test]
    fn rows_that_are_read_share_their_names() {
        let read = |json: &str| serde_json::from_str::<Cells>(json).unwrap();
        let (one, other) = (read(r#"{"pc":1,"rd":"0x20000000000000"}"#), read(r#"{"pc":2,"rd":3}"#));
        assert!(Arc::ptr_eq(one.names(), other.names()));
        assert_eq!(one.values(), [Cell(1), Cell(1 << 53)]);
        assert!(Arc::ptr_eq(one.clone().names(), one.names()));
        assert_eq!(format!("{one:?}"), r#"{"pc": 1, "rd": 9007199254740992}"#);
    }

    #[test]
    fn the_order_does_not_count() {
        assert_eq!(cells(&[("a", 1), ("b", 2)]), cells(&[("b", 2), ("a", 1)]));
        for other in [&[("a", 2), ("b", 1)][..], &[("a", 1)], &[("a", 1), ("c", 2)], &[("a", 1), ("b", 2), ("c", 3)]] {
            assert_ne!(cells(&[("b", 2), ("a", 1)]), cells(other));
        }
    }

    #[test]
    fn cells_are_changed_by_name_and_in_order() {
        let mut row = cells(&[("a", 1), ("b", 2)]);
        *row.get_mut("b").unwrap() = Cell(7);
        row.values_mut().for_each(|cell| cell.0 += 1);
        assert_eq!(row.iter().collect::<Vec<_>>(), [("a", Cell(2)), ("b", Cell(8))]);
        assert!(row.get_mut("c").is_none() && !row.contains_key("c") && row.contains_key("a"));
        assert!(Cells::default().is_empty());
    }

    #[test]
    fn what_is_no_object_of_cells_is_refused_and_leaves_nothing_behind() {
        for bad in [r#"{"a":1,"b":-1}"#, r#"{"a":1,"#, "[1]", r#"{"a":null}"#, "7"] {
            assert!(serde_json::from_str::<Cells>(bad).is_err(), "{bad}");
            assert_eq!(serde_json::from_str::<Cells>(r#"{"c":1}"#).unwrap(), cells(&[("c", 1)]));
        }
    }

    #[test]
    fn cells_may_be_made_of_other_cells() {
        let outer: Cells = (0..3)
            .map(|index| {
                let inner = cells(&[("x", index), ("y", 1)]);
                (index.to_string(), Cell(inner.values().iter().map(|cell| cell.0).sum()))
            })
            .collect();
        assert_eq!(outer, cells(&[("0", 1), ("1", 2), ("2", 3)]));
    }

    proptest! {
        /// What a map that keeps its order makes of the same pairs, names that come twice among them.
        #[test]
        fn they_are_what_a_map_is(list in prop::collection::vec(("[a-d\\PC]{0,2}", any::<u64>().prop_map(Cell)), 0..12)) {
            let map: IndexMap<String, Cell> = list.iter().cloned().collect();
            let cells: Cells = list.iter().map(|(name, cell)| (name, *cell)).collect();
            prop_assert!(cells.iter().eq(map.iter().map(|(name, cell)| (name.as_str(), *cell))));
            let json = serde_json::to_string(&cells).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&map).unwrap());
            prop_assert_eq!(&serde_json::from_str::<Cells>(&json).unwrap(), &cells);
            // As JSON an object may name a key twice.
            let pairs = list.iter().map(|(name, cell)| format!("{}:{}", serde_json::json!(name), serde_json::json!(cell)));
            let twice = format!("{{{}}}", pairs.collect::<Vec<_>>().join(","));
            prop_assert!(serde_json::from_str::<Cells>(&twice).unwrap().iter().eq(cells.iter()));
            for (name, cell) in &map {
                prop_assert_eq!(cells.get(name), Some(cell));
            }
        }
    }
}
