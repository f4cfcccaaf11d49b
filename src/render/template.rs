//! Templates, checked as a whole and then rendered one view at a time.
//!
//! Four layers answer to a template's name: the site's own, its theme's, those of
//! the theme that this one builds on, the built-in ones; the first that has it
//! wins. A template that wins may extend the one it hides by its full name,
//! `theme/briefing.html`, `base/briefing.html` or `onrecord/briefing.html`. Components are layered one by one, so that a
//! site's `components.html` holds only those it changes.
//!
//! A template sees its view and `site`, and can reach nothing else: Tera's
//! core has no filter or function that reads a clock, the environment, a file
//! or the network, and this is the only place where any could be added. The one
//! that is added says the texts of the site's language: `{{ "skip" | say }}`,
//! `{{ "claims" | say(n=3) }}`. `safe` is Tera's, without its copy of the text.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Serialize;
use tera::{Context, ErrorKind, Kwargs, State, Tera, Value};

use super::embedded;
use super::fragments::Fragments;
use super::names::Names;
use crate::diagnostic::{Checked, Diagnostic, Place};
use crate::fingerprint::{ByName, Fingerprint};
use crate::suggest::nearest;
use crate::view::frame::SiteView;
use crate::view::wanted::{Only, Wanted};
use crate::words::{Words, fill};

/// What the full name of a theme's template begins with.
const THEME: &str = "theme/";
/// What the full name of a template begins with that is of the theme's base.
const BASE: &str = "base/";
/// Stands in an item of a list for what leads from its page to the site's root.
/// It begins with a character that HTML forbids; an author whose text has that
/// is warned.
pub const ROOT: &str = "\u{1}root/";
/// The component that makes an item of a list.
const ITEM: &str = "list_item";
/// What the full name of a built-in template begins with.
const BUILT_IN: &str = "onrecord/";
/// The layers that a site's own templates win over, the first one first.
const LAYERS: [&str; 3] = [THEME, BASE, BUILT_IN];

/// One template as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// How a diagnostic names it: `templates/briefing.html`,
    /// `theme broadsheet: templates/briefing.html`.
    pub path: Arc<str>,
    /// How templates name it: `briefing.html`.
    pub name: String,
    /// Its text, a byte-order mark included.
    pub text: Arc<str>,
}

/// All templates of a site, ready to render.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    /// What an item of a list sees besides its card.
    around: Context,
    fragments: Fragments,
    /// By full name.
    sources: Sources,
    names: Names,
    fingerprint: Fingerprint,
}

type Sources = BTreeMap<String, TemplateSource>;

impl Templates {
    /// The site's own templates over its theme's over those of that theme's base
    /// (`layers`, in this order) over the built-in ones.
    ///
    /// `site` is what every template sees under that name. There are no
    /// templates when any of them, or how they hang together, is wrong.
    pub fn new(
        layers: [&[TemplateSource]; 3],
        words: &Arc<Words>,
        site: &SiteView,
    ) -> Checked<Option<Self>> {
        let mut diagnostics = Vec::new();
        let mut sources = Sources::new();
        let [own, theme, base] = layers;
        let built_in = embedded::sources();
        for (prefix, layer) in [("", own), (THEME, theme), (BASE, base), (BUILT_IN, &*built_in)] {
            for source in layer {
                if let Some(kept) = LAYERS.iter().find(|p| source.name.starts_with(**p)) {
                    diagnostics.push(
                        Diagnostic::error(
                            "template-name",
                            Place::file(&source.path),
                            format!("no template folder may be called `{kept}`"),
                        )
                        .hint(format!("`{kept}` names a layer of templates; rename the folder")),
                    );
                } else {
                    sources.insert(format!("{prefix}{}", source.name), source.clone());
                }
            }
        }
        // Looked for only where something is wrong: it reads all templates anew.
        let syntax = || sources.values().filter_map(syntax_error);
        if !diagnostics.is_empty() {
            diagnostics.extend(syntax());
            return Checked { value: None, diagnostics };
        }
        match assemble(&sources, words, site) {
            Ok(tera) => {
                let fingerprint = fingerprint(&sources, words, site);
                let mut around = Context::new();
                around.insert("page", &BTreeMap::from([("root", ROOT)]));
                let fragments = Fragments::of(site);
                let names = names(&sources);
                Checked::fine(Some(Self { tera, around, fragments, sources, names, fingerprint }))
            }
            Err(error) => {
                diagnostics.extend(syntax());
                if diagnostics.is_empty() {
                    diagnostics = translate(&error, &sources, None);
                }
                Checked { value: None, diagnostics }
            }
        }
    }

