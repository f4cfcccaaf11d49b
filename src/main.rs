#[cfg(feature = "cli")]
#[allow(dead_code, reason = "the commands that report are still to come")]
mod cli;

fn main() {}
