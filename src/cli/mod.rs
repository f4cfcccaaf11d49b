//! The program around the library: what it asks for and what it prints.

pub mod report;
