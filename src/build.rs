//! The pass as a whole, and the memory between two passes.
//!
//! [`Builder::pass`] takes a snapshot to a site, its plan and its templates;
//! [`Pass::emit`] renders all of its pages, [`Pass::update`] those that have
//! changed. A builder remembers, by content, how each file was understood, how
//! the files were joined, and the templates; a pass that remembers equals one
//! that does not.

mod assets;
mod emit;
pub mod index;
mod items;
mod lots;
mod page;
mod paths;
pub mod sample;
pub mod update;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use assets::assets;
use index::{Index, LastIndex};
use items::Items;
use paths::check_paths;

use crate::diagnostic::{Checked, Diagnostic, Place, Severity, in_order};
use crate::fingerprint::{ByName, Fingerprint};
use crate::map::sphere::Outline;
use crate::map::{geojson, ground};
use crate::model::config::{CAN_SEARCH, CAN_WRITE_SQLITE, Config, LintLevel};
use crate::parse::document::{self, Document};
use crate::plan::pages::{Plan, Subject, plan};
use crate::pointer::Pointer;
use crate::read::snapshot::{Bytes, CONFIG_FILE, CONTENT, GEO, Snapshot, Source, TEMPLATES};
use crate::render::template::{TemplateSource, Templates};
use crate::render::texts;
use crate::render::theme::{self, Theme};
use crate::resolve::join::resolve;
use crate::resolve::publication::Terms;
use crate::resolve::site::Site;
use crate::stage::{Observer, Stage};
use crate::view::frame::{SiteView, site_view};
use crate::view::named::SharedNames;
use crate::words::Words;

/// How many texts or pages a thread takes on at a time. Left to itself, rayon
/// hands out quarters on two cores; those with the most work in them take
/// longest, and a thread had nothing to do for a third of a build.
const TOGETHER: usize = 32;

/// What a build depends on besides the site's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The one "now", in seconds since 1970.
    pub now: i64,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// An address to use in place of the one in `site.yaml`.
    pub base_url: Option<String>,
    /// Whether warnings are errors.
    pub strict: bool,
}

/// Makes passes, and remembers what it can use in the next one.
#[derive(Debug)]
pub struct Builder {
    settings: Settings,
    observer: Observer,
    understood: HashMap<Arc<str>, (Fingerprint, Understood), ByName>,
    joined: Option<Joined>,
    outlines: HashMap<Arc<str>, (Fingerprint, Checked<Arc<Outline>>)>,
    dressed: Option<Dressed>,
    indexed: LastIndex,
}

/// A file's document, and what is wrong with the file.
#[derive(Debug, Clone)]
struct Understood {
    document: Option<Arc<Document>>,
    problems: Arc<[Diagnostic]>,
}

/// How documents were joined.
#[derive(Debug)]
struct Joined {
    config: Arc<Config>,
    words: Arc<Words>,
    terms: Terms,
    /// In the order of their paths.
    documents: Vec<Arc<Document>>,
    site: Site,
    plan: Arc<Plan>,
    problems: Arc<[Diagnostic]>,
    /// What was found wrong with links to paths, and the files that were there.
    paths: Option<(Vec<String>, Vec<Diagnostic>)>,
}

/// Templates, and what they were made of.
#[derive(Debug)]
struct Dressed {
    own: Vec<TemplateSource>,
    theme: Vec<TemplateSource>,
    base: Vec<TemplateSource>,
    words: Arc<Words>,
    global: SiteView,
    templates: Arc<Templates>,
}

/// Takes a file of the site: its path from the root, and its bytes.
pub type Sink<'a> = dyn Fn(&str, &[u8]) -> io::Result<()> + Sync + 'a;

/// A site that can be rendered. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The site.
    pub site: Site,
    /// Its pages.
    pub plan: Arc<Plan>,
    /// Files that are passed on as they are, by their path from the site's root.
    pub assets: BTreeMap<String, Bytes>,
    /// The theme's style sheets, from the site's root, as pages link to them.
    pub styles: Vec<String>,
    /// What stands for the content of the theme's style sheets and scripts in
    /// pages, by their address.
    pub integrity: BTreeMap<String, String>,
    templates: Arc<Templates>,
    items: Arc<Items>,
    names: Arc<SharedNames>,
    index: Arc<Index>,
    settings: Settings,
    observer: Observer,
}

