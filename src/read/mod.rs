//! The only door in: a folder becomes a [`Snapshot`](snapshot::Snapshot).

pub mod disk;
pub mod snapshot;
