//! The program `onrecord`: see `onrecord --help`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
