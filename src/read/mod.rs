//! The only door in: a folder becomes a [`Snapshot`](snapshot::Snapshot).

pub mod snapshot;
pub mod disk;
