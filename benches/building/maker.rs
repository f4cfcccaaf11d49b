//! Those that make sites of a record, and what they are told to do.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::corpus::Corpus;

/// The programs that are measured.
#[derive(Args)]
pub struct Programs {
    /// Another onrecord to be measured than the one that is built with this
    #[arg(long, value_name = "PROGRAM", value_parser = program)]
    program: Option<PathBuf>,

    /// Hugo's program, to be measured beside ours
    #[arg(long, value_name = "PROGRAM", value_parser = program)]
    hugo: Option<PathBuf>,

    /// Zola's program, to be measured beside ours
    #[arg(long, value_name = "PROGRAM", value_parser = program)]
    zola: Option<PathBuf>,
}

/// A program by its path, which is the same wherever it is run, or by its name.
fn program(text: &str) -> io::Result<PathBuf> {
    if Path::new(text).components().count() == 1 { Ok(text.into()) } else { fs::canonicalize(text) }
}

/// What makes a site of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Maker {
    /// onrecord with its default theme
    Default,
    /// onrecord with templates that print the same facts as those for the peers, and little else
    Plain,
    /// Hugo
    Hugo,
    /// Zola
    Zola,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Build,
    Again,
    Check,
    /// The floor.
    Writing,
    Watch,
    Serve,
}

impl Maker {
    pub fn id(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Plain => "plain",
            Self::Hugo => "hugo",
            Self::Zola => "zola",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default theme",
            Self::Plain => "plain templates",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
        }
    }

    pub fn is_ours(self) -> bool {
        matches!(self, Self::Default | Self::Plain)
    }

    /// Its program, if that is to be measured.
    pub fn program(self, programs: &Programs) -> Option<&Path> {
        let ours =
            || programs.program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_onrecord").as_ref());
        match self {
            Self::Default | Self::Plain => Some(ours()),
            Self::Hugo => programs.hugo.as_deref(),
            Self::Zola => programs.zola.as_deref(),
        }
    }

    /// Writes the record to a new or empty folder, with the templates.
    pub fn make(self, folder: &Path, record: &Corpus) -> io::Result<()> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(self.id());
        match self {
            Self::Default => record.write_to(folder),
            Self::Plain => {
                record.write_to(folder)?;
                // The peers publish no data, and these templates print none.
                let settings = folder.join("site.yaml");
                let written = fs::read_to_string(&settings)?;
                fs::write(&settings, written + "data: {json_ld: false, feeds: false}\n")?;
                copy(&here, &folder.join("templates"))
            }
            Self::Hugo => {
                record.write_for_hugo(folder)?;
                copy(&here, folder)
            }
            Self::Zola => {
                record.write_for_zola(folder)?;
                copy(&here, folder)
            }
        }
    }

    /// What to run in the folder of the site; nothing where it has no such
    /// command.
    pub fn command(self, action: Action, programs: &Programs) -> Option<Command> {
        let mut command = Command::new(self.program(programs)?);
        match self {
            Self::Default | Self::Plain => {
                command.args(match action {
                    Action::Build => &["build", "--timings"][..],
                    Action::Again => &["build"],
                    Action::Check => &["check"],
                    Action::Watch => &["watch"],
                    Action::Serve => &["serve"],
                    Action::Writing => return None,
                });
                command.args(["--as-of", "2026-06-01"]);
            }
            Self::Hugo => {
                command.args(match action {
                    Action::Build | Action::Again => &["build"][..],
                    Action::Watch => &["build", "--watch"],
                    Action::Serve => &["server", "--disableLiveReload"],
                    Action::Check | Action::Writing => return None,
                });
            }
            Self::Zola => {
                command.args(match action {
                    Action::Build | Action::Again => &["build", "--force"][..],
                    Action::Serve => &["serve", "--fast"],
                    Action::Check | Action::Writing | Action::Watch => return None,
                });
            }
        }
        Some(command)
    }
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Again => "build again",
            Self::Check => "check",
            Self::Writing => "only writing",
            Self::Watch => "edit to written",
            Self::Serve => "edit to served",
        }
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let path = to.join(entry.path().strip_prefix(from).expect("it lies below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(path)?;
        } else {
            fs::copy(entry.path(), path)?;
        }
    }
    Ok(())
}
