//! The pages of a pass, rendered: all of them for a build, those that have
//! changed for whoever keeps a site up to date.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use super::index::IndexFiles;
use super::lots::lots;
use super::{Pass, TOGETHER, levelled};
use crate::audit::{Audit, Seen};
use crate::data;
use crate::deploy::manifest::{Entry, Growing, MANIFEST, Manifest};
use crate::deploy::shard::{Anchor, MARKER, Part, Shard};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::plan::pages::{INDEX, Page, Plan, Subject};
use crate::read::disk;
use crate::read::snapshot::{Bytes, CONFIG_FILE};
use crate::stage::Stage;
use crate::view::note::SharedNotes;
use crate::view::wanted::{Ask, Wanted};
use crate::view::{self, View, frame};

/// What is remembered of a site as it was rendered last: for every page what
/// stands for its view and templates, for its bytes, and its links and anchors.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    pages: HashMap<String, (Fingerprint, Entry, Arc<Seen>)>,
    assets: BTreeMap<String, (Bytes, Entry)>,
    /// The files of the search index, by path; empty where it was not written.
    index: BTreeMap<String, Entry>,
    /// The manifest, where it was written.
    manifest: Option<Entry>,
    /// That of the pass, while it is the same.
    plan: Option<Arc<Plan>>,
}

/// What a pass has changed.
#[derive(Debug)]
pub struct Update {
    /// How many pages were rendered.
    pub rendered: usize,
    /// Files that the site no longer has, by path.
    pub removed: Vec<String>,
    /// What is wrong with the site as a whole. Empty where it was not finished.
    pub problems: Vec<Diagnostic>,
    /// Whether every page was looked at; false where it was told to stop.
    pub is_complete: bool,
    /// To be handed in the next time. Where the update is not complete, it
    /// knows of some pages as they are and of others as they were.
    pub rendered_now: Rendered,
}

/// Takes a file of the site: its path from the root, and its bytes.
pub type Sink<'a> = dyn Fn(&str, &[u8]) -> io::Result<()> + Sync + 'a;

impl Pass {
    /// How many files the site has; those of the search index are counted once
    /// it is made.
    #[must_use]
    pub fn files(&self) -> usize {
        let manifest = usize::from(self.site.config.manifest);
        self.plan.pages.len() + self.assets.len() + self.index.files() + manifest
    }

    /// Appends a page to `out`.
    ///
    /// # Errors
    ///
    /// The template does not fit the page's view; `out` is then as it was.
    pub fn render(&self, page: &Page, out: &mut Vec<u8>) -> Result<(), Box<Diagnostic>> {
        self.render_beside(page, None, out)
    }

