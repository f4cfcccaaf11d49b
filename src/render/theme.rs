//! The theme of a site: one of the site's own, or one that the program carries.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::embedded::{self, ThemeFiles};
use super::template::TemplateSource;
use crate::diagnostic::{Checked, Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::model::config::Config;
use crate::parse::document::config_place;
use crate::pointer::Pointer;
use crate::read::snapshot::{Bytes, CONFIG_FILE, Snapshot};
use crate::suggest::nearest;

/// What the program's own script for the page to search is called in a theme
/// that has none.
const SEARCH_SCRIPT: &str = "onrecord-search.js";

/// What a theme brings to a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// Its templates, which win over the built-in ones.
    pub templates: Vec<TemplateSource>,
    /// Its files, by their path from the site's root.
    pub assets: BTreeMap<String, Bytes>,
    /// Its style sheets, from the site's root, in order.
    pub styles: Vec<String>,
    /// Its scripts, from the site's root, in order.
    pub scripts: Vec<String>,
    /// The script of the page to search, from the site's root.
    pub search_script: Option<String>,
    /// Its icon, from the site's root.
    pub icon: Option<String>,
}

/// What `theme.yaml` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[allow(dead_code, reason = "a name for people")]
    name: Option<String>,
    #[allow(dead_code, reason = "a description for people")]
    description: Option<String>,
    #[serde(default)]
    styles: Vec<String>,
    #[serde(default)]
    scripts: Vec<String>,
    search_script: Option<String>,
    icon: Option<String>,
}

/// The theme that the settings name. A theme that is not there is an error and
/// gives an empty one.
pub fn find(config: &Config, snapshot: &Snapshot) -> Checked<Theme> {
    let name = config.theme.as_str();
    let manifest_path: Arc<str> = format!("themes/{name}/theme.yaml").into();
    let own = snapshot.sources.contains_key(&manifest_path).then(|| own(name, snapshot));
    let Some(files) = own.or_else(|| embedded::theme(name)) else {
        let mut names = embedded::theme_names();
        names.extend(snapshot.sources.keys().filter_map(|path| {
            path.strip_prefix("themes/")?.strip_suffix("/theme.yaml").map(str::to_owned)
        }));
        names.sort();
        names.dedup();
        let place = match snapshot.sources.get(CONFIG_FILE) {
            Some(source) => config_place(source, &Pointer::root().key("theme")),
            None => Place::file(&CONFIG_FILE.into()),
        };
        let problem =
            Diagnostic::error("unknown-theme", place, format!("there is no theme `{name}`"))
                .maybe_hint(
                    nearest(name, names.iter().map(String::as_str))
                        .map(|near| format!("did you mean `{near}`?")),
                )
                .hint(format!(
                    "there is {}; one of your own goes into `themes/{name}/`",
                    names.join(", ")
                ));
        return Checked { value: Theme::default(), diagnostics: vec![problem] };
    };
    let manifest: Manifest = match serde_yaml::from_str::<Option<Manifest>>(&files.manifest) {
        Ok(manifest) => manifest.unwrap_or_default(),
        Err(error) => {
            let at = error.location().map_or(0, |at| at.index().min(files.manifest.len()));
            let problem = Diagnostic::error(
                "bad-theme",
                Place::new(&manifest_path, at..at),
                format!("this is no description of a theme: {error}"),
            )
            .hint("it has the fields `name`, `description`, `styles`, `scripts`, `search_script`, `icon`");
            return Checked { value: Theme::default(), diagnostics: vec![problem] };
        }
    };
    dressed(files, manifest, &manifest_path, config.searches())
}

/// The theme's files under the addresses that pages use. What pages name
/// carries a fingerprint in its name, so that a browser never shows an old one.
///
/// Where the site is `searched` and the theme has no script for that, it gets
/// the program's; where it is not, that script is left out.
fn dressed(
    mut files: ThemeFiles,
    mut manifest: Manifest,
    manifest_path: &Arc<str>,
    searched: bool,
) -> Checked<Theme> {
    if !searched {
        let script = manifest.search_script.take();
        let is_shown = |path: &String| manifest.scripts.contains(path);
        files.assets.retain(|(path, _)| Some(path) != script.as_ref() || is_shown(path));
    } else if manifest.search_script.is_none() {
        files.assets.retain(|(path, _)| path != SEARCH_SCRIPT);
        files.assets.extend(embedded::search_script().map(|own| (SEARCH_SCRIPT.to_owned(), own)));
        manifest.search_script = Some(SEARCH_SCRIPT.to_owned());
    }
    let mut theme = Theme { templates: files.templates, ..Theme::default() };
    let mut problems = Vec::new();
    let mut addresses: BTreeMap<String, String> = BTreeMap::new();
    let named: Vec<&String> = manifest
        .styles
        .iter()
        .chain(&manifest.scripts)
        .chain(&manifest.icon)
        .chain(&manifest.search_script)
        .collect();
    for (path, bytes) in &files.assets {
        let address =
            if named.contains(&path) { marked(path, bytes) } else { format!("assets/{path}") };
        theme.assets.insert(address.clone(), Bytes::Memory(bytes.as_ref().into()));
        addresses.insert(path.clone(), address);
    }
    let mut address_of = |path: &String| {
        let address = addresses.get(path).cloned();
        if address.is_none() {
            let place = Place::file(manifest_path);
            problems.push(
                Diagnostic::error("bad-theme", place, format!("the theme has no file `{path}`"))
                    .maybe_hint(
                        nearest(path, addresses.keys().map(String::as_str))
                            .map(|near| format!("did you mean `{near}`?")),
                    ),
            );
        }
        address
    };
    theme.styles = manifest.styles.iter().filter_map(&mut address_of).collect();
    theme.scripts = manifest.scripts.iter().filter_map(&mut address_of).collect();
    theme.search_script = manifest.search_script.iter().find_map(&mut address_of);
    theme.icon = manifest.icon.iter().find_map(&mut address_of);
    Checked { value: theme, diagnostics: problems }
}

/// `style.css` as `assets/style.1a2b3c4d.css`.
fn marked(path: &str, bytes: &[u8]) -> String {
    let mark = Fingerprint::of(bytes).short();
    match path.rsplit_once('.') {
        Some((stem, ending)) => format!("assets/{stem}.{mark}.{ending}"),
        None => format!("assets/{path}.{mark}"),
    }
}

/// A theme in the site's own folder.
fn own(name: &str, snapshot: &Snapshot) -> ThemeFiles {
    let folder = format!("themes/{name}");
    let mut files = ThemeFiles {
        name: name.to_owned(),
        manifest: "".into(),
        templates: Vec::new(),
        assets: Vec::new(),
    };
    for source in snapshot.below(&folder) {
        let inside = &source.path[folder.len() + 1..];
        if inside == "theme.yaml" {
            files.manifest = Arc::clone(&source.text);
        } else if let Some(template) = inside.strip_prefix("templates/") {
            files.templates.push(TemplateSource {
                path: Arc::clone(&source.path),
                name: template.to_owned(),
                text: Arc::clone(&source.text),
            });
        } else {
            files.assets.push((inside.to_owned(), Cow::Owned(source.text.as_bytes().to_vec())));
        }
    }
    for (path, bytes) in &snapshot.theme_files {
        if let Some(inside) = path.strip_prefix(&*folder).and_then(|rest| rest.strip_prefix('/')) {
            files.assets.push((inside.to_owned(), Cow::Owned(bytes.to_vec())));
        }
    }
    files
}
