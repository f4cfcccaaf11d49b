//! `onrecord init`: a small site to start from, and what builds it elsewhere.

mod ci;

use std::path::{Path, PathBuf};

use clap::Args;
use onrecord::read::snapshot::CONFIG_FILE;

use self::ci::Service;
use super::check::way_from_repository;
use super::{Failure, Outcome, files, schema, terminal};

/// Start a site in a new or an empty folder, or add what publishes one
///
/// The site is about a town that does not exist: one briefing with two speakers, to be read,
/// built and replaced. Its files say what can be written in them, and editors with a YAML
/// language server complete and check them by the schemas that come along.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord init my-desk
  onrecord build my-desk
  onrecord init my-desk --ci github      Publish it with GitHub Pages; docs/publishing.md says how")]
pub struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    /// Add files by which this service checks, builds and publishes the site
    ///
    /// In a folder that is a site already, these alone are written. No file is ever replaced.
    #[arg(long, value_name = "SERVICE")]
    ci: Option<Service>,

    /// Build the site in so many parts at the same time, and join them; with `--ci github`
    ///
    /// For records of which one machine takes too long. See docs/scale.md.
    #[arg(long, value_name = "N", requires = "ci", value_parser = clap::value_parser!(u32).range(2..=256))]
    shards: Option<u32>,
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
    let names = files::names_in(dir)?;
    if arguments.shards.is_some() && !matches!(arguments.ci, Some(Service::GitHub)) {
        return Err(Failure::new("`--shards` goes with `--ci github`")
            .hint("for other services, docs/scale.md says which commands make and join parts"));
    }
    let is_site = arguments.ci.is_some() && names.iter().any(|name| name == CONFIG_FILE);
    if !is_site {
        // A repository may have been made first.
        if let Some(name) = names.iter().find(|name| *name != ".git") {
            return Err(Failure::new(format!(
                "`{}` is not empty: `{}` is in it",
                dir.display(),
                name.display()
            ))
            .hint("name a new or an empty folder; nothing was changed"));
        }
        for (path, text) in FILES {
            let host = arguments.ci.and_then(Service::host).filter(|_| path == CONFIG_FILE);
            files::create(&dir.join(path), &with_host(text, host))?;
        }
        for (kind, text) in schema::all() {
            files::create(&dir.join(format!("schemas/{kind}.json")), &text)?;
        }
        let dir = dir.display();
        terminal::print(&format!(
            "a new site is in `{dir}`\n\
             build it with `onrecord build {dir}` and open `{dir}/public/index.html`\n"
        ))?;
    }
    if let Some(service) = arguments.ci {
        add(service, arguments.shards, dir)?;
        if let Some(host) = service.host().filter(|_| is_site) {
            terminal::print(&format!(
                "say `host: {host}` in `{CONFIG_FILE}`, if it does not yet\n"
            ))?;
        }
    }
    Ok(Outcome::Fine)
}

/// The settings of a new site, with the service that serves it.
fn with_host(settings: &str, host: Option<&str>) -> String {
    const BEFORE: &str = "# Its language;";
    match host {
        Some(host) => settings.replace(
            BEFORE,
            &format!("# The service that serves it, and is told how.\nhost: {host}\n\n{BEFORE}"),
        ),
        None => settings.to_owned(),
    }
}

/// Writes the files of a service; all of them or none.
fn add(service: Service, shards: Option<u32>, dir: &Path) -> Result<(), Failure> {
    let way = way_from_repository(dir);
    let added = service.files(way.trim_end_matches('/'), shards);
    for (path, _) in &added {
        let path = dir.join(path);
        if path.exists() || path.is_symlink() {
            return Err(Failure::new(format!("`{}` is there already", path.display()))
                .hint("move it away and run this again; nothing was changed")
                .hint("or run it in a new folder and take over what you need"));
        }
    }
    for (path, text) in &added {
        let path = dir.join(path);
        files::create(&path, text)?;
        terminal::print(&format!("{}\n", path.display()))?;
    }
    if !way.is_empty() {
        terminal::print(&format!(
            "`{}` lies below the top of its repository: move {} to the top\n",
            dir.display(),
            if added.len() == 1 { "this file" } else { "these files" }
        ))?;
    }
    Ok(())
}
