//! onrecord turns a folder of annotated briefings into a cross-linked site.
#![warn(missing_docs)]

pub mod id;
pub mod diagnostic;
pub mod fingerprint;
pub mod pointer;
pub mod date;
pub mod suggest;
pub mod model;
pub mod read;
pub mod parse;
pub mod resolve;
pub mod plan;
pub mod view;
pub mod render;
pub mod audit;

pub mod write;
pub mod build;
