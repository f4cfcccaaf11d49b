//! A page as it is built, and the one line that the preview adds.

use axum::http::StatusCode;
use axum::response::Response;
use onrecord::build::Pass;
use onrecord::diagnostic::Diagnostic;
use onrecord::fingerprint::Fingerprint;
use onrecord::plan::pages::Page;
use onrecord::plan::route;
use onrecord::read::disk;
use onrecord::read::snapshot::Bytes;

use super::super::report::visible;
use super::super::shown::Shown;
use super::{OWN, leads_on, type_of, typed};

/// The page for addresses that do not exist.
const NOT_FOUND: &str = "404.html";
/// What stands for a page that cannot be shown begins with this.
const NONE: &str = "none";
/// What stands for an address at which there is something that is no page.
const ELSEWHERE: &str = "elsewhere";
/// Files up to this size are told apart by what is in them, larger ones by
/// when they were changed.
const LARGE: u64 = 8 << 20;

/// A page, rendered now. `path` is where it was asked for, from the site's root.
pub fn page(shown: &Shown, pass: &Pass, page: &Page, path: &str, status: StatusCode) -> Response {
    let mut bytes = Vec::new();
    match pass.render(page, &mut bytes) {
        Ok(()) if page.template.ends_with(".html") => {
            let html = text(bytes);
            let snippet = snippet(shown, path, &fingerprint(pass, page, &html));
            typed(status, "text/html; charset=utf-8", with_snippet(html, &snippet))
        }
        Ok(()) => typed(status, &type_of(&page.file()), bytes),
        Err(problem) => {
            let report = report(shown, Some(&problem));
            failed(StatusCode::INTERNAL_SERVER_ERROR, shown, path, &report)
        }
    }
}

/// The site's page for addresses that do not exist.
pub fn missing(shown: &Shown, pass: &Pass, path: &str) -> Response {
    match pass.plan.page(NOT_FOUND) {
        Some(not_found) => page(shown, pass, not_found, path, StatusCode::NOT_FOUND),
        None => super::plain(StatusCode::NOT_FOUND, "there is no such page"),
    }
}

/// While there is no site to show.
pub fn nothing_yet(shown: &Shown, path: &str) -> Response {
    failed(StatusCode::SERVICE_UNAVAILABLE, shown, path, &report(shown, None))
}

/// What stands for the page at a path as it is shown now.
pub fn seen(shown: &Shown, path: &str) -> String {
    let Some(pass) = &shown.pass else { return none(&report(shown, None)) };
    let page = match pass.plan.page(path) {
        Some(page) => page,
        None if pass.assets.contains_key(path) || leads_on(pass, path).is_some() => {
            return ELSEWHERE.to_owned();
        }
        None => match pass.plan.page(NOT_FOUND) {
            Some(not_found) => not_found,
            None => return ELSEWHERE.to_owned(),
        },
    };
    match html(pass, page) {
        Ok(html) => fingerprint(pass, page, &html),
        Err(problem) => none(&report(shown, Some(&problem))),
    }
}

/// What stands for a page that shows a report in place of what it should show.
/// Another report is another page.
fn none(report: &str) -> String {
    format!("{NONE}-{}", Fingerprint::of(report.as_bytes()))
}

/// What is wrong with a site or with a page of it.
fn report(shown: &Shown, of_page: Option<&Diagnostic>) -> String {
    match (&shown.problems, of_page) {
        (Some(report), _) => report.to_string(),
        (None, Some(problem)) => problem_in_words(problem),
        (None, None) => "The site is being read.".to_owned(),
    }
}

fn html(pass: &Pass, page: &Page) -> Result<String, Box<Diagnostic>> {
    let mut html = Vec::new();
    pass.render(page, &mut html)?;
    Ok(text(html))
}

/// What templates make is UTF-8; of what they do not make, nobody reads this.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// What stands for a page and the files that it shows. Of a style sheet only the
/// name counts: its content is changed without loading the page again.
fn fingerprint(pass: &Pass, page: &Page, html: &str) -> String {
    let mut all = html.to_owned();
    for style in &pass.styles {
        all = all.replace(style.as_str(), &unmarked(style));
        if let Some(integrity) = pass.integrity.get(style) {
            all = all.replace(integrity.as_str(), "");
        }
    }
    let folder = page.url.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut files: Vec<&str> = Vec::new();
    let mut look = |address: &str| {
        if let Some((file, bytes)) = shown_file(pass, folder, address)
            && !files.contains(&file)
        {
            files.push(file);
            all.push_str(&format!("\0{file} {}", content(bytes)));
        }
    };
    let may_name = |value: &&str| value.contains('.') && value.len() < 2000;
    for value in html.split(['"', '\'']).filter(may_name).filter(|value| !value.contains('<')) {
        look(value);
        // Some attributes, `srcset` and `style`, hold more than an address.
        if value.contains([' ', '(']) {
            value.split([' ', ',', '(', ')']).filter(may_name).for_each(&mut look);
        }
    }
    Fingerprint::of(all.as_bytes()).to_string()
}

