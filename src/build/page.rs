//! One page of a pass: its view, rendered, handed on and looked through.

use std::cell::Cell;
use std::io;

use super::{Pass, Sink};
use crate::audit::{Audit, Seen};
use crate::data;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::plan::pages::{Page, Subject};
use crate::read::snapshot::CONFIG_FILE;
use crate::stage::Stage;
use crate::view::note::SharedNotes;
use crate::view::wanted::{Ask, Wanted};
use crate::view::{self, View, frame};

impl Pass {
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
    pub(super) fn fingerprint(
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

    /// Renders a page into `html`, hands it on, and looks at its links.
    pub(super) fn put(
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
    pub(super) fn hand_on(
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
}

/// Whether no template makes a page.
pub(super) fn is_data(page: &Page) -> bool {
    matches!(page.subject, Subject::Data(_))
}

fn not_written(page: &Page, why: &str) -> Diagnostic {
    let place = Place::file(&CONFIG_FILE.into());
    Diagnostic::error("no-data", place, format!("`{}` cannot be made: {why}", page.url))
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
