//! From the text of one file to a document, by itself: what it says, what is
//! wrong with it, and where its quotations stand. Nothing here knows of other
//! files.

pub mod front_matter;
pub mod locate;
pub mod shape;
