//! `onrecord init`: a small site to start from.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, Outcome, files, schema, terminal};

/// Start a site in a new or an empty folder
///
/// The site is about a town that does not exist: one briefing with two speakers, to be read,
/// built and replaced. Its files say what can be written in them, and editors with a YAML
/// language server complete and check them by the schemas that come along.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  onrecord init my-desk
  onrecord build my-desk")]
pub struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Every file of the new site but the schemas.
const FILES: [(&str, &str); 9] = [
    ("site.yaml", include_str!("init/site.yaml")),
    (".gitignore", include_str!("init/gitignore")),
    (".vscode/settings.json", include_str!("init/settings.json")),
    ("content/briefings/a-tax-on-cruise-ships.md", include_str!("init/briefing.md")),
    ("content/pages/about.md", include_str!("init/about.md")),
    ("content/sources/council-minutes.md", include_str!("init/source.md")),
    ("content/speakers/ada-lindholm.md", include_str!("init/speaker.md")),
    ("content/territories/norhaven.md", include_str!("init/territory.md")),
    ("content/topics/harbours.md", include_str!("init/topic.md")),
];

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let dir = &arguments.dir;
    // A repository may have been made first.
    if let Some(name) = files::names_in(dir)?.iter().find(|name| *name != ".git") {
        return Err(Failure::new(format!(
            "`{}` is not empty: `{}` is in it",
            dir.display(),
            name.display()
        ))
        .hint("name a new or an empty folder; nothing was changed"));
    }
    for (path, text) in FILES {
        files::create(&dir.join(path), text)?;
    }
    for (kind, text) in schema::all() {
        files::create(&dir.join(format!("schemas/{kind}.json")), &text)?;
    }
    let dir = dir.display();
    terminal::print(&format!(
        "a new site is in `{dir}`\n\
         build it with `onrecord build {dir}` and open `{dir}/public/index.html`\n"
    ))?;
    Ok(Outcome::Fine)
}
