//! `onrecord man`: the manual pages, made from what `--help` says.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::{Failure, Outcome, files, terminal};

/// Print the manual page, or write those of all commands into a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord man | man -l -                Read it
  onrecord man --output ~/.local/share/man/man1")]
pub struct Arguments {
    /// Write `onrecord.1`, `onrecord-build.1` and so on into this folder
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let Some(folder) = &arguments.output else {
        terminal::print(&page(super::Arguments::command())?)?;
        return Ok(Outcome::Fine);
    };
    let mut program = super::Arguments::command().disable_help_subcommand(true);
    // Gives each command its long name, `onrecord-build`.
    program.build();
    let commands = program.get_subcommands().cloned();
    for command in std::iter::once(program.clone()).chain(commands) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let path = folder.join(format!("{name}.1"));
        files::replace(&path, &page(command)?)?;
        terminal::print(&format!("{}\n", path.display()))?;
    }
    Ok(Outcome::Fine)
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
