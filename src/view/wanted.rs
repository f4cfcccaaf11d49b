//! What a template asks of a view, so that nothing is made which no page shows.
//!
//! A template says by name what it prints. A field whose name stands nowhere in
//! it, or in what it extends, includes and calls, is left out of the view: what
//! takes long to make is not made ([`Ask::make`]), and what is there is not handed
//! on ([`Only`]). The page is the same with and without.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::note::SharedNotes;
use crate::fingerprint::ByName;
use crate::plan::lists::Item;

/// The names of fields that a template may look at.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Absent where it may look at all of them.
    names: Option<HashSet<Box<str>, ByName>>,
    /// What was asked before.
    asked: Asked,
}

/// Answers on fields, by where their names lie in memory, which is quicker to look
/// up than what they say. A name of the program's own lies where it lies for good,
/// so that an answer stays right; one that takes another's place costs time alone.
#[derive(Debug, Clone, Default)]
struct Asked(Option<Arc<[AtomicU64; 1 << Asked::BITS]>>);

impl Asked {
    /// There are some 200 names.
    const BITS: u32 = 11;

    fn none() -> Self {
        Self(Some(Arc::new(std::array::from_fn(|_| AtomicU64::new(0)))))
    }

    fn answer(&self, name: &'static str, find_out: impl FnOnce() -> bool) -> bool {
        let Some(answers) = &self.0 else { return find_out() };
        // A place in memory takes 47 bits.
        let (place, length) = (name.as_ptr() as u64, name.len() as u64);
        let question = length << 48 | place << 1;
        let mixed = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let answer = &answers[(mixed >> (u64::BITS - Self::BITS)) as usize];
        let known = answer.load(Relaxed);
        if known & !1 == question {
            return known & 1 == 1;
        }
        let found = find_out();
        answer.store(question | u64::from(found), Relaxed);
        found
    }
}

impl Wanted {
    /// Every field that there is.
    pub const ALL: &'static Self = &Self { names: None, asked: Asked(None) };

    /// These fields.
    pub fn only(names: impl IntoIterator<Item = Box<str>>) -> Self {
        Self { names: Some(names.into_iter().collect()), asked: Asked::none() }
    }

    /// The fields of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.names, &other.names) {
            (Some(these), Some(those)) => Self::only(these.union(those).cloned()),
            _ => Self::default(),
        }
    }

    /// Whether a template may look at fields of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(name))
    }

    /// A field of this name: what `make` says, or nothing where no template looks
    /// at it. Other fields must not be made from it.
    pub fn make<T: Default>(&self, name: &str, make: impl FnOnce() -> T) -> T {
        if self.has(name) { make() } else { T::default() }
    }
}

/// Writes an item of a list: what the component `list_item` makes of its card.
/// An item looks the same on every page, so whoever hands this in may make it
/// once.
pub type Draw<'a> = dyn Fn(Item, &mut String) + 'a;

/// What a view is made for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// What the template of its page may look at.
    pub wanted: &'a Wanted,
    /// Writes the items of its lists.
    pub draw: &'a Draw<'a>,
    /// Where the pages of a briefing and its claims are made one after the other,
    /// their notes.
    pub notes: Option<&'a SharedNotes<'a>>,
}

impl Ask<'_> {
    /// What [`Wanted::make`] makes.
    pub fn make<T: Default>(&self, name: &str, make: impl FnOnce() -> T) -> T {
        self.wanted.make(name, make)
    }
}

/// Plain data without the fields that are not wanted.
///
/// Entries of maps stay, as their keys are no fields. A struct of which nothing is
/// wanted gets a field without a name, since templates take an empty map for false.
#[derive(Debug, Clone, Copy)]
pub struct Only<'a, T: ?Sized> {
    /// The fields to keep.
    pub wanted: &'a Wanted,
    /// The data.
    pub value: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Only<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.wanted.names.is_none() {
            return self.value.serialize(serializer);
        }
        self.value.serialize(Sieve::of(serializer, self.wanted))
    }
}

/// A serializer, or what one has begun, that gets only what is wanted.
struct Sieve<'a, S> {
    inner: S,
    wanted: &'a Wanted,
    /// Whether fields have gone through.
    has_some: bool,
    /// Whether fields have been left out.
    lacks_some: bool,
}

/// A field in place of all others.
const NOTHING_WANTED: &str = "";

impl<'a, S> Sieve<'a, S> {
    fn of(inner: S, wanted: &'a Wanted) -> Self {
        Self { inner, wanted, has_some: false, lacks_some: false }
    }

    fn only<'t, T: ?Sized>(&self, value: &'t T) -> Only<'t, T>
    where
        'a: 't,
    {
        Only { wanted: self.wanted, value }
    }

    fn lets_through(&mut self, field: &'static str) -> bool {
        let is_wanted = self.wanted.asked.answer(field, || self.wanted.has(field));
        self.has_some |= is_wanted;
        self.lacks_some |= !is_wanted;
        is_wanted
    }
}

/// Methods that hand a plain value on.
macro_rules! hand_on {
    ($($method:ident($($value:ident: $kind:ty),*);)*) => {
        $(fn $method(self, $($value: $kind),*) -> Result<S::Ok, S::Error> {
            self.inner.$method($($value),*)
        })*
    };
}

