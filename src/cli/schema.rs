//! `onrecord schema`: the front matter as JSON Schema, for editors.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;
use onrecord::model::schema::{KINDS, schema, schema_of_all};
use serde_json::Value;

use super::{Failure, Outcome, files, terminal};

/// Print the JSON Schema of the front matter
///
/// For editors that complete and check YAML. `onrecord init` puts the schemas into the site it
/// makes; run this again after an update.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord schema briefing               The front matter of a briefing
  onrecord schema                        All kinds in one schema
  onrecord schema --output schemas       One file for each kind, as editors want them")]
pub struct Arguments {
    /// Of this kind of file; `site` is `site.yaml`
    #[arg(value_name = "KIND", value_parser = PossibleValuesParser::new(KINDS.map(|s| s.name)))]
    kind: Option<String>,

    /// Write KIND.json into this folder, for every kind if none is named
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let wanted = |name: &str| arguments.kind.as_deref().is_none_or(|kind| kind == name);
    if let Some(folder) = &arguments.output {
        for (name, text) in all().into_iter().filter(|(name, _)| wanted(name)) {
            let path = folder.join(format!("{name}.json"));
            files::replace(&path, &text)?;
            terminal::print(&format!("{}\n", shown(&path)))?;
        }
        return Ok(Outcome::Fine);
    }
    let one = KINDS.iter().find(|shape| arguments.kind.as_deref() == Some(shape.name));
    terminal::print(&pretty(&one.map_or_else(schema_of_all, |shape| schema(shape))))?;
    Ok(Outcome::Fine)
}

/// Every kind's name and schema.
pub fn all() -> Vec<(&'static str, String)> {
    KINDS.iter().map(|shape| (shape.name, pretty(&schema(shape)))).collect()
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