    /// Renders a page as [`render`](Self::render) does, among others that show the
    /// same `notes`.
    fn render_beside(
        &self,
        page: &Page,
        notes: Option<&SharedNotes<'_>>,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        if let Subject::Data(file) = page.subject {
            self.observer.begins(Stage::Render);
            let before = out.len();
            return data::write(&self.site, file, out).map_err(|why| {
                out.truncate(before);
                Box::new(not_written(page, &why))
            });
        }
        let wanted = self.templates.wanted(page.template);
        // What does not fit is told beside all that there is.
        self.render_with(page, wanted, notes, out)
            .or_else(|_| self.render_with(page, Wanted::ALL, None, out))
    }

    fn render_with(
        &self,
        page: &Page,
        wanted: &Wanted,
        notes: Option<&SharedNotes<'_>>,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let view = self.view(page, wanted, notes)?;
        self.observer.begins(Stage::Render);
        self.templates
            .render(page.template, &view, wanted, out)
            .map_err(|problem| Box::new(while_rendering(page, *problem)))
    }

    /// What stands for a page: for its view and templates, or, where no template
    /// makes it, for its bytes, which are then in `scratch`; that is overwritten.
    fn fingerprint(
        &self,
        page: &Page,
        scratch: &mut Vec<u8>,
    ) -> Result<Fingerprint, Box<Diagnostic>> {
        if is_data(page) {
            scratch.clear();
            self.render(page, scratch)?;
            return Ok(Fingerprint::of(scratch));
        }
        let wanted = self.templates.wanted(page.template);
        let view = self.view(page, wanted, None)?;
        Ok(self.templates.of_page(page.template, &view, wanted))
    }

    /// What the template of a page may see, and wants.
    fn view<'a>(
        &'a self,
        page: &'a Page,
        wanted: &Wanted,
        notes: Option<&SharedNotes<'_>>,
    ) -> Result<View<'a>, Box<Diagnostic>> {
        self.observer.begins(Stage::View);
        let root = frame::root(&self.site, page);
        let failed = Cell::new(None);
        let draw = |item, html: &mut String| {
            if let Err(problem) = self.items.draw(&self.site, &self.templates, item, &root, html) {
                failed.set(Some(problem));
            }
        };
        let view = view::view(&self.site, &self.plan, page, &Ask { wanted, draw: &draw, notes });
        match failed.into_inner() {
            Some(problem) => Err(Box::new(while_rendering(page, *problem))),
            None => Ok(view),
        }
    }

    /// Renders every page and hands it, every asset, and the search index, to
    /// `sink`, in no particular order and from several threads, and the manifest
    /// of all of them last. `tick` is called after each page and asset. Nothing is
    /// kept of a page but its anchors and links, which are checked at the end, and
    /// its line of the manifest.
    ///
    /// # Errors
    ///
    /// What `sink` says, or the system when an asset is read.
    pub fn emit(&self, sink: &Sink<'_>, tick: &(dyn Fn() + Sync)) -> io::Result<Vec<Diagnostic>> {
        if !self.site.config.manifest {
            return Ok(self.emit_those(Shard::WHOLE, sink, tick)?.0);
        }
        let manifest = Growing::default();
        let noting = |path: &str, bytes: &[u8]| {
            manifest.note(path, bytes);
            sink(path, bytes)
        };
        let (problems, _) = self.emit_those(Shard::WHOLE, &noting, tick)?;
        self.observer.begins(Stage::Write);
        sink(MANIFEST, manifest.finished().to_json().as_bytes())?;
        self.observer.ends();
        Ok(problems)
    }

    /// Renders and hands on what belongs to one part of the site, otherwise as
    /// [`emit`](Self::emit), and in place of the manifest the file that says what
    /// the part is. `inputs` stands for the sources, see [`Snapshot::fingerprint`].
    /// The search index is one, and goes where `pagefind/` belongs.
    ///
    /// Whether pages of other parts have the anchors that this one's link to is
    /// left to whoever puts the parts together.
    ///
    /// # Errors
    ///
    /// As [`emit`](Self::emit).
    ///
    /// [`Snapshot::fingerprint`]: crate::read::snapshot::Snapshot::fingerprint
    pub fn emit_shard(
        &self,
        shard: Shard,
        inputs: Fingerprint,
        sink: &Sink<'_>,
        tick: &(dyn Fn() + Sync),
    ) -> io::Result<Vec<Diagnostic>> {
        let files = Growing::default();
        let noting = |path: &str, bytes: &[u8]| {
            files.note(path, bytes);
            sink(path, bytes)
        };
        let (problems, anchors) = self.emit_those(shard, &noting, tick)?;
        let part = Part {
            shard,
            site: self.identity(inputs).to_string(),
            has_manifest: self.site.config.manifest,
            files: files.finished(),
            anchors,
        };
        sink(MARKER, part.to_json().as_bytes())?;
        Ok(problems)
    }

    /// The pages of a part of the site, in their order.
    pub fn pages_of(&self, shard: Shard) -> impl Iterator<Item = &Page> {
        let is_whole = shard == Shard::WHOLE;
        self.plan.pages.iter().filter(move |page| is_whole || shard.has(&page.file()))
    }

    /// How many files a part of the site has, that which says what it is
    /// included; those of the search index are counted once it is made.
    #[must_use]
    pub fn files_of(&self, shard: Shard) -> usize {
        let pages = self.pages_of(shard).count();
        let assets = self.assets.keys().filter(|path| shard.has(path)).count();
        pages + assets + self.index.files() + 1
    }

    /// What stands for the site that is made of these sources by this program.
    fn identity(&self, inputs: Fingerprint) -> Fingerprint {
        let config = &self.site.config;
        let base_url = config.base_url.as_deref().unwrap_or_default();
        let urls = self.plan.pages.iter().map(|page| page.url.as_str());
        let assets = self.assets.keys().map(String::as_str);
        let drafts = if self.settings.drafts { "drafts" } else { "" };
        let texts = [env!("CARGO_PKG_VERSION"), base_url, drafts].into_iter();
        let all = texts.chain(urls).chain(assets);
        all.fold(inputs, |all, text| all.within(text.as_bytes()))
    }

    /// What belongs to one part, without what says so; what is wrong with it, and
    /// what it needs of other parts.
    fn emit_those(
        &self,
        shard: Shard,
        sink: &Sink<'_>,
        tick: &(dyn Fn() + Sync),
    ) -> io::Result<(Vec<Diagnostic>, Vec<Anchor>)> {
        let audit = self.audit(false);
        let pages: Vec<&Page> = self.pages_of(shard).collect();
        let index = || if shard.has(INDEX) { self.index() } else { Ok(IndexFiles::default()) };
        let (looked, index) = rayon::join(|| self.put_all(&pages, &audit, sink, tick), index);
        let mut looked = looked?;
        let not_indexed = match index {
            Ok(files) => {
                self.observer.begins(Stage::Write);
                files.par_iter().try_for_each(|(path, bytes)| sink(path, bytes))?;
                self.observer.ends();
                None
            }
            Err(problem) => Some(*problem),
        };
        let assets = self.assets.par_iter().filter(|(path, _)| shard.has(path));
        assets.try_for_each(|(path, bytes)| {
            self.observer.begins(Stage::Write);
            sink(path, &disk::bytes(bytes)?)?;
            self.observer.ends();
            tick();
            io::Result::Ok(())
        })?;
        let anchors = if shard == Shard::WHOLE {
            Vec::new()
        } else {
            elsewhere(&audit, &pages, &mut looked, &|path| shard.has(path))
        };
        let looked = pages.iter().copied().zip(looked.iter().map(borrowed));
        let mut problems = self.problems(&audit, looked);
        problems.extend(not_indexed);
        Ok((problems, anchors))
    }

    /// Renders these pages, hands them to `sink`, and says in their order what
    /// was seen on them.
    pub(super) fn put_all(
        &self,
        pages: &[&Page],
        audit: &Audit<'_>,
        sink: &Sink<'_>,
        tick: &(dyn Fn() + Sync),
    ) -> io::Result<Vec<Result<Seen, Box<Diagnostic>>>> {
        let wanted = |template| self.templates.wanted(template);
        let wanted = wanted("briefing.html").or(wanted("claim.html"));
        let put_lot = |html: &mut Vec<u8>, lot: &Vec<usize>| {
            let notes = SharedNotes::of(&wanted, &self.names);
            let put = |index: &usize| {
                let seen = self.put(pages[*index], Some(&notes), audit, html, sink)?;
                tick();
                Ok((*index, seen))
            };
            lot.iter().map(put).collect::<io::Result<Vec<_>>>()
        };
        let lots = lots(&self.site, pages);
        let made = lots.par_iter().with_max_len(1).map_init(Vec::new, put_lot);
        let mut looked: Vec<_> = pages.iter().map(|_| None).collect();
        for (index, seen) in made.collect::<io::Result<Vec<_>>>()?.into_iter().flatten() {
            looked[index] = Some(seen);
        }
        Ok(looked.into_iter().map(|seen| seen.expect("every page is in a lot")).collect())
    }

    /// Renders the pages whose view or templates are not those of `before`, and
    /// hands them to `sink` with the assets that are not the same; otherwise as
    /// [`emit`](Self::emit). Gives up when `stop` says so, which is asked before
    /// each page.
    ///
    /// # Errors
    ///
    /// What `sink` says, or the system when an asset is read.
    pub fn update(
        &self,
        before: &Rendered,
        sink: &Sink<'_>,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> io::Result<Update> {
        let audit = self.audit(true);
        let has_same_files = before.plan.as_ref().is_some_and(|plan| Arc::ptr_eq(plan, &self.plan))
            && before.assets.keys().eq(self.assets.keys());
        let rendered = AtomicUsize::new(0);
        type Looked = Option<(String, Fingerprint, Result<(Entry, Arc<Seen>), Box<Diagnostic>>)>;
        let looked: Vec<Looked> = self
            .plan
            .pages
            .par_iter()
            .with_max_len(TOGETHER)
            .map_init(Vec::new, |html, page| {
                if stop() {
                    return Ok(None);
                }
                let file = page.file();
                let fingerprint = match self.fingerprint(page, html) {
                    Ok(fingerprint) => fingerprint,
                    Err(problem) => {
                        return Ok(Some((file, self.templates.fingerprint(), Err(problem))));
                    }
                };
                if let Some((last, entry, seen)) = before.pages.get(&file)
                    && *last == fingerprint
                    && (has_same_files || audit.holds(seen))
                {
                    return Ok(Some((file, fingerprint, Ok((*entry, Arc::clone(seen))))));
                }
                rendered.fetch_add(1, Relaxed);
                let seen = if is_data(page) {
                    // Its bytes are what its fingerprint is of.
                    Ok(self.hand_on(page, &audit, html, sink)?)
                } else {
                    self.put(page, None, &audit, html, sink)?
                };
                let seen = seen.map(|seen| (Entry::of(html), Arc::new(seen)));
                io::Result::Ok(Some((file, fingerprint, seen)))
            })
            .collect::<io::Result<_>>()?;
        let is_complete = looked.iter().all(Option::is_some);
        let mut now = if is_complete { Rendered::default() } else { before.clone() };
        now.plan = is_complete.then(|| Arc::clone(&self.plan));
        if is_complete {
            now.assets.clear();
            for (path, bytes) in &self.assets {
                let known = before.assets.get(path).filter(|(last, _)| last == bytes);
                let entry = if let Some((_, entry)) = known {
                    *entry
                } else {
                    let read = disk::bytes(bytes)?;
                    sink(path, &read)?;
                    Entry::of(&read)
                };
                now.assets.insert(path.clone(), (bytes.clone(), entry));
            }
        }
        let problems = if is_complete {
            let seen = looked.iter().flatten().map(|(.., seen)| match seen {
                Ok((_, seen)) => Ok(&**seen),
                Err(problem) => Err(&**problem),
            });
            self.problems(&audit, self.plan.pages.iter().zip(seen))
        } else {
            Vec::new()
        };
        for (file, fingerprint, seen) in looked.into_iter().flatten() {
            // What failed is tried again.
            if let Ok((entry, seen)) = seen {
                now.pages.insert(file, (fingerprint, entry, seen));
            }
        }
        let removed = if is_complete { self.gone(before) } else { Vec::new() };
        let rendered = rendered.into_inner();
        Ok(Update { rendered, removed, problems, is_complete, rendered_now: now })
    }

    /// Adds what stands for the whole site, the search index and the manifest, to
    /// what [`update`](Self::update) has changed since `before`, and hands those
    /// files that are not the same to `sink`. For whoever keeps a folder; it takes
    /// long, and nobody else needs it then.
    ///
    /// # Errors
    ///
    /// What `sink` says.
    pub fn finish(
        &self,
        before: &Rendered,
        update: &mut Update,
        sink: &Sink<'_>,
    ) -> io::Result<()> {
        let files = match self.index() {
            Ok(files) => files,
            Err(problem) => {
                update.problems.push(*problem);
                return Ok(());
            }
        };
        let now = &mut update.rendered_now;
        now.index = files.iter().map(|(path, bytes)| (path.clone(), Entry::of(bytes))).collect();
        for (path, bytes) in files.iter() {
            if before.index.get(path) != now.index.get(path) {
                sink(path, bytes)?;
            }
        }
        let gone = before.index.keys().filter(|path| !now.index.contains_key(*path));
        update.removed.extend(gone.cloned());
        now.manifest = None;
        if self.site.config.manifest {
            let json = now.manifest().to_json();
            now.manifest = Some(Entry::of(json.as_bytes()));
            if now.manifest != before.manifest {
                sink(MANIFEST, json.as_bytes())?;
            }
        } else if before.manifest.is_some() {
            update.removed.push(MANIFEST.to_owned());
        }
        update.removed.sort_unstable();
        Ok(())
    }

    /// Files of the last site that this one does not have, in order.
    fn gone(&self, before: &Rendered) -> Vec<String> {
        let files = before.pages.keys().chain(before.assets.keys());
        let is_gone =
            |file: &&String| self.plan.page(file).is_none() && !self.assets.contains_key(*file);
        let mut gone: Vec<String> = files.filter(is_gone).cloned().collect();
        gone.sort_unstable();
        gone
    }

    pub(super) fn audit(&self, remembers: bool) -> Audit<'_> {
        Audit::new(&self.site, &self.plan, self.assets.keys().map(String::as_str), remembers)
    }

    /// Renders a page into `html`, hands it on, and looks at its links.
    fn put(
        &self,
        page: &Page,
        notes: Option<&SharedNotes<'_>>,
        audit: &Audit<'_>,
        html: &mut Vec<u8>,
        sink: &Sink<'_>,
    ) -> io::Result<Result<Seen, Box<Diagnostic>>> {
        html.clear();
        if let Err(problem) = self.render_beside(page, notes, html) {
            return Ok(Err(problem));
        }
        self.hand_on(page, audit, html, sink).map(Ok)
    }

    /// Hands a page on as it was rendered, and looks at its links.
    fn hand_on(
        &self,
        page: &Page,
        audit: &Audit<'_>,
        html: &[u8],
        sink: &Sink<'_>,
    ) -> io::Result<Seen> {
        self.observer.begins(Stage::Write);
        sink(&page.file(), html)?;
        self.observer.begins(Stage::Audit);
        let is_html = page.template.ends_with(".html");
        let seen = if is_html { audit.look(page, html) } else { Seen::default() };
        self.observer.ends();
        Ok(seen)
    }

    /// What is wrong with these pages, as they were rendered.
    pub(super) fn problems<'a>(
        &self,
        audit: &Audit<'_>,
        looked: impl Iterator<Item = (&'a Page, Result<&'a Seen, &'a Diagnostic>)>,
    ) -> Vec<Diagnostic> {
        let mut seen = Vec::new();
        let mut failed: BTreeMap<(Place, String), (Diagnostic, usize)> = BTreeMap::new();
        for (page, one) in looked {
            match one {
                Ok(one) => seen.push((page, one)),
                Err(problem) => {
                    let key = (problem.place.clone(), problem.message.clone());
                    failed.entry(key).or_insert_with(|| (problem.clone(), 0)).1 += 1;
                }
            }
        }
        let mut problems = Vec::new();
        if failed.is_empty() {
            problems.extend(audit.problems(&seen));
        }
        problems.extend(failed.into_values().map(|(problem, count)| match count {
            1 => problem,
            2 => problem.hint("and one more page"),
            n => problem.hint(format!("and {} more pages", n - 1)),
        }));
        levelled(problems, &self.site.config, self.settings.strict)
    }
}

