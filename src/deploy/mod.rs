//! What of a finished site has to travel to its host.
//!
//! - [`manifest`]: which files a site has, and what stands for their bytes.
//! - [`changes`]: what is to be uploaded and deleted, and in which order.
//! - [`shard`]: a site that is built in parts.

pub mod changes;
pub mod manifest;
pub mod shard;