/// Methods that begin something whose parts are looked at.
macro_rules! begin {
    ($($method:ident($($value:ident: $kind:ty),*) -> $compound:ident;)*) => {
        $(fn $method(self, $($value: $kind),*) -> Result<Self::$compound, S::Error> {
            Ok(Sieve::of(self.inner.$method($($value),*)?, self.wanted))
        })*
    };
}

impl<'a, S: Serializer> Serializer for Sieve<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Sieve<'a, S::SerializeSeq>;
    type SerializeTuple = Sieve<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Sieve<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Sieve<'a, S::SerializeTupleVariant>;
    type SerializeMap = Sieve<'a, S::SerializeMap>;
    type SerializeStruct = Sieve<'a, S::SerializeStruct>;
    type SerializeStructVariant = Sieve<'a, S::SerializeStructVariant>;

    hand_on! {
        serialize_bool(v: bool);
        serialize_i8(v: i8);
        serialize_i16(v: i16);
        serialize_i32(v: i32);
        serialize_i64(v: i64);
        serialize_i128(v: i128);
        serialize_u8(v: u8);
        serialize_u16(v: u16);
        serialize_u32(v: u32);
        serialize_u64(v: u64);
        serialize_u128(v: u128);
        serialize_f32(v: f32);
        serialize_f64(v: f64);
        serialize_char(v: char);
        serialize_str(v: &str);
        serialize_bytes(v: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str);
    }

    begin! {
        serialize_seq(len: Option<usize>) -> SerializeSeq;
        serialize_tuple(len: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, len: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, len: usize)
            -> SerializeTupleVariant;
        serialize_map(len: Option<usize>) -> SerializeMap;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, len: usize)
            -> SerializeStructVariant;
    }

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        // Few fields of the long ones are wanted as a rule, and whoever gets them
        // makes room for as many as are said.
        const FEW: usize = 14;
        Ok(Sieve::of(self.inner.serialize_struct(name, len.min(FEW))?, self.wanted))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let value = self.only(value);
        self.inner.serialize_some(&value)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = self.only(value);
        self.inner.serialize_newtype_struct(name, &value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let value = self.only(value);
        self.inner.serialize_newtype_variant(name, index, variant, &value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Something with parts, all of which stay.
macro_rules! of_parts {
    ($($compound:ident::$method:ident;)*) => {
        $(impl<S: $compound> $compound for Sieve<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                let value = self.only(value);
                self.inner.$method(&value)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        })*
    };
}

of_parts! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
    SerializeTupleVariant::serialize_field;
}

impl<S: SerializeMap> SerializeMap for Sieve<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let value = self.only(value);
        self.inner.serialize_value(&value)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// Something with fields, of which those stay that are wanted.
macro_rules! of_fields {
    ($($compound:ident;)*) => {
        $(impl<S: $compound> $compound for Sieve<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), S::Error> {
                if !self.lets_through(key) {
                    return self.inner.skip_field(key);
                }
                let value = self.only(value);
                self.inner.serialize_field(key, &value)
            }

            fn end(mut self) -> Result<S::Ok, S::Error> {
                if self.lacks_some && !self.has_some {
                    self.inner.serialize_field(NOTHING_WANTED, &true)?;
                }
                self.inner.end()
            }
        })*
    };
}

of_fields! {
    SerializeStruct;
    SerializeStructVariant;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::*;

    #[derive(Serialize)]
    struct Inner {
        id: u8,
        text: &'static str,
        note: Option<&'static str>,
    }

    #[derive(Serialize)]
    struct Outer {
        first: Inner,
        list: Vec<Inner>,
        maybe: Option<Inner>,
        free: BTreeMap<&'static str, Inner>,
        pair: (u8, Inner),
        other: Other,
        empty: Empty,
    }

    #[derive(Serialize)]
    struct Other {
        unwanted: Vec<Inner>,
    }

    #[derive(Serialize)]
    struct Empty {}

    const fn inner() -> Inner {
        Inner { id: 1, text: "a", note: None }
    }

    #[test]
    fn what_is_named_goes_through_at_every_depth() {
        let outer = Outer {
            first: inner(),
            list: vec![inner()],
            maybe: Some(inner()),
            free: BTreeMap::from([("unwanted", inner())]),
            pair: (2, inner()),
            other: Other { unwanted: vec![inner()] },
            empty: Empty {},
        };
        let names = ["list", "maybe", "free", "pair", "other", "empty", "text"];
        let wanted = Wanted::only(names.map(Into::into));
        let kept = json!({ "text": "a" });
        let expected = json!({
            "list": [kept], "maybe": kept, "free": { "unwanted": kept }, "pair": [2, kept],
            "other": { NOTHING_WANTED: true }, "empty": {},
        });
        let only = |wanted| serde_json::to_value(Only { wanted, value: &outer }).unwrap();
        assert_eq!(only(&wanted), expected);
        assert_eq!(only(Wanted::ALL), serde_json::to_value(&outer).unwrap());
    }

    #[test]
    fn what_nobody_looks_at_is_not_made() {
        let wanted = Wanted::only(["map".into()]);
        let ask = Ask { wanted: &wanted, draw: &|_, _| {}, notes: None };
        assert_eq!(ask.make("map", || Some(1)), Some(1));
        assert_eq!(ask.make::<Option<u8>>("network", || unreachable!()), None);
    }
}
