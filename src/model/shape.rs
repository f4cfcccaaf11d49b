//! Which fields a map may have, and what may stand in each.
//!
//! One table serves three purposes: the parser checks front matter by it, the
//! `schema` command prints it as JSON Schema, and a misspelt key is compared
//! with it. So the three cannot disagree.

/// The fields of one kind of map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// What such a map describes, in the singular: `claim`.
    pub name: &'static str,
    /// Its fields, in the order in which one would write them.
    pub fields: &'static [Field],
}

/// One field of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What may stand under it.
    pub kind: Kind,
    /// Whether the map is incomplete without it.
    pub required: bool,
    /// What it means, in a sentence or two for an editor's tooltip.
    pub about: &'static str,
}

/// What may stand under a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Text, not empty.
    Text,
    /// `true` or `false`.
    Flag,
    /// An EDTF date; a plain year may be written as a number.
    Date,
    /// A date and time with an offset from UTC, or a date (midnight UTC).
    Instant,
    /// An id as it stands in addresses.
    Id,
    /// An absolute web address, `http` or `https`.
    Url,
    /// A whole number between two bounds, both included.
    Whole(i64, i64),
    /// Any number.
    Number,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list; a single value is a list of one.
    Many(&'static Kind),
    /// A map.
    Map(&'static Shape),
    /// A map; a text alone is a map with only this key.
    Short(&'static str, &'static Shape),
    /// A map whose keys are the author's own, such as languages.
    Table(&'static Kind),
    /// A map, or something of another kind which stands for a map with only
    /// this key.
    TableOr(&'static str, &'static Kind),
    /// Anything at all.
    Free,
}

/// A field that may be left out.
#[must_use]
pub const fn may(key: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { key, kind, required: false, about }
}

/// A field that must be there.
#[must_use]
pub const fn must(key: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { key, kind, required: true, about }
}

/// Shorthand for the most common kind of list.
pub const TEXTS: Kind = Kind::Many(&Kind::Text);

/// The free map that templates may read and onrecord does not.
pub const EXTRA: Field =
    may("extra", Kind::Free, "Anything of your own; templates find it as `extra`.");

/// Fields that every entity with a file of its own shares.
pub const FORMER_IDS: Field =
    may("former_ids", Kind::Many(&Kind::Id), "Ids it used to have; each becomes a redirect.");

/// Keeps something out of the site.
pub const DRAFT: Field =
    may("draft", Kind::Flag, "Not ready: left out of the site unless `--drafts` is given.");
