//! The program around the library: what it asks for and what it prints.
//!
//! Arguments become a command, a command an exit code: 0 where all is fine, 1
//! where the content has errors, 2 where the command was wrongly used or the
//! machine failed. Only here is anything printed, or the environment and the
//! clock looked at.

mod build;
mod check;
mod completions;
mod diff;
mod files;
mod init;
mod join;
mod links;
mod live;
mod man;
mod new;
mod nginx;
mod now;
mod progress;
pub mod report;
mod schema;
mod serve;
mod server;
mod shown;
mod site;
mod terminal;
mod timings;
mod verify;
mod watch;
mod watcher;

use std::fmt;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Put every claim on the record: a static site generator for annotated briefings.
#[derive(Debug, Parser)]
#[command(
    name = "onrecord",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  onrecord init my-desk              Start a site in a new folder
  onrecord build my-desk             Build it into my-desk/public
  onrecord serve my-desk --open      Look at it while you write
  onrecord new speaker \"Jane Doe\"    Add a speaker to the site in this folder
  onrecord check --format short      Look for problems without building

Exit codes: 0 fine, 1 the content has errors, 2 wrong use or a failure of the machine."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Arguments),
    Check(check::Arguments),
    Completions(completions::Arguments),
    Diff(diff::Arguments),
    Init(init::Arguments),
    Join(join::Arguments),
    Links(links::Arguments),
    Man(man::Arguments),
    New(new::Arguments),
    Nginx(nginx::Arguments),
    Schema(schema::Arguments),
    Serve(serve::Arguments),
    Watch(watch::Arguments),
}

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All is fine.
    Fine,
    /// The content has errors, and they have been reported.
    ContentHasErrors,
}

/// Why a command could not do its work.
#[derive(Debug)]
struct Failure {
    message: String,
    hints: Vec<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hints: Vec::new() }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", report::visible(&self.message))?;
        self.hints.iter().try_for_each(|hint| writeln!(f, "  = hint: {}", report::visible(hint)))
    }
}

/// Runs the command that the arguments ask for.
pub fn run() -> ExitCode {
    // Wrong arguments end the program here, with exit code 2.
    let result = match Arguments::parse().command {
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Join(arguments) => join::run(&arguments),
        Command::Links(arguments) => links::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Nginx(arguments) => nginx::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
    };
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::ContentHasErrors) => ExitCode::from(1),
        Err(failure) => {
            terminal::say(&failure.to_string());
            ExitCode::from(2)
        }
    }
}
