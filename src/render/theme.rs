//! The theme of a site: one of the site's own, or one that the program carries.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;

use super::embedded::{self, ThemeFiles};
use super::style_sheet::readdressed;
use super::template::TemplateSource;
use crate::diagnostic::{Checked, Diagnostic, Place};
use crate::digest::integrity;
use crate::fingerprint::Fingerprint;
use crate::model::config::Config;
use crate::parse::document::config_place;
use crate::pointer::Pointer;
use crate::read::snapshot::{Bytes, CONFIG_FILE, Snapshot};
use crate::suggest::nearest;

/// Where a theme's files are, from the site's root.
const ASSETS: &str = "assets/";
/// The shared script of the page to search, for themes that have none of their own.
const SEARCH_SCRIPT: &str = "search.js";
/// The shared script of pages that lead on to another.
const REDIRECT_SCRIPT: &str = "redirect.js";

/// What a theme brings to a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// Its templates, which win over the built-in ones.
    pub templates: Vec<TemplateSource>,
    /// Those of the theme that it builds on, which its own win over.
    pub base: Vec<TemplateSource>,
    /// Its files, by their path from the site's root.
    pub assets: BTreeMap<String, Bytes>,
    /// Its style sheets, from the site's root, in order: the base's come first.
    pub styles: Vec<String>,
    /// Its scripts, from the site's root, in order: the base's come first.
    pub scripts: Vec<String>,
    /// The script of the page to search, from the site's root; absent where the
    /// site is not searched.
    pub search_script: Option<String>,
    /// The script of pages that lead on to another, from the site's root.
    pub redirect_script: Option<String>,
    /// Its icon, from the site's root.
    pub icon: Option<String>,
    /// Where each of its files lies, from the site's root, by its path in the
    /// theme; those of the base are below the base's name.
    pub files: BTreeMap<String, String>,
    /// What the `integrity` attribute says of each style sheet and script, by
    /// their address from the site's root.
    pub integrity: BTreeMap<String, String>,
}

/// What `theme.yaml` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    #[allow(dead_code, reason = "a name for people")]
    name: Option<String>,
    #[allow(dead_code, reason = "a description for people")]
    description: Option<String>,
    base: Option<String>,
    #[serde(default)]
    styles: Vec<String>,
    #[serde(default)]
    scripts: Vec<String>,
    search_script: Option<String>,
    icon: Option<String>,
}

