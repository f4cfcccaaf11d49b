//! The templates and themes that the program carries with it.

use std::borrow::Cow;
use std::sync::Arc;

use rust_embed::RustEmbed;

use super::template::TemplateSource;
use super::texts::language;
use crate::words::TextsFile;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct BuiltIn;

#[derive(RustEmbed)]
#[folder = "themes/"]
struct Themes;

/// The files of a theme, its own folder being the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFiles {
    /// Its folder's name.
    pub name: String,
    /// What its `theme.yaml` says, as written.
    pub manifest: Arc<str>,
    /// Its templates, which win over the built-in ones.
    pub templates: Vec<TemplateSource>,
    /// All its other files, by path, in order: style sheets, scripts, icons.
    pub assets: Vec<(String, Cow<'static, [u8]>)>,
}

/// The built-in templates, in the order of their names.
#[must_use]
pub fn sources() -> Vec<TemplateSource> {
    built_in(false)
        .map(|(name, text)| TemplateSource {
            path: format!("built-in templates/{name}").into(),
            name: name.to_string(),
            text,
        })
        .collect()
}

/// The built-in texts of each language.
#[must_use]
pub fn texts() -> Vec<TextsFile> {
    built_in(true)
        .filter_map(|(name, text)| {
            let path = format!("built-in templates/{name}").into();
            Some(TextsFile { path, language: language(&name)?.to_owned(), text })
        })
        .collect()
}

/// Built-in files in the order of their names: those of texts, or the others.
fn built_in(texts: bool) -> impl Iterator<Item = (Cow<'static, str>, Arc<str>)> {
    let mut names: Vec<_> =
        BuiltIn::iter().filter(|name| language(name).is_some() == texts).collect();
    names.sort();
    names.into_iter().filter_map(|name| {
        let text = text(&BuiltIn::get(&name)?.data);
        Some((name, text))
    })
}

/// The theme of this name, if the program carries one.
#[must_use]
pub fn theme(name: &str) -> Option<ThemeFiles> {
    let folder = format!("{name}/");
    let mut files = ThemeFiles {
        name: name.to_owned(),
        manifest: text(&Themes::get(&format!("{name}/theme.yaml"))?.data),
        templates: Vec::new(),
        assets: Vec::new(),
    };
    let mut paths: Vec<_> = Themes::iter().collect();
    paths.sort();
    for path in &paths {
        let Some(inside) = path.strip_prefix(&folder) else { continue };
        let Some(file) = Themes::get(path) else { continue };
        if let Some(template) = inside.strip_prefix("templates/") {
            files.templates.push(TemplateSource {
                path: format!("theme {name}: {inside}").into(),
                name: template.to_owned(),
                text: text(&file.data),
            });
        } else if inside != "theme.yaml" {
            files.assets.push((inside.to_owned(), file.data));
        }
    }
    Some(files)
}

/// A file that themes share, such as the script that makes reading easier. A theme
/// that names it and has none of that name is given this one.
#[must_use]
pub fn shared(path: &str) -> Option<Cow<'static, [u8]>> {
    Some(Themes::get(&format!("shared/{path}"))?.data)
}

/// The names of the themes that the program carries, in order.
#[must_use]
pub fn theme_names() -> Vec<String> {
    let mut names: Vec<String> = Themes::iter()
        .filter_map(|path| path.strip_suffix("/theme.yaml").map(ToOwned::to_owned))
        .filter(|name| !name.contains('/'))
        .collect();
    names.sort();
    names
}

fn text(bytes: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_theme_is_there_with_its_style_sheet() {
        assert!(theme_names().contains(&"broadsheet".to_owned()));
        let theme = theme("broadsheet").unwrap();
        assert!(theme.manifest.contains("name: broadsheet"));
        assert!(theme.assets.iter().any(|(path, _)| path == "style.css"));
        assert_eq!(super::theme("broad"), None);
    }

    #[test]
    fn what_themes_share_is_no_theme() {
        assert!(shared("reader.js").is_some());
        assert_eq!(shared("style.css"), None);
        assert!(!theme_names().contains(&"shared".to_owned()));
    }

    #[test]
    fn built_in_templates_are_found_by_name() {
        let sources = sources();
        assert!(sources.iter().any(|s| s.name == "briefing.html"));
        assert!(sources.is_sorted_by_key(|s| s.name.clone()));
    }
}