impl Builder {
    /// A builder that remembers nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let observer = Observer::default();
        Self {
            settings,
            observer,
            understood: HashMap::default(),
            joined: None,
            outlines: HashMap::new(),
            dressed: None,
            indexed: LastIndex::default(),
        }
    }

    /// Tells this observer of the stages from now on, of those of its passes
    /// too.
    #[must_use]
    pub fn observed_by(self, observer: Observer) -> Self {
        Self { observer, ..self }
    }

    /// Takes this for the one "now" from the next pass on.
    pub fn set_now(&mut self, now: i64) {
        self.settings.now = now;
    }

    /// Reads, joins and plans. There is no pass where something is wrong; the
    /// problems are all that could be found, in the order of the text.
    pub fn pass(&mut self, snapshot: &Snapshot) -> Checked<Option<Pass>> {
        let mut problems = Vec::new();
        let config = Arc::new(self.config(snapshot, &mut problems));
        self.observer.begins(Stage::Parse);
        let documents = self.understand(snapshot, &mut problems);
        self.observer.ends();
        for path in &snapshot.strays {
            problems.push(
                Diagnostic::warning(
                    "stray-file",
                    Place::file(path),
                    if path.starts_with(CONTENT) {
                        "only Markdown is read from `content/`"
                    } else {
                        "only GeoJSON is read from `geo/`: files that end in `.geojson`"
                    },
                )
                .hint("move the file to `static/`, from where it is passed on as it is"),
            );
        }
        let mut theme = theme::find(&config, snapshot).unpack(&mut problems);
        let own: Vec<TemplateSource> = snapshot.below(TEMPLATES).map(template_source).collect();
        let (own, texts) = texts::divide(own, &mut theme);
        let words = Words::new(&config.language, &texts).unpack(&mut problems);
        let outlines = self.outlines(snapshot, &mut problems);
        let check = |document: &Arc<Document>| ground::check(document, &outlines);
        problems.par_extend(documents.par_iter().flat_map_iter(check));
        let (mut site, plan) = self.join(&config, Arc::new(words), documents, &mut problems);
        let grounds: Vec<_> =
            site.territories.iter().map(|t| ground::ground(&t.facts, &outlines)).collect();
        site.grounds = grounds.into();
        if !plan.pages.iter().any(|page| matches!(page.subject, Subject::Redirect(_))) {
            theme.leave_redirects_out();
        }
        let assets = assets(snapshot, &theme, &site, &plan, &mut problems);
        let styles = theme.styles.clone();
        let integrity = theme.integrity.clone();
        let (templates, (items, names)) = rayon::join(
            || self.templates(own, &site, theme, &mut problems),
            || (Arc::new(Items::of(&site)), Arc::new(SharedNames::of(&site))),
        );
        problems.extend(self.broken_paths(&site, &plan, &assets, snapshot));
        let problems = levelled(problems, &config, self.settings.strict);
        let is_fine = problems.iter().all(|p| p.severity != Severity::Error);
        let value = match templates {
            Some(templates) if is_fine => {
                let settings = self.settings.clone();
                let observer = self.observer.clone();
                let index = Arc::new(Index::new(&self.indexed));
                Some(Pass {
                    site,
                    plan,
                    assets,
                    styles,
                    integrity,
                    templates,
                    items,
                    names,
                    index,
                    settings,
                    observer,
                })
            }
            _ => None,
        };
        Checked { value, diagnostics: problems }
    }

    /// The documents, joined, and the pages that they make. Where none bears on
    /// the others in another way than in the last pass, that pass's site takes
    /// over the new texts; but not where a problem lies in one of them, whose
    /// place may have moved.
    fn join(
        &mut self,
        config: &Arc<Config>,
        words: Arc<Words>,
        documents: Vec<Arc<Document>>,
        problems: &mut Vec<Diagnostic>,
    ) -> (Site, Arc<Plan>) {
        let terms = Terms { now: self.settings.now, drafts: self.settings.drafts };
        let last = self.joined.take();
        let again = last.and_then(|last| {
            let newer = newer(&last.documents, &documents)?;
            let is_alike = (&*last.config, &*last.words) == (&**config, &*words)
                && last.terms.decide_as(terms, &documents);
            let is_clean = newer.iter().all(|d| !last.problems.iter().any(|p| is_about(p, d)));
            let is_in_place = newer.iter().all(|d| stays_in_place(&last.site, &last.plan, d));
            let paths = last
                .paths
                .filter(|(_, found)| newer.iter().all(|d| !found.iter().any(|p| is_about(p, d))));
            (is_alike && is_clean && is_in_place).then(|| {
                let site = if newer.is_empty() { last.site } else { last.site.with(&newer) };
                (site, last.plan, last.problems, paths)
            })
        });
        let (site, plan, found, paths) = again.unwrap_or_else(|| {
            let mut found = Vec::new();
            self.observer.begins(Stage::Resolve);
            let site = resolve(config, &words, &documents, terms).unpack(&mut found);
            self.observer.begins(Stage::Plan);
            let plan = plan(&site).unpack(&mut found);
            self.observer.ends();
            (site, Arc::new(plan), found.into(), None)
        });
        problems.extend(found.iter().cloned());
        self.joined = Some(Joined {
            config: Arc::clone(config),
            words,
            terms,
            documents,
            site: site.clone(),
            plan: Arc::clone(&plan),
            problems: found,
            paths,
        });
        (site, plan)
    }

    /// The outlines in the site's GeoJSON files. A file that was seen before is
    /// not read again.
    fn outlines(&mut self, snapshot: &Snapshot, problems: &mut Vec<Diagnostic>) -> ground::Files {
        let mut before = std::mem::take(&mut self.outlines);
        let mut outlines = ground::Files::new();
        for source in snapshot.below(GEO) {
            let known = before.remove(&source.path).filter(|(f, _)| *f == source.fingerprint);
            let (_, read) = known.unwrap_or_else(|| {
                let Checked { value, diagnostics } = geojson::outline(source);
                (source.fingerprint, Checked { value: Arc::new(value), diagnostics })
            });
            problems.extend(read.diagnostics.iter().cloned());
            outlines.insert(Arc::clone(&source.path), Arc::clone(&read.value));
            self.outlines.insert(Arc::clone(&source.path), (source.fingerprint, read));
        }
        outlines
    }

    /// Links of texts and of the menu to addresses from the site's root that
    /// are not there; those of the last pass where nothing they depend on is
    /// another.
    fn broken_paths(
        &mut self,
        site: &Site,
        plan: &Plan,
        assets: &BTreeMap<String, Bytes>,
        snapshot: &Snapshot,
    ) -> Vec<Diagnostic> {
        let known = self.joined.as_ref().and_then(|joined| joined.paths.as_ref());
        if let Some((_, found)) = known.filter(|(files, _)| files.iter().eq(assets.keys())) {
            return found.clone();
        }
        let mut found = Vec::new();
        check_paths(site, plan, assets, snapshot, &mut found);
        if let Some(joined) = &mut self.joined {
            joined.paths = Some((assets.keys().cloned().collect(), found.clone()));
        }
        found
    }

    /// The templates; those of the last pass where they are made of the same.
    fn templates(
        &mut self,
        own: Vec<TemplateSource>,
        site: &Site,
        theme: Theme,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Arc<Templates>> {
        let mut global = site_view(site, theme.styles, theme.scripts, theme.icon);
        global.search_script = theme.search_script;
        global.redirect_script = theme.redirect_script;
        global.files = theme.files;
        if site.config.has_integrity() {
            global.integrity = theme.integrity;
        }
        global.drafts = self.settings.drafts;
        let words = &site.words;
        if let Some(last) = &self.dressed
            && (&last.own, &last.theme, &last.base) == (&own, &theme.templates, &theme.base)
            && last.global == global
            && last.words == *words
        {
            return Some(Arc::clone(&last.templates));
        }
        let layers = [&*own, &theme.templates, &theme.base];
        let templates = Templates::new(layers, words, &global).unpack(problems);
        let templates = Arc::new(templates?);
        self.dressed = Some(Dressed {
            own,
            theme: theme.templates,
            base: theme.base,
            words: Arc::clone(words),
            global,
            templates: Arc::clone(&templates),
        });
        Some(templates)
    }

    fn config(&self, snapshot: &Snapshot, problems: &mut Vec<Diagnostic>) -> Config {
        let Some(source) = snapshot.sources.get(CONFIG_FILE) else {
            problems.push(
                Diagnostic::error(
                    "no-config",
                    Place::file(&CONFIG_FILE.into()),
                    "there is no `site.yaml` here",
                )
                .hint("run `onrecord init DIR` to start a site, or go to the folder that has one"),
            );
            return Config::default();
        };
        let mut config = document::parse_config(source).unpack(problems);
        let mut fault = |code, way: &[&'static str], message: String, hint: String| {
            let at = way.iter().fold(Pointer::root(), |at, key| at.key(*key));
            let place = document::config_place(source, &at);
            problems.push(Diagnostic::error(code, place, message).hint(hint));
        };
        let mut without = |code, way: &[&'static str], what: &str, feature: &str| {
            let hint = format!("build it with the feature `{feature}`, or leave this field out");
            fault(code, way, format!("this program was built without {what}"), hint);
        };
        if config.search == Some(true) && !CAN_SEARCH {
            without("no-search", &["search"], "the search", "search");
        }
        if config.data.sqlite && !CAN_WRITE_SQLITE {
            without("no-sqlite", &["data", "sqlite"], "SQLite", "sqlite");
        }
        if let Some(base_url) = &self.settings.base_url {
            config.base_url = Some(format!("{}/", base_url.trim_end_matches('/')));
        }
        let data = &config.data;
        for (key, is_wanted) in [("annotations", data.annotations), ("relations", data.relations)] {
            if is_wanted && config.base_url.is_none() {
                let message = format!("`{key}` names things by their absolute addresses");
                let hint = "say in `base_url` where the site is published, or pass `--base-url`";
                fault("no-base-url", &["data", key], message, hint.to_owned());
            }
        }
        config
    }

    /// The documents of a snapshot. Files whose content was seen before are not
    /// parsed again; files that are gone are forgotten.
    fn understand(
        &mut self,
        snapshot: &Snapshot,
        problems: &mut Vec<Diagnostic>,
    ) -> Vec<Arc<Document>> {
        let mut before = std::mem::take(&mut self.understood);
        let sources: Vec<(&Source, Option<Understood>)> = snapshot
            .below(CONTENT)
            .map(|source| {
                let known = before.remove(&source.path).filter(|(f, _)| *f == source.fingerprint);
                (source, known.map(|(_, understood)| understood))
            })
            .collect();
        let all: Vec<(&Source, Understood)> = sources
            .into_par_iter()
            .with_max_len(TOGETHER)
            .map(|(source, known)| (source, known.unwrap_or_else(|| understand(source))))
            .collect();
        let mut documents = Vec::with_capacity(all.len());
        self.understood.reserve(all.len());
        for (source, understood) in all {
            problems.extend(understood.problems.iter().cloned());
            documents.extend(understood.document.clone());
            self.understood.insert(Arc::clone(&source.path), (source.fingerprint, understood));
        }
        documents
    }
}

