//! Plain data that several pages show, made ready for their templates once.

use serde::{Serialize, Serializer};
use tera::Value;

/// Data in the form in which templates look at it. To bring it into that form is
/// most of what showing it takes; whoever shows it again shares it. Serialises
/// like the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Made(Value);

impl Made {
    /// This data, or nothing where it cannot be brought into that form.
    #[must_use]
    pub fn of<T: Serialize + ?Sized>(data: &T) -> Option<Self> {
        Value::try_from_serializable(data).ok().map(Self)
    }
}

impl Serialize for Made {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Tera takes its own values as they are.
        self.0.serialize(serializer)
    }
}

/// Data that only one page shows, or that is shared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "most are made once and shown once")]
pub enum Once<T> {
    /// Of one page.
    Own(T),
    /// Shared.
    Shared(Made),
}
