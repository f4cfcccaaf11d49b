//! Briefings, speakers, claims, territories and the rest, joined into one
//! [`Site`](site::Site).
//!
//! This is the only stage that sees all documents at once. It checks that
//! every reference leads somewhere and builds the reverse lists; it does not
//! decide which pages exist (see [`plan`](crate::plan)).

pub mod names;
pub mod site;
pub mod publication;
pub mod entities;
pub mod links;
pub mod standing;
pub mod same_words;
mod order;
pub mod join;
mod enter;
mod references;
mod doubts;
