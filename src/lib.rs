//! onrecord turns a folder of annotated briefings into a cross-linked site.
#![warn(missing_docs)]

pub mod date;
pub mod diagnostic;
pub mod fingerprint;
pub mod id;
pub mod model;
pub mod parse;
pub mod pointer;
pub mod read;
pub mod suggest;
pub mod view;
pub mod write;