/// Whether no template makes a page.
fn is_data(page: &Page) -> bool {
    matches!(page.subject, Subject::Data(_))
}

/// What was seen on a page, or why there is none.
pub(super) fn borrowed(looked: &Result<Seen, Box<Diagnostic>>) -> Result<&Seen, &Diagnostic> {
    looked.as_ref().map_err(|problem| &**problem)
}

fn not_written(page: &Page, why: &str) -> Diagnostic {
    let place = Place::file(&CONFIG_FILE.into());
    Diagnostic::error("no-data", place, format!("`{}` cannot be made: {why}", page.url))
}

/// Takes from what was seen on these pages the links to anchors of files that
/// are not `here`. Each anchor is told once, with the first page that needs it.
fn elsewhere(
    audit: &Audit<'_>,
    pages: &[&Page],
    looked: &mut [Result<Seen, Box<Diagnostic>>],
    here: &dyn Fn(&str) -> bool,
) -> Vec<Anchor> {
    let mut anchors: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for (page, seen) in pages.iter().zip(looked) {
        let Ok(seen) = seen else { continue };
        for (to, anchor, link) in audit.take_elsewhere(page, seen, here) {
            anchors.entry((to, anchor)).or_insert_with(|| (page.url.clone(), link));
        }
    }
    let told = anchors.into_iter();
    told.map(|((page, anchor), (from, link))| Anchor { page, anchor, from, link }).collect()
}