    /// What the template called `template` may look at in a view.
    #[must_use]
    pub fn wanted(&self, template: &str) -> &Wanted {
        self.names.template(template)
    }

    /// Renders what is `wanted` of `view` with the template called `template` and
    /// appends the page to `out`.
    ///
    /// # Errors
    ///
    /// The place in the templates where they do not fit the view. `out` is
    /// then as it was.
    pub fn render<V: Serialize>(
        &self,
        template: &str,
        view: &V,
        wanted: &Wanted,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let before = out.len();
        Context::from_serialize(&Only { wanted, value: view })
            .and_then(|mut context| {
                let component =
                    |name: &str, sees: &Context| self.component(name, &Context::new(), sees);
                self.fragments.put(&mut context, self.wanted(template), component)?;
                self.tera.render_to(template, &context, &mut *out)
            })
            .map(|()| drop_forbidden(out, before))
            .map_err(|error| {
                out.truncate(before);
                Box::new(translate(&error, &self.sources, Some(template)).swap_remove(0))
            })
    }

    /// An item of a list: what the component `list_item` makes of a card, which may
    /// lack what is not wanted. It has [`ROOT`] where `page.root` is to stand, and
    /// sees nothing else of a page.
    ///
    /// # Errors
    ///
    /// The place in the templates where they do not fit the card.
    pub fn item<C: Serialize>(
        &self,
        card: impl Fn(&Wanted) -> C,
    ) -> Result<Box<str>, Box<Diagnostic>> {
        let item = |wanted| {
            let mut context = Context::new();
            let card = Value::try_from_serializable(&Only { wanted, value: &card(wanted) })?;
            context.insert_value("card", card);
            self.component(ITEM, &context, &self.around)
        };
        // What does not fit is told beside all that there is.
        let made = item(self.names.component(ITEM)).or_else(|_| item(Wanted::ALL));
        made.map(String::into_boxed_str).map_err(|error| {
            let asked = Some("components.html");
            Box::new(translate(&error, &self.sources, asked).swap_remove(0))
        })
    }

    fn component(&self, name: &str, args: &Context, sees: &Context) -> tera::TeraResult<String> {
        self.tera.render_component_with_implicits(name, args, sees, None, true)
    }

    /// What stands for all of the templates and `site` together: while it is
    /// the same, equal views make equal pages.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What stands for the page that `template` makes of what is `wanted` of
    /// `view`: while it is the same, so is the page.
    #[must_use]
    pub fn of_page<V: Serialize>(&self, template: &str, view: &V, wanted: &Wanted) -> Fingerprint {
        let view = Only { wanted, value: view };
        let all = serde_json::to_vec(&(self.fingerprint.to_string(), template, view))
            .expect("a view is plain data");
        Fingerprint::of(&all)
    }
}

/// Takes out of a page, from byte `start`, the control characters that no HTML
/// or XML may hold. They cannot be seen; where a text has one, its author has
/// been told.
fn drop_forbidden(page: &mut Vec<u8>, start: usize) {
    let is_forbidden = |i: usize, page: &[u8]| match page[i] {
        b'\t' | b'\n' | b'\r' => 0,
        0..=0x1f | 0x7f => 1,
        // U+0080 to U+009F in UTF-8.
        0xc2 if page.get(i + 1).is_some_and(|b| *b < 0xa0) => 2,
        _ => 0,
    };
    // Most pages have none. Many bytes are looked at together, without branches,
    // as processors can; one by one only among those that may hold one.
    // Tabs are rare enough to be among them.
    let may_be = |found: u8, b: &u8| {
        let is = |other| u8::from(*b == other);
        found | (u8::from(*b < 0x20) & !is(b'\n')) | is(0x7f) | is(0xc2)
    };
    const TOGETHER: usize = 128;
    let (whole, rest) = page[start..].as_chunks::<TOGETHER>();
    let chunks = whole.iter().map(<[u8; TOGETHER]>::as_slice).chain(std::iter::once(rest));
    let suspects = (start..)
        .step_by(TOGETHER)
        .zip(chunks)
        .filter(|(_, chunk)| chunk.iter().fold(0, may_be) != 0);
    let mut bytes = suspects.flat_map(|(at, chunk)| at..at + chunk.len());
    let Some(first) = bytes.find(|i| is_forbidden(*i, page) > 0) else { return };
    let (mut to, mut from) = (first, first);
    while from < page.len() {
        match is_forbidden(from, page) {
            0 => {
                page[to] = page[from];
                to += 1;
                from += 1;
            }
            length => from += length,
        }
    }
    page.truncate(to);
}

