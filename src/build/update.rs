//! The pages of a pass that are not as they were: for whoever keeps a site up to
//! date.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use super::page::is_data;
use super::{Pass, Sink, TOGETHER};
use crate::audit::Seen;
use crate::deploy::manifest::{Entry, MANIFEST, Manifest};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::plan::pages::Plan;
use crate::read::disk;
use crate::read::snapshot::Bytes;

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

impl Pass {
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
