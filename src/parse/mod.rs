//! From the text of one file to a document, by itself: what it says, what is
//! wrong with it, and where its quotations stand. Nothing here knows of other
//! files.

pub mod value;
pub mod yaml;
pub mod shape;
pub mod short_forms;
pub mod front_matter;
pub mod locate;
pub mod text;
pub mod quote;
pub mod passage;
pub mod links;
pub(crate) mod escape;
mod clean;
mod headings;
mod footnotes;
mod autolink;
mod sentence;
mod pieces;
mod marks;
mod annotations;
mod tables;
mod asides;
mod writer;
pub mod markup;
mod bearing;
pub mod document;
pub mod outside;