fn assemble(sources: &Sources, words: &Arc<Words>, site: &SiteView) -> tera::TeraResult<Tera> {
    let mut tera = Tera::default();
    let words = Arc::clone(words);
    let ready: HashMap<_, _, ByName> =
        words.keys().map(|key| (key.into(), OnceLock::new())).collect();
    tera.register_filter("say", move |key: &str, parts: Kwargs, state: &State<'_>| {
        say(&words, &ready, key, &parts, state)
    });
    // Tera's own copies the text, which may be a list of a hundred items.
    tera.register_filter("safe", |text: Value, _: Kwargs, _: &State<'_>| {
        if text.is_string() { text.mark_safe() } else { Value::safe_string(&text.to_string()) }
    });
    tera.set_fallback_prefixes(LAYERS)?;
    let globals = Value::try_from_serializable(site)?;
    tera.global_context().insert_value("site", globals);
    tera.add_raw_templates(
        sources.iter().map(|(name, source)| (name, without_mark(&source.text))),
    )?;
    Ok(tera)
}

/// The filter `say`: the text with this key, in the form for the part `n` if there
/// is one, with the other parts filled in. It is safe HTML. Texts without parts,
/// which most are, are made `ready` once.
fn say(
    words: &Words,
    ready: &HashMap<Box<str>, OnceLock<Value>, ByName>,
    key: &str,
    parts: &Kwargs,
    state: &State<'_>,
) -> tera::TeraResult<Value> {
    let Some(ready) = ready.get(key) else {
        let near = nearest(key, words.keys()).map(|near| format!("; did you mean `{near}`?"));
        let near = near.unwrap_or_default();
        return Err(tera::Error::message(format!("there is no text called `{key}`{near}")));
    };
    if parts.iter().next().is_none() {
        let text = || state.escape(words.say(key)).map(|text| Value::safe_string(&text));
        return match ready.get() {
            Some(ready) => Ok(ready.clone()),
            None => text().map(|text| ready.get_or_init(|| text).clone()),
        };
    }
    let n = parts.get::<usize>("n")?;
    let text = state.escape(n.map_or(words.say(key), |n| words.form(key, n)))?;
    let mut filled = Vec::new();
    for (name, part) in parts.iter() {
        filled.push((name.as_str().unwrap_or_default(), state.escape_if_needed(part)?));
    }
    let filled: Vec<(&str, &str)> = filled.iter().map(|(name, part)| (*name, &**part)).collect();
    Ok(Value::safe_string(&fill(&text, &filled)))
}

fn fingerprint(sources: &Sources, words: &Words, site: &SiteView) -> Fingerprint {
    let texts: Vec<_> = sources.iter().map(|(name, source)| (name, &*source.text)).collect();
    let all = serde_json::to_vec(&(texts, words.fingerprint().to_string(), site))
        .expect("texts and lists have a JSON form");
    Fingerprint::of(&all)
}

/// The first syntax error of one template. Tera would stop at the first
/// faulty template, and we want those of all of them.
fn syntax_error(source: &TemplateSource) -> Option<Diagnostic> {
    // What else is wrong, such as a parent that is not there, depends on the
    // other templates.
    let error = Tera::default()
        .add_raw_template(&source.name, without_mark(&source.text))
        .err()
        .filter(|error| matches!(error.kind(), ErrorKind::SyntaxError(_)))?;
    let ErrorKind::SyntaxError(report) = error.kind() else { return None };
    Some(diagnose("template-syntax", source, report.span().range.clone(), report.message()))
}