/// The theme that the settings name, on top of the one that it builds on. What is
/// not there is an error and brings nothing.
pub fn find(config: &Config, snapshot: &Snapshot) -> Checked<Theme> {
    let name = config.theme.as_str();
    let Some(mut files) = files(name, snapshot) else {
        let place = match snapshot.sources.get(CONFIG_FILE) {
            Some(source) => config_place(source, &Pointer::root().key("theme")),
            None => Place::file(&CONFIG_FILE.into()),
        };
        let problem = unknown(name, place, snapshot);
        return Checked { value: Theme::default(), diagnostics: vec![problem] };
    };
    let mut manifest = match manifest(&files) {
        Ok(manifest) => manifest,
        Err(problem) => return Checked { value: Theme::default(), diagnostics: vec![*problem] },
    };
    let mut theme = Theme::default();
    let mut problems = Vec::new();
    if let Some(base) = &manifest.base {
        match below(base, &files, snapshot) {
            Ok((mut files, mut manifest)) => {
                if !config.searches() {
                    leave_search_out(&mut files, &mut manifest);
                }
                let folder = format!("assets/{base}/");
                dress(&mut theme, &files, &manifest, &folder, &mut problems);
                theme.base = files.templates;
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if !config.searches() {
        leave_search_out(&mut files, &mut manifest);
    }
    dress(&mut theme, &files, &manifest, ASSETS, &mut problems);
    if config.searches() && theme.search_script.is_none() {
        theme.search_script =
            embedded::shared(SEARCH_SCRIPT).map(|bytes| theme.put(SEARCH_SCRIPT, &bytes));
    }
    theme.redirect_script =
        embedded::shared(REDIRECT_SCRIPT).map(|bytes| theme.put(REDIRECT_SCRIPT, &bytes));
    theme.templates = files.templates;
    Checked { value: theme, diagnostics: problems }
}

/// Takes out of a theme the script of a page that the site does not have.
fn leave_search_out(files: &mut ThemeFiles, manifest: &mut Manifest) {
    let script = manifest.search_script.take();
    let is_shown = |path: &String| manifest.scripts.contains(path);
    files.assets.retain(|(path, _)| Some(path) != script.as_ref() || is_shown(path));
}

/// The theme called `base`, which that of `files` builds on.
fn below(
    base: &str,
    files: &ThemeFiles,
    snapshot: &Snapshot,
) -> Result<(ThemeFiles, Manifest), Box<Diagnostic>> {
    let place = Place::file(&manifest_path(&files.name));
    // A site's theme may build on the program's of the same name.
    let found =
        if base == files.name { embedded::theme(base) } else { self::files(base, snapshot) };
    let found = found.ok_or_else(|| Box::new(unknown(base, place.clone(), snapshot)))?;
    let manifest = manifest(&found)?;
    match manifest.base {
        None => Ok((found, manifest)),
        Some(further) => Err(Box::new(
            Diagnostic::error(
                "bad-theme",
                place,
                format!("the theme `{base}` builds on `{further}`, so no other can build on it"),
            )
            .hint(format!("build on `{further}`, and copy what you need of `{base}`")),
        )),
    }
}

/// The site's own theme of this name, or the one that the program carries.
fn files(name: &str, snapshot: &Snapshot) -> Option<ThemeFiles> {
    if snapshot.sources.contains_key(&manifest_path(name)) {
        Some(own(name, snapshot))
    } else {
        embedded::theme(name)
    }
}

fn manifest_path(name: &str) -> Arc<str> {
    format!("themes/{name}/theme.yaml").into()
}

fn unknown(name: &str, place: Place, snapshot: &Snapshot) -> Diagnostic {
    let mut names = embedded::theme_names();
    names.extend(snapshot.sources.keys().filter_map(|path| {
        path.strip_prefix("themes/")?.strip_suffix("/theme.yaml").map(str::to_owned)
    }));
    names.sort();
    names.dedup();
    Diagnostic::error("unknown-theme", place, format!("there is no theme `{name}`"))
        .maybe_hint(
            nearest(name, names.iter().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?")),
        )
        .hint(format!("there is {}; one of your own goes into `themes/{name}/`", names.join(", ")))
}

fn manifest(files: &ThemeFiles) -> Result<Manifest, Box<Diagnostic>> {
    match serde_yaml::from_str::<Option<Manifest>>(&files.manifest) {
        Ok(manifest) => Ok(manifest.unwrap_or_default()),
        Err(error) => {
            let at = error.location().map_or(0, |at| at.index().min(files.manifest.len()));
            Err(Box::new(
                Diagnostic::error(
                    "bad-theme",
                    Place::new(&manifest_path(&files.name), at..at),
                    format!("this is no description of a theme: {error}"),
                )
                .hint(
                    "it has the fields `name`, `description`, `base`, `styles`, `scripts`, `search_script`, `icon`",
                ),
            ))
        }
    }
}

/// Puts files into the theme under the addresses that pages use, in `folder`. Each
/// carries a fingerprint in its name, so that a browser never shows an old one and
/// may keep it for ever.
fn dress(
    theme: &mut Theme,
    files: &ThemeFiles,
    manifest: &Manifest,
    folder: &str,
    problems: &mut Vec<Diagnostic>,
) {
    let mut all: BTreeMap<String, Cow<'_, [u8]>> = BTreeMap::new();
    // Where a file lies, by what `theme.yaml` calls it.
    let mut named: BTreeMap<&str, String> = BTreeMap::new();
    for (path, bytes) in &files.assets {
        all.insert(format!("{folder}{path}"), Cow::Borrowed(bytes));
        named.insert(path, format!("{folder}{path}"));
    }
    let pages = manifest.styles.iter().chain(&manifest.scripts).chain(&manifest.icon);
    for path in pages.chain(&manifest.search_script) {
        if let Some(bytes) = embedded::shared(path).filter(|_| !named.contains_key(&**path)) {
            all.insert(format!("{ASSETS}{path}"), bytes);
            named.insert(path, format!("{ASSETS}{path}"));
        }
    }
    let mut naming = Naming { all: &all, theme, named: BTreeSet::new(), open: Vec::new() };
    for plain in all.keys() {
        if let Err(circle) = naming.address(plain) {
            let place = Place::file(&manifest_path(&files.name));
            let words = format!("the style sheets import each other: {circle}");
            problems.push(Diagnostic::error("bad-theme", place, words));
            break;
        }
    }
    let mut address_of = |theme: &Theme, path: &String| {
        let plain = named.get(&**path);
        if plain.is_none() {
            let place = Place::file(&manifest_path(&files.name));
            problems.push(
                Diagnostic::error("bad-theme", place, format!("the theme has no file `{path}`"))
                    .maybe_hint(
                        nearest(path, named.keys().copied())
                            .map(|near| format!("did you mean `{near}`?")),
                    ),
            );
        }
        theme.files.get(plain?.strip_prefix(ASSETS)?).cloned()
    };
    for (names, is_style) in [(&manifest.styles, true), (&manifest.scripts, false)] {
        for path in names {
            let address = address_of(theme, path);
            let all = if is_style { &mut theme.styles } else { &mut theme.scripts };
            // What both themes share is there once.
            all.extend(address.filter(|address| !all.contains(address)));
        }
    }
    let script = manifest.search_script.iter().find_map(|path| address_of(theme, path));
    theme.search_script = script.or(theme.search_script.take());
    let icon = manifest.icon.iter().find_map(|path| address_of(theme, path));
    theme.icon = icon.or(theme.icon.take());
}

/// Gives files their addresses. A style sheet's depends on those of the files that
/// it names, which come first.
struct Naming<'a> {
    /// By their path from the site's root, without fingerprints.
    all: &'a BTreeMap<String, Cow<'a, [u8]>>,
    theme: &'a mut Theme,
    /// Those of `all` that have theirs. One of the base may have the same name.
    named: BTreeSet<String>,
    /// Style sheets that wait for what they name.
    open: Vec<String>,
}

impl Naming<'_> {
    /// The address of a file; `None` where the theme has none at this path, and
    /// an error where style sheets name each other in a circle.
    fn address(&mut self, plain: &str) -> Result<Option<String>, String> {
        let Some(name) = plain.strip_prefix(ASSETS) else { return Ok(None) };
        let known = || self.theme.files.get(name).cloned();
        let Some(bytes) = self.all.get(plain) else { return Ok(known()) };
        if self.named.contains(plain) {
            return Ok(known());
        }
        if self.open.iter().any(|open| open == plain) {
            return Err(self.open.join(", "));
        }
        let css = str::from_utf8(bytes).ok().filter(|_| plain.ends_with(".css"));
        let bytes = match css {
            None => Cow::Borrowed(&**bytes),
            Some(css) => {
                self.open.push(plain.to_owned());
                let mut circle = None;
                let css = readdressed(css, |address| match self.readdressed(plain, address) {
                    Ok(new) => new,
                    Err(found) => {
                        circle = Some(found);
                        None
                    }
                });
                self.open.pop();
                circle.map_or(Ok(()), Err)?;
                Cow::Owned(css.into_bytes())
            }
        };
        self.named.insert(plain.to_owned());
        Ok(Some(self.theme.put(name, &bytes)))
    }

    /// The new address of a file that the style sheet at `plain` names.
    fn readdressed(&mut self, plain: &str, address: &str) -> Result<Option<String>, String> {
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let (path, more) = address.split_at(end);
        if path.is_empty() || path.starts_with('/') || path.contains(':') {
            return Ok(None);
        }
        let mut steps: Vec<&str> = plain.split('/').collect();
        steps.pop();
        let folder = steps.clone();
        for step in path.split('/') {
            match step {
                "." | "" => {}
                ".." if steps.pop().is_none() => return Ok(None),
                ".." => {}
                name => steps.push(name),
            }
        }
        let Some(new) = self.address(&steps.join("/"))? else { return Ok(None) };
        let new: Vec<&str> = new.split('/').collect();
        let alike = folder.iter().zip(&new).take_while(|(one, other)| one == other).count();
        let up = "../".repeat(folder.len() - alike);
        Ok(Some(format!("{up}{}{more}", new[alike..].join("/"))))
    }
}

impl Theme {
    /// Adds a file under a name of its own: `style.css` becomes
    /// `assets/style.1a2b3c4d.css`.
    fn put(&mut self, name: &str, bytes: &[u8]) -> String {
        let address = format!("{ASSETS}{}", marked(name, bytes));
        if address.ends_with(".css") || address.ends_with(".js") {
            self.integrity.insert(address.clone(), integrity(bytes));
        }
        self.assets.insert(address.clone(), Bytes::Memory(bytes.into()));
        self.files.insert(name.to_owned(), address.clone());
        address
    }

    /// Where its files lie, in order.
    #[must_use]
    pub fn addresses(&self) -> Vec<&str> {
        self.assets.keys().map(String::as_str).collect()
    }

    /// Takes out the script of pages that the site does not have.
    pub fn leave_redirects_out(&mut self) {
        if let Some(script) = self.redirect_script.take() {
            self.assets.remove(&script);
            self.integrity.remove(&script);
            self.files.retain(|_, address| *address != script);
        }
    }
}

/// `style.css` as `style.1a2b3c4d.css`.
fn marked(path: &str, bytes: &[u8]) -> String {
    let mark = Fingerprint::of(bytes).short();
    let (folder, name) = path.split_at(path.rfind('/').map_or(0, |slash| slash + 1));
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{folder}{stem}.{mark}.{ending}"),
        None => format!("{folder}{name}.{mark}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "title: Harbour\ntheme: harbour\n";

    fn found<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Checked<Theme> {
        let snapshot = Snapshot::of([("site.yaml", SITE)].into_iter().chain(files));
        let config = Config { theme: "harbour".to_owned(), ..Config::default() };
        find(&config, &snapshot)
    }

    /// A theme as `theme.yaml` describes it, with a style sheet.
    fn harbour(manifest: &str) -> Checked<Theme> {
        found([("themes/harbour/theme.yaml", manifest), ("themes/harbour/style.css", "a {}")])
    }

    /// Addresses without their fingerprints.
    fn plain(addresses: &[String]) -> Vec<String> {
        let plain = |address: &String| {
            let parts: Vec<&str> = address.split('.').collect();
            format!("{}.{}", parts[0], parts[parts.len() - 1])
        };
        addresses.iter().map(plain).collect()
    }

    fn messages(problems: &[Diagnostic]) -> Vec<&str> {
        problems.iter().map(|problem| &*problem.message).collect()
    }

    #[test]
    fn a_theme_stands_on_its_own() {
        let theme = harbour("styles: [style.css]\n").value;
        assert_eq!(plain(&theme.styles), ["assets/style.css"]);
        assert_eq!((theme.scripts.len(), theme.base.len()), (0, 0));
    }

    #[test]
    fn what_a_theme_builds_on_comes_first() {
        let theme = harbour("base: broadsheet\nstyles: [style.css]\n").value;
        let styles = plain(&theme.styles);
        let (first, last) = (&*styles[0], &**styles.last().unwrap());
        assert_eq!([first, last], ["assets/broadsheet/style.css", "assets/style.css"]);
        assert!(plain(&theme.scripts).contains(&"assets/reader.js".to_owned()));
        assert_eq!(plain(theme.icon.as_slice()), ["assets/broadsheet/icon.svg"]);
        assert!(theme.styles.iter().all(|style| theme.assets.contains_key(style)));
    }

    #[test]
    fn templates_of_what_a_theme_builds_on_are_a_layer_of_their_own() {
        let theme = harbour("base: dossier\n").value;
        assert!(theme.base.iter().any(|template| template.name == "components.html"));
        assert_eq!(theme.templates, []);
    }

    #[test]
    fn a_site_s_theme_may_build_on_the_program_s_of_the_same_name() {
        let snapshot = Snapshot::of([
            ("themes/broadsheet/theme.yaml", "base: broadsheet\nstyles: [a.css]\n"),
            ("themes/broadsheet/a.css", "a {}"),
        ]);
        let theme = find(&Config::default(), &snapshot);
        assert_eq!(theme.diagnostics, []);
        let styles = plain(&theme.value.styles);
        assert_eq!(
            [&*styles[0], styles.last().unwrap()],
            ["assets/broadsheet/style.css", "assets/a.css"]
        );
    }

    #[test]
    fn a_script_that_themes_share_is_there_once() {
        let theme = harbour("base: broadsheet\nscripts: [reader.js]\n").value;
        let readers = theme.scripts.iter().filter(|script| script.contains("reader"));
        assert_eq!(readers.count(), 1);
        let own = found([
            ("themes/harbour/theme.yaml", "base: broadsheet\nscripts: [reader.js]\n"),
            ("themes/harbour/reader.js", "1"),
        ]);
        let readers = own.value.scripts.iter().filter(|script| script.contains("reader"));
        assert_eq!(readers.count(), 2);
    }

    #[test]
    fn what_a_theme_builds_on_has_to_be_there_and_to_build_on_nothing() {
        let problems = harbour("base: broadshet\n").diagnostics;
        assert_eq!(messages(&problems), ["there is no theme `broadshet`"]);
        let problems = found([
            ("themes/harbour/theme.yaml", "base: quay\n"),
            ("themes/quay/theme.yaml", "base: broadsheet\n"),
        ])
        .diagnostics;
        let wanted = "the theme `quay` builds on `broadsheet`, so no other can build on it";
        assert_eq!(messages(&problems), [wanted]);
    }

    #[test]
    fn a_site_that_is_searched_has_a_script_for_it() {
        if !Config::default().searches() {
            return; // The program was made without.
        }
        let searched = find(&Config::default(), &Snapshot::default()).value;
        assert_eq!(plain(searched.search_script.as_slice()), ["assets/search.js"]);
        assert!(searched.assets.contains_key(&searched.search_script.unwrap()));
        let own = "search_script: find.js\n";
        let files = [("themes/harbour/theme.yaml", own), ("themes/harbour/find.js", "1")];
        assert_eq!(plain(found(files).value.search_script.as_slice()), ["assets/find.js"]);
    }

    #[test]
    fn what_a_style_sheet_names_has_its_fingerprint_too() {
        let theme = |font: &str| {
            found([
                ("themes/harbour/theme.yaml", "base: broadsheet\nstyles: [css/style.css]\n"),
                ("themes/harbour/css/style.css", "@import 'more.css';a{src:url(../f/a.woff2#x)}"),
                ("themes/harbour/css/more.css", "b{src:url(../broadsheet/icon.svg)url(/x)url(no)}"),
                ("themes/harbour/f/a.woff2", font),
            ])
        };
        let (one, other) = (theme("1").value, theme("2").value);
        let text = |theme: &Theme, name: &str| {
            let address = &theme.files[name];
            let Bytes::Memory(bytes) = &theme.assets[address] else { panic!("{address}") };
            assert_eq!(theme.integrity[address], integrity(bytes));
            (address.clone(), String::from_utf8(bytes.to_vec()).unwrap())
        };
        let (address, style) = text(&one, "css/style.css");
        assert_eq!(one.styles.last(), Some(&address));
        let font = one.files["f/a.woff2"].strip_prefix("assets/f/").unwrap();
        assert!(style.contains(&format!("url(../f/{font}#x)")) && font.len() > 10, "{style}");
        let (more, imported) = text(&one, "css/more.css");
        assert!(style.contains(&format!("@import '{}'", &more["assets/css/".len()..])), "{style}");
        let icon = &one.files["broadsheet/icon.svg"]["assets/".len()..];
        assert_eq!(imported, format!("b{{src:url(../{icon})url(/x)url(no)}}"));
        // Another font is another style sheet, and no other file.
        assert_ne!(address, other.files["css/style.css"]);
        assert_eq!(more, other.files["css/more.css"]);
    }

    #[test]
    fn style_sheets_may_not_import_each_other() {
        let problems = found([
            ("themes/harbour/theme.yaml", ""),
            ("themes/harbour/a.css", "@import 'b.css';"),
            ("themes/harbour/b.css", "@import 'a.css';"),
        ])
        .diagnostics;
        let wanted = "the style sheets import each other: assets/a.css, assets/b.css";
        assert_eq!(messages(&problems), [wanted]);
    }

    #[test]
    fn a_file_that_is_named_has_to_be_there() {
        let problems = harbour("styles: [stile.css]\n").diagnostics;
        assert_eq!(messages(&problems), ["the theme has no file `stile.css`"]);
    }
}
