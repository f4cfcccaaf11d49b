//! The program `onrecord`: see `onrecord --help`.

mod cli;

/// A pass makes millions of small texts, and most of them on another thread
/// than the one that drops them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
