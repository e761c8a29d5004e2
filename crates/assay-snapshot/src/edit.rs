//! What a patch pass says: which edits it makes, where each is anchored, and why it is there.
//!
//! These types are data and nothing else: they know neither files nor how an anchor is found, so that a family of
//! passes reads as the list of what it changes. An edit names its place by structure (a package, a file of it, an item,
//! a statement), never by line number: sources that differ elsewhere are patched alike, and sources that differ there
//! are refused.

use std::borrow::Cow;

/// Text of an edit: usually a literal, sometimes made in a loop over chips.
pub type Text = Cow<'static, str>;

/// Stands for any one expression, type or pattern in [`Anchor::Statement`] and [`Anchor::Expression`]; alone between
/// delimiters it stands for whatever is between them.
pub const ANY: &str = "__";

/// Replaced in every text by the way from the package's folder (where [`Edit::package`] is `None`: from the source
/// root) to the source root: `..` for a published crate, `../..` for `crates/vm` of a checkout.
pub const ROOT_PLACEHOLDER: &str = "{root}";

/// A pass-set family: everything that is done to the sources of one generation of one zkVM.
#[derive(Clone, Debug)]
pub struct PassSet {
    /// Name, as catalogue entries give it: `openvm_2_0`.
    pub family: &'static str,
    /// The zkVM: `openvm`.
    pub zkvm: &'static str,
    /// What it is made for and tested on, and what is known of other versions, in one sentence.
    pub about: &'static str,
    /// The packages that it edits.
    pub packages: &'static [Package],
    /// Infrastructure, relax, collect, in this order.
    pub passes: [Pass; 3],
    /// The guards that the relax pass turns into switchable ones: arguments of `fuzzer_utils::relaxed`.
    pub guards: &'static [Named],
    /// The points at which a witness can be changed: first arguments of `fuzzer_utils::inject`.
    pub points: &'static [Named],
}

/// A package that a family edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Name in its manifest.
    pub name: &'static str,
    /// The published version that the family is made for and tested on.
    pub version: &'static str,
}

/// A guard or an injection point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Name: `openvm.program.pc_in_range`. `zkvm.part.what`, lower case, `_` within a part.
    pub name: &'static str,
    /// Of a guard, what it refuses; of a point, which value it changes and what its position counts.
    pub about: &'static str,
}

/// One of the three passes.
#[derive(Clone, Debug)]
pub struct Pass {
    /// Which.
    pub kind: PassKind,
    /// What it does. Anchors of a pass are all found before any of its edits is made.
    pub edits: Vec<Edit>,
}

/// Which pass, in the order in which they are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassKind {
    /// Adds the helper crate and lets packages depend on it.
    Infrastructure,
    /// Turns assertions and guards into switchable ones.
    Relax,
    /// Emits trace records and offers injection points.
    Collect,
}

impl PassKind {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Infrastructure, Self::Relax, Self::Collect];

    /// As people and manifests spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Infrastructure => "infrastructure",
            Self::Relax => "relax",
            Self::Collect => "collect",
        }
    }
}

/// One change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Name, unique in its pass set: `collect.alu.rows`.
    pub id: Text,
    /// The package whose folder `file` is in; `None`: the source root.
    pub package: Option<&'static str>,
    /// Path within that folder, with `/`.
    pub file: Text,
    /// Where.
    pub anchor: Anchor,
    /// What.
    pub action: Action,
    /// Why, in a sentence.
    pub why: Text,
}

impl Edit {
    /// An edit of a file of `package`.
    pub fn new(
        id: impl Into<Text>,
        package: &'static str,
        file: impl Into<Text>,
        anchor: Anchor,
        action: Action,
        why: impl Into<Text>,
    ) -> Self {
        Self { id: id.into(), package: Some(package), file: file.into(), anchor, action, why: why.into() }
    }

    /// A new file, its path relative to the source root.
    pub fn create(id: impl Into<Text>, file: impl Into<Text>, text: impl Into<Text>, why: impl Into<Text>) -> Self {
        let action = Action::Create(text.into());
        Self { id: id.into(), package: None, file: file.into(), anchor: Anchor::NewFile, action, why: why.into() }
    }
}

