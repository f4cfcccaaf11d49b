//! What a template may see: plain data about one page.
//!
//! A view is a function of the site and its subject. Other entities appear in
//! it only as cards, so that editing a biography does not touch the thousand
//! pages that mention its subject. Addresses are relative to the site's root;
//! a template puts `page.root` before them.

pub mod briefing;
pub mod card;
pub mod claim;
pub mod frame;
pub mod home;
pub mod listing;
pub mod note;
pub mod page;
pub mod proposition;
pub mod source;
pub mod speaker;
pub mod territory;
pub mod topic;
