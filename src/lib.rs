//! onrecord turns a folder of annotated briefings into a cross-linked site: who
//! said what, through whom, when, and about which place.
//!
//! A build is one pass over values:
//!
//! ```text
//! read      folder          -> Snapshot        the only door in
//! parse     Source          -> Document        each file by itself
//! resolve   [Document]      -> Site            the only stage that sees all documents
//! plan      &Site           -> Plan            which pages there are
//! view      &Site, &Page    -> View            all that a template may see
//! render    Templates, View -> HTML            pure
//! audit     HTML            -> problems        every internal link and anchor
//! write     (path, bytes)   -> folder          the only door out
//! ```
//!
//! The order of the modules is who may use whom: a module uses those above it.
//! The library never prints, never exits, and has no state outside
//! [`Builder`](build::Builder).
//!
//! ```
//! use onrecord::build::{Builder, Settings};
//! use onrecord::read::snapshot::Snapshot;
//!
//! let snapshot = Snapshot::of([
//!     ("site.yaml", "title: The desk"),
//!     ("content/briefings/tax.md", "---\ntitle: Tax\ndate: 2025\n---\nNobody was quoted."),
//! ]);
//! let settings = Settings { now: 1_800_000_000, drafts: false, base_url: None, strict: false };
//! let pass = Builder::new(settings).pass(&snapshot).value.expect("nothing is wrong with it");
//! assert!(pass.plan.find("briefings/tax.html").is_some());
//! ```
#![warn(missing_docs)]
// What these name stands in clippy.toml. The program and the tests may do it.
#![cfg_attr(not(test), warn(clippy::disallowed_methods, clippy::disallowed_macros))]

pub mod bytes;
pub mod id;
pub mod path;
pub mod diagnostic;
pub mod fingerprint;
pub mod digest;
pub mod pointer;
pub mod date;
pub mod suggest;
pub mod shared;
pub mod made;
pub mod stage;
pub mod words;
pub mod model;
pub mod read;
pub mod parse;
pub mod map;
pub mod resolve;
pub mod plan;
pub mod draw;
pub mod view;
pub mod data;
#[cfg(feature = "search")]
pub mod search;
pub mod hosts;
pub mod render;
pub mod audit;
pub mod write;
pub mod deploy;
pub mod build;
