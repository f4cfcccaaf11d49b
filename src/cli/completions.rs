//! `onrecord completions`: what a shell completes after `onrecord`.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::{Failure, Outcome, terminal};

/// Print what a shell needs to complete commands and options
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord completions bash > ~/.local/share/bash-completion/completions/onrecord
  onrecord completions zsh > ~/.zfunc/_onrecord
  onrecord completions fish > ~/.config/fish/completions/onrecord.fish
  onrecord completions powershell >> $PROFILE
  onrecord completions elvish >> ~/.config/elvish/rc.elv")]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut super::Arguments::command(), "onrecord", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Fine)
}