/// Where an edit is made. Rust is compared by tokens: spaces, line breaks and comments play no part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// A file that is not there yet. With [`Action::Create`] only.
    NewFile,
    /// The top of a Rust file (after its `//!` docs and `#![…]` attributes), or its end.
    File(Place),
    /// An item with its docs and attributes. See [`Anchor::item`] for paths.
    Item {
        /// Path of the item.
        path: Text,
    },
    /// A statement anywhere in an item: in nested blocks, closures and functions too, not in arguments of macros.
    Statement {
        /// Path of the item that it is in.
        item: Text,
        /// The statement, with its `;` if it has one. Attributes count only if they are written here.
        like: Text,
        /// Which, if it need not be the only one.
        nth: Nth,
    },
    /// An expression anywhere in an item, not in arguments of macros.
    Expression {
        /// Path of the item that it is in.
        item: Text,
        /// The expression.
        like: Text,
        /// Which, if it need not be the only one.
        nth: Nth,
    },
    /// What is between the braces of an item.
    Body {
        /// Path of a function, `impl`, `mod`, `trait`, `struct` or `enum`.
        item: Text,
        /// `Start`: right after `{`. `End`: of a function before its trailing expression, if it has one, else before
        /// `}`.
        place: Place,
    },
    /// A key of a table of a TOML file, there or not. With [`Action::Set`] only.
    Toml {
        /// Dotted path of the table, which is made if it is not there: `dependencies`.
        table: Text,
        /// The key.
        key: Text,
    },
    /// Text that is in the file exactly once: where nothing else serves, and as short as can be.
    Literal {
        /// The text, at most [`LITERAL_BYTES_MAX`] bytes.
        context: Text,
    },
}

/// Longest [`Anchor::Literal`], in bytes.
pub const LITERAL_BYTES_MAX: usize = 200;

impl Anchor {
    /// The item at `path`: segments from the outside in, separated by ` :: ` (with spaces), each one of `fn f`, `struct
    /// S`, `enum E`, `union U`, `trait T`, `mod m`, `const C`, `static S`, `type T`, `macro m` (a `macro_rules!`),
    /// `impl Type`, `impl Trait for Type`, or the whole text of a `use` without its visibility and `;`.
    ///
    /// In `impl` segments, types written without generics match any generics (`impl Chip for AluChip` finds
    /// `impl<F: Field> Chip<F> for AluChip<F, 8>`); types written with them match those only. A segment that several
    /// items match is ambiguous and refused, unless it ends with ` #N`, which takes the N-th of them, from 1.
    pub fn item(path: impl Into<Text>) -> Self {
        Self::Item { path: path.into() }
    }

    /// The only statement of `item` that looks like this.
    pub fn statement(item: impl Into<Text>, like: impl Into<Text>) -> Self {
        Self::Statement { item: item.into(), like: like.into(), nth: Nth::Only }
    }

    /// The only expression of `item` that looks like this.
    pub fn expression(item: impl Into<Text>, like: impl Into<Text>) -> Self {
        Self::Expression { item: item.into(), like: like.into(), nth: Nth::Only }
    }

    /// The beginning of a body.
    pub fn body_start(item: impl Into<Text>) -> Self {
        Self::Body { item: item.into(), place: Place::Start }
    }

    /// The end of a body.
    pub fn body_end(item: impl Into<Text>) -> Self {
        Self::Body { item: item.into(), place: Place::End }
    }

    /// A key of a table.
    pub fn toml(table: impl Into<Text>, key: impl Into<Text>) -> Self {
        Self::Toml { table: table.into(), key: key.into() }
    }

    /// Text that is in the file once.
    pub fn literal(context: impl Into<Text>) -> Self {
        Self::Literal { context: context.into() }
    }
}

/// Which of several places that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// There is one.
    Only,
    /// Place `index`, from 0 in the order of the text, of exactly `of`: one more or fewer is a changed source.
    At {
        /// From 0.
        index: usize,
        /// How many there must be.
        of: usize,
    },
}

/// An end of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Its beginning.
    Start,
    /// Its end.
    End,
}

/// What is done at an anchor. Inserted text is set on lines of its own, indented as the anchor is, except by
/// [`Action::Wrap`] and at [`Anchor::Expression`] and [`Anchor::Literal`], where it is put in as it stands. No other
/// byte of the file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes the file. With [`Anchor::NewFile`] only.
    Create(Text),
    /// Inserts before the anchor. At [`Anchor::File`] and [`Anchor::Body`], `Before` and `After` insert at the place.
    Before(Text),
    /// Inserts after the anchor.
    After(Text),
    /// Puts the text in the anchor's place. Not at a place without extent.
    Replace(Text),
    /// Inserts before and after. Edits of what is between are possible.
    Wrap(Text, Text),
    /// Sets the key to a TOML value: `{ path = "{root}/fuzzer_utils" }`.
    Set(Text),
}