/// `assets/style.css` of `assets/style.1a2b3c4d.css`; `live.js` does the same.
fn unmarked(style: &str) -> String {
    let (rest, ending) = match style.rsplit_once('.') {
        Some((rest, ending)) if !is_mark(ending) => (rest, format!(".{ending}")),
        _ => (style, String::new()),
    };
    match rest.rsplit_once('.') {
        Some((stem, mark)) if is_mark(mark) => format!("{stem}{ending}"),
        _ => style.to_owned(),
    }
}

fn is_mark(part: &str) -> bool {
    part.len() == 8 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The file that is passed on as it is under this address, as a page in a
/// folder has it.
fn shown_file<'a>(pass: &'a Pass, folder: &str, address: &str) -> Option<(&'a str, &'a Bytes)> {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let mut steps: Vec<&str> = match address.strip_prefix(route::base_path(&pass.site)) {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in address.strip_prefix(route::base_path(&pass.site)).unwrap_or(address).split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            name => steps.push(name),
        }
    }
    let file = route::decoded(&steps.join("/"));
    if pass.styles.contains(&file) {
        return None;
    }
    pass.assets.get_key_value(&*file).map(|(file, bytes)| (file.as_str(), bytes))
}

/// What stands for the content of a file.
fn content(bytes: &Bytes) -> String {
    match bytes {
        Bytes::File(kept) if kept.length > LARGE => format!("{:?} {:?}", kept.modified, kept.inode),
        bytes => {
            disk::bytes(bytes).map_or(String::new(), |bytes| Fingerprint::of(&bytes).to_string())
        }
    }
}

/// The line that a served page has and a built one does not.
fn snippet(shown: &Shown, path: &str, seen: &str) -> String {
    let base = shown.pass.as_ref().map_or("/", |pass| route::base_path(&pass.site));
    let (base, path) = (route::encoded(&route::decoded(base)), escaped(path));
    format!(
        "<script src=\"{base}{OWN}live.js\" data-page=\"{path}\" data-seen=\"{seen}\"></script>\n"
    )
}

fn with_snippet(mut html: String, snippet: &str) -> String {
    let at = html.rfind("</body>").unwrap_or(html.len());
    html.insert_str(at, snippet);
    html
}

/// A page of our own, that says what is wrong.
fn failed(status: StatusCode, shown: &Shown, path: &str, report: &str) -> Response {
    let snippet = snippet(shown, path, &none(report));
    let report = escaped(&visible(report));
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Nothing to show yet</title>\n<style>{FAILED_STYLE}</style>\n</head>\n<body>\n\
         <h1>This page cannot be shown yet</h1>\n\
         <p>It comes up by itself as soon as this is mended:</p>\n<pre tabindex=\"0\" dir=\"ltr\">{report}</pre>\n\
         {snippet}</body>\n</html>\n"
    );
    typed(status, "text/html; charset=utf-8", html)
}

const FAILED_STYLE: &str = ":root{color-scheme:light dark}\
    body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
    h1{font-size:1.3rem}\
    pre{font:.85rem/1.45 ui-monospace,monospace;overflow-x:auto;padding:1rem;\
    border:1px solid color-mix(in srgb,currentColor 30%,transparent);border-radius:.3rem}";

fn problem_in_words(problem: &Diagnostic) -> String {
    let hints: String = problem.hints.iter().map(|hint| format!("\n  = hint: {hint}")).collect();
    format!("error: {}\n --> {}{hints}", problem.message, problem.place.path)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_a_style_sheet_is_taken_out() {
        assert_eq!(unmarked("assets/style.1a2b3c4d.css"), "assets/style.css");
        assert_eq!(unmarked("assets/a.deadbeef.1a2b3c4d.css"), "assets/a.deadbeef.css");
        assert_eq!(unmarked("assets/style.1a2b3c4d"), "assets/style");
        assert_eq!(unmarked("assets/style.css"), "assets/style.css");
    }
}
