//! Facts as they are written: what a front matter can say of each kind of
//! entity, in its long form, without back references.
//!
//! Beside every struct stands its [`Shape`](shape::Shape): the table of its
//! fields from which front matter is checked, the JSON Schema is made and the
//! reference is printed. Short forms are turned into long ones by the parser.

pub mod briefing;
pub mod claim;
pub mod config;
pub mod page;
pub mod proposition;
pub mod selector;
pub mod shape;
pub mod source;
pub mod speaker;
pub mod territory;
pub mod topic;

pub mod schema;
