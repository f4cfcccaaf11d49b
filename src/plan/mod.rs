//! Which pages there are: address, template, subject. What a page says is for
//! [`view`](crate::view) to find out, one page at a time.

pub mod route;
pub mod shelf;
pub mod lists;
pub mod data;
pub mod faults;
pub mod pages;
