//! Views into HTML.
//!
//! A page is a pure function of its view and the templates: nothing here
//! looks anything up, and neither can a template.

pub mod embedded;
mod fragments;
mod names;
#[cfg(test)]
mod sample;
mod style_sheet;
pub mod template;
pub mod texts;
pub mod theme;
