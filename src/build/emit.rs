//! The pages of a pass, all of them, or those of a part of the site.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;

use super::index::IndexFiles;
use super::lots::lots;
use super::{Pass, Sink, levelled};
use crate::audit::{Audit, Seen};
use crate::deploy::manifest::{Growing, MANIFEST};
use crate::deploy::shard::{Anchor, MARKER, Part, Shard};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::plan::pages::{INDEX, Page};
use crate::read::disk;
use crate::stage::Stage;
use crate::view::note::SharedNotes;

impl Pass {
    /// How many files the site has; those of the search index are counted once
    /// it is made.
    #[must_use]
    pub fn files(&self) -> usize {
        let manifest = usize::from(self.site.config.manifest);
        self.plan.pages.len() + self.assets.len() + self.index.files() + manifest
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

    pub(super) fn audit(&self, remembers: bool) -> Audit<'_> {
        Audit::new(&self.site, &self.plan, self.assets.keys().map(String::as_str), remembers)
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

/// What was seen on a page, or why there is none.
pub(super) fn borrowed(looked: &Result<Seen, Box<Diagnostic>>) -> Result<&Seen, &Diagnostic> {
    looked.as_ref().map_err(|problem| &**problem)
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
