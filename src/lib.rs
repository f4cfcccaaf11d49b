//! onrecord turns a folder of annotated briefings into a cross-linked site.
#![warn(missing_docs)]

pub mod diagnostic;
pub mod fingerprint;
pub mod id;
pub mod pointer;
