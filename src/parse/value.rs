//! YAML as a tree of our own, whose texts are borrowed from the file.
//!
//! Front matter lives for a moment, between the file and the structs of
//! [`model`](crate::model): so its texts are not copied, its maps are lists,
//! which are soon looked through as no map has many fields, and the structs
//! take out of it what they keep. Tags mean nothing here and are not in it.

use std::borrow::Cow;
use std::vec;

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_yaml::Number;

/// A value of a YAML document.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value<'a> {
    /// `null`, `~`, or nothing at all.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, whole or not.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(Map<'a>),
}

/// What a value of a map stands under.
#[derive(Debug, Clone, PartialEq)]
pub enum Key<'a> {
    /// A text, as all keys of ours are.
    Text(Cow<'a, str>),
    /// Anything else that YAML allows.
    Other(Box<serde_yaml::Value>),
}

/// The fields of a map, in the order in which they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map<'a>(pub Vec<(Key<'a>, Value<'a>)>);

impl Value<'_> {
    /// The value as a whole number.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(number) => number.as_i64(),
            _ => None,
        }
    }
}

impl Key<'_> {
    /// The key as text; empty where it is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Other(_) => "",
        }
    }

    fn is(&self, key: &str) -> bool {
        matches!(self, Self::Text(text) if text == key)
    }
}

impl<'a> Map<'a> {
    /// A map with one field.
    #[must_use]
    pub fn of(key: &'a str, value: Value<'a>) -> Self {
        Self(vec![(Key::Text(key.into()), value)])
    }

    /// The value under a key.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value<'a>> {
        self.0.iter_mut().find(|(k, _)| k.is(key)).map(|(_, value)| value)
    }

    /// Whether there is something under a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(k, _)| k.is(key))
    }

    /// Takes out what stands under a key; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.0.iter().position(|(k, _)| k.is(key))?;
        Some(self.0.remove(at).1)
    }

    /// Puts a value under a key that is not there yet.
    pub fn add(&mut self, key: &'a str, value: Value<'a>) {
        self.0.push((Key::Text(key.into()), value));
    }
}

impl From<serde_yaml::Value> for Value<'_> {
    fn from(value: serde_yaml::Value) -> Self {
        match value {
            serde_yaml::Value::Null => Self::Null,
            serde_yaml::Value::Bool(yes) => Self::Bool(yes),
            serde_yaml::Value::Number(number) => Self::Number(number),
            serde_yaml::Value::String(text) => Self::Text(text.into()),
            serde_yaml::Value::Sequence(items) => {
                Self::List(items.into_iter().map(Self::from).collect())
            }
            serde_yaml::Value::Mapping(fields) => {
                let field = |(key, value)| (Key::from(key), Self::from(value));
                Self::Map(Map(fields.into_iter().map(field).collect()))
            }
            serde_yaml::Value::Tagged(tagged) => Self::from(tagged.value),
        }
    }
}

impl From<serde_yaml::Value> for Key<'_> {
    fn from(key: serde_yaml::Value) -> Self {
        match key {
            serde_yaml::Value::String(text) => Self::Text(text.into()),
            other => Self::Other(Box::new(other)),
        }
    }
}

impl<'a> IntoDeserializer<'a> for Value<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'a> IntoDeserializer<'a> for Key<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'a> Deserializer<'a> for Value<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(yes) => visitor.visit_bool(yes),
            Self::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (_, Some(whole)) => visitor.visit_i64(whole),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Self::Text(text) => visit_text(text, visitor),
            Self::List(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Map(map) => visitor.visit_map(MapDeserializer::new(map.0.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(word) => visitor.visit_enum(word.into_deserializer()),
            _ => Err(Error::custom("only words stand for one of several things")),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'a> Deserializer<'a> for Key<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visit_text(text, visitor),
            Self::Other(key) => key.deserialize_any(visitor).map_err(Error::custom),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

fn visit_text<'a, V: Visitor<'a>>(text: Cow<'a, str>, visitor: V) -> Result<V::Value, Error> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}
