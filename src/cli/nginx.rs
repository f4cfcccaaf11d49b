//! `onrecord nginx`: how nginx is to serve the site.

use std::io;

use clap::Args;
use onrecord::hosts;

use super::report::{Format, summary};
use super::site::{Reading, SiteArguments};
use super::{Failure, Outcome, terminal};

/// Print settings for nginx
///
/// They say what each kind of file is sent with, among it a strict content security policy,
/// and where pages are now that had another id. Nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  onrecord nginx > /etc/nginx/snippets/record.conf    Then `include` it in the `server`")]
pub struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let site = arguments.site.at_one_instant()?;
    let reading = Reading::of(&site)?;
    let Some(pass) = &reading.pass else {
        let problems = reading.report(Format::Human, terminal::has_colour(&io::stderr()));
        terminal::say(&format!("{problems}{}\n", summary(&reading.problems)));
        return Ok(Outcome::ContentHasErrors);
    };
    terminal::print(&hosts::nginx(&pass.site, &pass.plan))?;
    Ok(Outcome::Fine)
}