/// What Tera says, with a place; at least one diagnostic. `asked` is the
/// template that was to be rendered.
fn translate(error: &tera::Error, sources: &Sources, asked: Option<&str>) -> Vec<Diagnostic> {
    let code = if asked.is_some() { "template-render" } else { "template-reference" };
    let whole = |name: &str, message: String| {
        let path = find(sources, name).map_or_else(|| name.into(), |(_, s)| Arc::clone(&s.path));
        Diagnostic::error(code, Place::file(&path), message)
    };
    match error.kind() {
        ErrorKind::RenderingError(report) | ErrorKind::SyntaxError(report) => {
            vec![match find(sources, report.filename()) {
                Some((_, source)) => {
                    diagnose(code, source, report.span().range.clone(), report.message())
                }
                None => whole(report.filename(), report.message().to_owned()),
            }]
        }
        ErrorKind::MissingParent { current, parent } => {
            let names = sources.keys().map(|name| short(name));
            let message = format!("there is no template called `{parent}` to extend");
            vec![whole(current, message).maybe_hint(did_you_mean(parent, names))]
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let message = format!("`{tpl}` extends itself, through {}", chain(inheritance_chain));
            vec![whole(tpl, message).hint(format!(
                "to build on the built-in template, extend `{BUILT_IN}{}`",
                short(tpl)
            ))]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            vec![whole(tpl, format!("`{tpl}` includes itself, through {}", chain(include_chain)))]
        }
        ErrorKind::TemplateNotFound(name) => {
            vec![whole(name, format!("there is no template called `{name}`"))]
        }
        _ => {
            let text = error.to_string();
            let found: Vec<_> = reports(&text, sources).collect();
            if !found.is_empty() {
                return found;
            }
            // Such as one component in two files of a layer: the message
            // names them, and says no place.
            let named = sources.keys().find(|name| text.contains(&format!("`{name}`")));
            let name = asked.or(named.map(String::as_str)).unwrap_or("templates");
            vec![whole(name, in_our_style(&text))]
        }
    }
}

/// The problems in a text such as Tera makes of several that it finds at
/// once. It hands them over in no other form.
///
/// ```text
/// error: Unknown filter `shout`
///  --> briefing.html:3:12
///   |
/// 3 | {{ title | shout }}
///   |            ^^^^^
/// ```
fn reports<'a>(text: &'a str, sources: &'a Sources) -> impl Iterator<Item = Diagnostic> + 'a {
    text.split("error: ").filter_map(|report| {
        let mut lines = report.lines();
        let message = lines.next()?;
        let place = lines.next()?.trim_start().strip_prefix("--> ")?;
        let mut parts = place.rsplitn(3, ':');
        let column: usize = parts.next()?.parse().ok()?;
        let line: usize = parts.next()?.parse().ok()?;
        let (_, source) = find(sources, parts.next()?)?;
        let width = lines.last()?.chars().filter(|c| *c == '^').count();

        let text = without_mark(&source.text);
        let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let ends =
            |n: usize| text[before..].char_indices().nth(n).map_or(text.len(), |c| before + c.0);
        let range = ends(column - 1)..ends(column - 1 + width);
        Some(diagnose("template-reference", source, range, message))
    })
}

/// A diagnostic at `range` of the template's text without its byte-order mark.
fn diagnose(
    code: &'static str,
    source: &TemplateSource,
    range: std::ops::Range<usize>,
    message: &str,
) -> Diagnostic {
    let mark = source.text.len() - without_mark(&source.text).len();
    let place = Place::new(&source.path, range.start + mark..range.end + mark);
    // "Variable `x` is not defined. Available variables: a, b, c"
    let (what, names) = match message.split_once(" Available ") {
        Some((what, rest)) => (what, rest.split_once(": ").map(|(_, names)| names)),
        None => (message, None),
    };
    let problem = Diagnostic::error(code, place, in_our_style(what));
    let Some(names) = names else { return problem };
    let wanted = what.split('`').nth(1).unwrap_or_default();
    let wanted = wanted.rsplit('.').next().unwrap_or_default();
    problem
        .maybe_hint(did_you_mean(wanted, names.split(", ")))
        .hint(format!("there is {names}; test what may be absent with `is defined`"))
}

fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wanted, names).map(|name| format!("did you mean `{name}`?"))
}

/// In lower case and without a full stop.
fn in_our_style(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn chain(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The template that a name stands for, by the order of the layers: its full name,
/// and itself.
fn find<'a>(sources: &'a Sources, name: &str) -> Option<(&'a String, &'a TemplateSource)> {
    let full = LAYERS.iter().map(|prefix| format!("{prefix}{name}"));
    std::iter::once(name.to_owned()).chain(full).find_map(|name| sources.get_key_value(&name))
}

/// Which fields all these templates name.
fn names(sources: &Sources) -> Names {
    let mut texts: Vec<(&str, &str)> =
        sources.iter().map(|(name, source)| (name.as_str(), &*source.text)).collect();
    // Own ones come first.
    texts.sort_by_key(|(name, _)| {
        LAYERS.iter().position(|prefix| name.starts_with(prefix)).map_or(0, |at| at + 1)
    });
    let asked: BTreeSet<&str> = sources.keys().map(|name| short(name)).collect();
    Names::of(texts, asked, |name| find(sources, name).map(|(full, _)| full.as_str()))
}

/// A full name without its layer.
fn short(name: &str) -> &str {
    LAYERS.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::Value;

    use super::super::sample;
    use super::*;
    use crate::diagnostic::Lines;

    fn english() -> Arc<Words> {
        Arc::new(Words::english())
    }

    fn own(name: &str, text: &str) -> TemplateSource {
        TemplateSource {
            path: format!("templates/{name}").into(),
            name: name.to_owned(),
            text: text.into(),
        }
    }

    fn templates(own: &[TemplateSource]) -> Templates {
        let made = Templates::new([own, &[], &[]], &english(), &sample::site());
        assert_eq!(made.diagnostics, []);
        made.value.unwrap()
    }

    fn html(templates: &Templates, name: &str, view: &Value) -> String {
        let mut out = Vec::new();
        if let Err(problem) = templates.render(name, view, templates.wanted(name), &mut out) {
            panic!("{name}: {problem:#?}");
        }
        String::from_utf8(out).unwrap()
    }

    fn view_for(name: &str) -> Value {
        sample::full().into_iter().find(|(n, _)| *n == name).unwrap().1
    }

    /// What is wrong with the site's own templates, as `path:line:column: message`.
    fn problems(own: &[TemplateSource]) -> Vec<String> {
        let made = Templates::new([own, &[], &[]], &english(), &sample::site());
        assert!(made.value.is_none());
        crate::diagnostic::in_order(made.diagnostics).iter().map(|d| line(own, d)).collect()
    }

    fn line(own: &[TemplateSource], problem: &Diagnostic) -> String {
        let place = &problem.place;
        let at = own.iter().find(|s| s.path == place.path).map_or(String::new(), |s| {
            let at = Lines::new(&s.text).position(place.start);
            format!(":{}:{}", at.line, at.column)
        });
        let hints: Vec<_> = problem.hints.iter().map(|h| format!(" ({h})")).collect();
        format!("{}{at}: {}{}", place.path, problem.message, hints.concat())
    }

    /// The first fault of the HTML, if any.
    fn fault(html: &str) -> Option<String> {
        const VOID: [&[u8]; 5] = [b"meta", b"link", b"br", b"img", b"input"];
        let mut open = Vec::new();
        for token in html5gum::Tokenizer::new(html).flatten() {
            match token {
                html5gum::Token::StartTag(tag)
                    if !tag.self_closing && !VOID.contains(&tag.name.as_slice()) =>
                {
                    open.push(tag.name.to_vec());
                }
                html5gum::Token::EndTag(tag) => {
                    let last = open.pop();
                    if last.as_deref() != Some(tag.name.as_slice()) {
                        return Some(format!("{last:?} closed by {:?}", tag.name));
                    }
                }
                html5gum::Token::Error(error) => return Some(error.to_string()),
                _ => {}
            }
        }
        open.pop().map(|name| format!("{name:?} left open"))
    }

    #[test]
    fn every_template_renders_the_fullest_and_the_emptiest_view() {
        let full = templates(&[]);
        let bare = Templates::new([&[]; 3], &english(), &sample::bare_site()).value.unwrap();
        for (templates, views) in [
            (&full, sample::full()),
            (&bare, sample::full()),
            (&full, sample::least()),
            (&bare, sample::least()),
        ] {
            for (name, view) in views {
                let html = html(templates, name, &view);
                assert_eq!(fault(&html), None, "{name}\n{html}");
                assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"));
                if name != "redirect.html" {
                    assert_eq!(html.matches("<h1").count(), 1, "{name}");
                }
            }
        }
    }

    #[test]
    fn every_built_in_template_is_tried_here() {
        let tried: Vec<_> = sample::full().into_iter().map(|(name, _)| name).collect();
        for source in embedded::sources() {
            let name = source.name.as_str();
            // The others are tried wherever a whole site is built.
            let is_page =
                name.ends_with(".html") && !["base.html", "components.html"].contains(&name);
            assert!(!is_page || tried.contains(&name), "{name}");
        }
    }

    #[test]
    fn no_anchor_is_there_twice_and_none_is_missing() {
        for (name, view) in sample::full() {
            let html = html(&templates(&[]), name, &view);
            let ids: Vec<_> = html.split(" id=\"").skip(1).map(until_quote).collect();
            for (i, id) in ids.iter().enumerate() {
                assert!(!ids[i + 1..].contains(id), "{name}: {id} twice");
            }
            for part in [" href=\"#", " aria-labelledby=\""] {
                for id in html.split(part).skip(1).map(until_quote) {
                    assert!(ids.contains(&id), "{name}: no {id}");
                }
            }
        }
    }

    fn until_quote(text: &str) -> &str {
        text.split('"').next().unwrap()
    }

    /// Every text of the view that is not HTML, or a word that templates
    /// choose by, becomes `words`.
    /// Puts these words in the place of all texts of a view but those that are
    /// one of a few, such as `factual`, which have a text of the site's.
    fn fill(value: &mut Value, key: &str, words: &str) {
        static WORDS: LazyLock<Words> = LazyLock::new(Words::english);
        let is_one_of_few = |text: &str| WORDS.keys().any(|key| key.ends_with(&format!("_{text}")));
        match value {
            Value::String(_) if ["html", "json_ld", "is", "dir", "lang", "root"].contains(&key) => {
            }
            Value::String(text) if is_one_of_few(text) => {}
            Value::String(text) => *text = words.to_owned(),
            Value::Array(items) => items.iter_mut().for_each(|v| fill(v, key, words)),
            Value::Object(map) => map.iter_mut().for_each(|(k, v)| fill(v, k, words)),
            _ => {}
        }
    }

    #[test]
    fn words_of_a_view_never_become_mark_up() {
        let templates = templates(&[]);
        for (name, mut view) in sample::full() {
            fill(&mut view, "", "\"'><script>alert(1)</script>&copy;");
            let html = html(&templates, name, &view);
            assert!(!html.contains("<script>"), "{name}\n{html}");
            assert!(!html.contains("=\"\"'>"), "{name}\n{html}");
            assert!(!html.contains("&copy;"), "{name}\n{html}");
            assert_eq!(fault(&html), None, "{name}\n{html}");
        }
    }

    #[test]
    fn an_item_of_a_list_has_a_mark_for_the_way_to_the_root() {
        let templates = templates(&[]);
        for card in sample::cards() {
            let item = templates.item(|_| &card).unwrap();
            assert_eq!(fault(&item.replace(ROOT, "")), None, "{item}");
            assert!(item.starts_with("<tr class=\"card ") && item.ends_with("</tr>\n"), "{item}");
            assert!(
                item.contains(&format!("<a class=\"title\" href=\"{ROOT}"))
                    || item.contains(&format!("<a href=\"{ROOT}")),
                "{item}"
            );
        }
        for mut card in sample::cards() {
            let is = card["is"].clone();
            fill(&mut card, "", "\"'><script>alert(1)</script>&copy;");
            card["is"] = is;
            let item = templates.item(|_| &card).unwrap();
            assert!(!item.contains("<script") && !item.contains("&copy;"), "{item}");
            assert_eq!(fault(&item.replace(ROOT, "")), None, "{item}");
        }
    }

    #[test]
    fn an_address_outside_is_a_link_only_if_it_is_on_the_web() {
        let templates = templates(&[]);
        for (name, mut view) in sample::full() {
            fill(&mut view, "", "javascript:alert(1)");
            view["page"]["canonical"] = Value::Null;
            let html = html(&templates, name, &view);
            // After the way to the site's root it is the name of a file.
            assert!(!html.contains("href=\"javascript:"), "{name}\n{html}");
        }
        let page = html(&templates, "source.html", &view_for("source.html"));
        assert!(page.contains("href=\"https://radio.example/1?a=1&amp;b=2\""), "{page}");
    }

    #[test]
    fn what_is_not_stated_is_said_to_be_unsaid() {
        let view = sample::least().into_iter().find(|(n, _)| *n == "territory.html").unwrap().1;
        let html = html(&templates(&[]), "territory.html", &view);
        assert_eq!(html.matches("not stated").count(), 5, "{html}");
    }

    #[test]
    fn syntax_errors_of_all_templates_come_in_one_run() {
        let own = [
            own("briefing.html", "<p>\r\n\t{{ briefing.title | }}\r\n"),
            own("claim.html", "{% if x %}"),
            own("fine.html", "й"),
        ];
        let found = problems(&own);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("templates/briefing.html:2:22: "), "{found:?}");
        assert!(found[1].starts_with("templates/claim.html:1:"), "{found:?}");
    }

    #[test]
    fn unknown_filters_components_and_parents_have_their_place() {
        let own = [own("a.html", "\u{feff}<p>\nй {{ title | shuot }}\n{{ <crad /> }}")];
        assert_eq!(
            problems(&own),
            [
                "templates/a.html:2:14: unknown filter `shuot`",
                "templates/a.html:3:4: unknown component `crad`",
            ]
        );
        let own = [tests::own("a.html", "{% extends \"bsae.html\" %}")];
        assert_eq!(
            problems(&own),
            [
                "templates/a.html:1:1: there is no template called `bsae.html` to extend (did you mean \
              `base.html`?)"
            ]
        );
    }

    #[test]
    fn an_unknown_variable_has_its_place() {
        let own = [own("topic.html", "{{ topic.name }}\n  {{ topic.nmae }}")];
        let mut out = b"before".to_vec();
        let problem = templates(&own)
            .render("topic.html", &view_for("topic.html"), Wanted::ALL, &mut out)
            .unwrap_err();
        assert_eq!(problem.code, "template-render");
        assert_eq!(
            line(&own, &problem),
            "templates/topic.html:2:12: field `nmae` is not defined (did you mean `name`?) (there \
             is briefings, claims, extra, html, links_here, name; test what may be absent with `is \
             defined`)"
        );
        assert_eq!(out, b"before");
    }

    #[test]
    fn a_template_that_is_not_there_is_named() {
        let problem =
            templates(&[]).render("map.html", &view_for("topic.html"), Wanted::ALL, &mut vec![]);
        assert_eq!(problem.unwrap_err().message, "there is no template called `map.html`");
    }

    #[test]
    fn a_site_overrides_extends_and_changes_components_one_by_one() {
        let view = view_for("topic.html");
        let built_in = html(&templates(&[]), "topic.html", &view);

        let whole = templates(&[own("topic.html", "<b>{{ topic.name }}</b>")]);
        assert_eq!(html(&whole, "topic.html", &view), "<b>Taxes</b>");

        let extends = templates(&[own(
            "topic.html",
            "{% extends \"onrecord/topic.html\" %}{% block title %}Mine{% endblock %}",
        )]);
        let title = "<title>Taxes · The Harbour Record</title>";
        assert_eq!(
            html(&extends, "topic.html", &view),
            built_in.replace(title, "<title>Mine</title>")
        );

        let base = templates(&[own(
            "base.html",
            "{% extends \"onrecord/base.html\" %}{% block footer %}{% endblock %}",
        )]);
        let without = html(&base, "topic.html", &view);
        assert!(without.contains("<h1>Taxes</h1>") && !without.contains("<footer"), "{without}");

        let part = "{% component not_stated() %}?{% endcomponent not_stated %}";
        let unknown = sample::least().into_iter().find(|(n, _)| *n == "territory.html").unwrap().1;
        let questions =
            html(&templates(&[own("components.html", part)]), "territory.html", &unknown);
        assert_eq!(questions.matches(">?</td>").count(), 5, "{questions}");
    }

    #[test]
    fn a_site_changes_what_is_around_every_page() {
        let part = "{% component imprint(@page, @site) %}<b>{{ site.title }} at {{ page.root }}</b>\
                    {% endcomponent imprint %}";
        let view = view_for("topic.html");
        let html = html(&templates(&[own("components.html", part)]), "topic.html", &view);
        assert!(html.contains("<b>The Harbour Record at ../</b>"), "{html}");

        let part = part.replace("page.root", "page.title");
        let own = [own("components.html", &part)];
        let problem = templates(&own).render("topic.html", &view, Wanted::ALL, &mut vec![]);
        assert_eq!(
            line(&own, &problem.unwrap_err()),
            "templates/components.html:1:69: field `title` is not defined (there is lang, root, \
             section, url; test what may be absent with `is defined`)"
        );
    }

    #[test]
    fn a_site_s_template_wins_over_a_theme_s() {
        let theme = [own("topic.html", "theme")];
        let mine = [own("topic.html", "mine {% include \"theme/topic.html\" %}")];
        let made = Templates::new([&mine, &theme, &[]], &english(), &sample::site()).value.unwrap();
        assert_eq!(html(&made, "topic.html", &view_for("topic.html")), "mine theme");
        let made = Templates::new([&[], &theme, &[]], &english(), &sample::site()).value.unwrap();
        assert_eq!(html(&made, "topic.html", &view_for("topic.html")), "theme");
    }

    #[test]
    fn a_theme_s_template_wins_over_that_of_its_base() {
        let base = [own("topic.html", "base"), own("source.html", "base's own")];
        let theme = [own("topic.html", "theme on {% include \"base/topic.html\" %}")];
        let made = Templates::new([&[], &theme, &base], &english(), &sample::site()).value.unwrap();
        assert_eq!(html(&made, "topic.html", &view_for("topic.html")), "theme on base");
        assert_eq!(html(&made, "source.html", &view_for("source.html")), "base's own");
    }

    #[test]
    fn a_template_that_extends_itself_is_told_how_to_extend_the_built_in_one() {
        let own = [own("topic.html", "{% extends \"topic.html\" %}")];
        assert_eq!(
            problems(&own),
            ["templates/topic.html:1:1: `topic.html` extends itself, through `topic.html` (to \
              build on the built-in template, extend `onrecord/topic.html`)"]
        );
    }

    #[test]
    fn the_name_of_a_layer_is_kept() {
        let own = [own("onrecord/topic.html", "")];
        assert_eq!(problems(&own).len(), 1);
    }

    #[test]
    fn the_fingerprint_stands_for_templates_and_site() {
        let plain = templates(&[]).fingerprint();
        assert_eq!(plain, templates(&[]).fingerprint());
        assert_ne!(plain, templates(&[own("extra.html", "")]).fingerprint());
        let other = Templates::new([&[]; 3], &english(), &sample::bare_site()).value.unwrap();
        assert_ne!(plain, other.fingerprint());
    }

    #[test]
    fn what_no_page_may_hold_is_left_out() {
        let mut page = "\u{1}kept\u{90} and\ttabs\n\u{0}é\u{a0}\u{7f}.".as_bytes().to_vec();
        drop_forbidden(&mut page, 1);
        assert_eq!(page, "\u{1}kept and\ttabs\né\u{a0}.".as_bytes());

        // Further on, where many bytes are looked at at a time.
        let text = "A – “word” · é\n".repeat(40);
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let mut page = [&text[..at], "\u{8}\u{9f}", &text[at..]].concat().into_bytes();
            drop_forbidden(&mut page, 0);
            assert_eq!(String::from_utf8(page).unwrap(), text, "{at}");
        }
    }
}