impl Rendered {
    fn manifest(&self) -> Manifest {
        let pages = self.pages.iter().map(|(path, (_, entry, _))| (path, entry));
        let assets = self.assets.iter().map(|(path, (_, entry))| (path, entry));
        let files = pages.chain(assets).chain(&self.index);
        Manifest {
            files: files.map(|(path, entry)| (path.clone(), *entry)).collect(),
            kept: BTreeMap::new(),
        }
    }
}

fn while_rendering(page: &Page, problem: Diagnostic) -> Diagnostic {
    problem.hint(format!("while rendering `{}`", page.url))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::Mutex;

    use crate::build::{Builder, Settings};
    use crate::read::disk;
    use crate::read::snapshot::{Snapshot, Source};
    use crate::view::wanted::Wanted;

    fn at(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    #[allow(clippy::disallowed_methods, reason = "a test reads the project's own files")]
    fn in_folder(folder: &str) -> impl Iterator<Item = PathBuf> {
        fs::read_dir(at(folder)).unwrap().map(|entry| entry.unwrap().path())
    }

    fn read(site: &Path) -> Snapshot {
        disk::read(site).unwrap().value
    }

    /// A site with these templates as its own.
    #[allow(clippy::disallowed_methods, reason = "a test reads the project's own files")]
    fn with_templates(site: &str, templates: &str) -> Snapshot {
        let mut snapshot = read(&at(site));
        for file in in_folder(templates) {
            let name = format!("templates/{}", file.file_name().unwrap().to_string_lossy());
            let source = Source::new(&name, &fs::read_to_string(&file).unwrap());
            snapshot.sources.insert(source.path.clone(), source);
        }
        snapshot
    }

    /// The demo in another theme.
    fn in_theme(theme: &str) -> Snapshot {
        let mut demo = read(&at(""));
        let config =
            demo.sources["site.yaml"].text.replace("theme: broadsheet", &format!("theme: {theme}"));
        let source = Source::new("site.yaml", &config);
        demo.sources.insert(source.path.clone(), source);
        demo
    }

    #[test]
    fn a_page_is_the_same_without_what_its_template_does_not_name_and_among_others() {
        let mut sites = vec![
            ("dossier", in_theme("dossier")),
            ("mirror", read(&at("tests/mirror"))),
            ("awkward", read(&at("tests/data/site"))),
            ("plain", with_templates("", "benches/plain")),
            ("demo", read(&at(""))),
        ];
        let small: Vec<PathBuf> = in_folder("tests/sites")
            .filter(|site| site.is_dir() && !site.ends_with("_templates"))
            .collect();
        sites.extend(small.iter().map(|site| ("small", read(site))));
        sites.extend(small.iter().map(|site| {
            let site = format!("tests/sites/{}", site.file_name().unwrap().to_string_lossy());
            ("small, with plain templates", with_templates(&site, "tests/sites/_templates"))
        }));
        let mut less = 0;
        for (name, snapshot) in sites {
            let settings =
                Settings { now: 1_742_558_400, drafts: false, base_url: None, strict: false };
            let pass = Builder::new(settings).pass(&snapshot);
            let pass = pass.value.unwrap_or_else(|| panic!("{name}: {:?}", pass.diagnostics));
            let emitted = Mutex::new(BTreeMap::new());
            let keep = |path: &str, bytes: &[u8]| {
                emitted.lock().unwrap().insert(path.to_owned(), bytes.to_owned());
                Ok(())
            };
            pass.emit(&keep, &|| ()).unwrap();
            let emitted = emitted.into_inner().unwrap();
            for page in &pass.plan.pages {
                if super::is_data(page) {
                    continue;
                }
                let made = |wanted| {
                    let mut html = Vec::new();
                    let made = pass.render_with(page, wanted, None, &mut html);
                    (html, made.is_ok())
                };
                let wanted = pass.templates.wanted(page.template);
                let alone = made(wanted);
                assert!(alone == made(Wanted::ALL), "{name}: {}", page.url);
                // What does not fit its template is not handed on.
                let among = emitted.get(&page.file()).map_or(&[][..], Vec::as_slice);
                assert!(alone.0 == among, "{name}: {} among others", page.url);
                less += usize::from(!wanted.has("no such field"));
            }
        }
        assert!(less > 500, "only {less} pages were made of less than all");
    }
}