/// The documents that are not those of the last pass; `None` where there are
/// others, or one bears on the others in another way. Both are in the order of
/// their paths.
fn newer(last: &[Arc<Document>], now: &[Arc<Document>]) -> Option<Vec<Arc<Document>>> {
    if last.len() != now.len() {
        return None;
    }
    let pairs: Vec<_> =
        last.iter().zip(now).filter(|(last, now)| !Arc::ptr_eq(last, now)).collect();
    let is_alike = pairs
        .par_iter()
        .all(|(last, now)| last.source.path == now.source.path && last.bearing() == now.bearing());
    is_alike.then(|| pairs.into_iter().map(|(_, now)| Arc::clone(now)).collect())
}

/// Whether the claims of a newer version of a document stand on the same pages
/// of archives, where their words decide that.
fn stays_in_place(site: &Site, plan: &Plan, newer: &Document) -> bool {
    let (Some(facts), Some(b)) = (newer.briefing(), site.names.briefings.one(newer.id.as_str()))
    else {
        return true;
    };
    site.briefings[b as usize].claims.iter().filter(|c| plan.is_by_words(**c)).all(|claim| {
        let number = site.claims[*claim as usize].number as usize;
        facts.claims.get(number).is_some_and(|new| new.text == site.facts(*claim).text)
    })
}

/// Whether a problem lies in a document, or points into it.
fn is_about(problem: &Diagnostic, document: &Document) -> bool {
    let mut places = problem.related.iter().map(|(place, _)| place).chain([&problem.place]);
    places.any(|place| place.path == document.source.path)
}

fn understand(source: &Source) -> Understood {
    let Checked { value, diagnostics } = document::parse(source);
    Understood { document: value.map(Arc::new), problems: diagnostics.into() }
}

fn template_source(source: &Source) -> TemplateSource {
    let name = source.path.strip_prefix("templates/").unwrap_or(&source.path);
    TemplateSource {
        path: Arc::clone(&source.path),
        name: name.to_owned(),
        text: Arc::clone(&source.text),
    }
}

/// Problems at the level that the settings give them, in order.
fn levelled(problems: Vec<Diagnostic>, config: &Config, strict: bool) -> Vec<Diagnostic> {
    let levelled = problems.into_iter().filter_map(|mut problem| {
        if problem.severity == Severity::Warning {
            match config.lints.get(problem.code) {
                Some(LintLevel::Allow) => return None,
                Some(LintLevel::Deny) => problem.severity = Severity::Error,
                Some(LintLevel::Warn) | None => {}
            }
            if strict {
                problem.severity = Severity::Error;
            }
        }
        Some(problem)
    });
    in_order(levelled.collect())
}
