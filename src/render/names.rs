//! Which fields the templates name.
//!
//! Tera does not tell what it has parsed, so the words of each tag are read again:
//! every identifier, and every part of a string, may be the name of a field. What a
//! template extends, includes and calls belongs to it. Where a template may go
//! through fields whose names it does not say, it wants all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fragments;
use crate::fingerprint::ByName;
use crate::view::wanted::Wanted;

/// What every template and every component wants, by name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    templates: HashMap<String, Wanted, ByName>,
    components: HashMap<String, Wanted, ByName>,
}

impl Names {
    /// Those of these templates: the full name and text of each. `find` says which
    /// full name a name stands for, of those `asked` for as well as of those that
    /// stand in a template. Of components of one name that one counts whose template
    /// comes first.
    pub fn of<'t>(
        texts: impl IntoIterator<Item = (&'t str, &'t str)>,
        asked: impl IntoIterator<Item = &'t str>,
        find: impl Fn(&str) -> Option<&'t str>,
    ) -> Self {
        let mut read = Read::default();
        for (name, text) in texts {
            read.template(name, text);
        }
        let wanted = |name: &str, part| (name.to_owned(), read.wanted(part, &find));
        let template = |name| Some(wanted(name, read.templates.get(find(name)?)?));
        let components = read.components.values().flatten();
        Self {
            templates: asked.into_iter().filter_map(template).collect(),
            components: components.map(|(name, part)| wanted(name, part)).collect(),
        }
    }

    /// What the template wants that this name stands for.
    pub fn template(&self, name: &str) -> &Wanted {
        self.templates.get(name).unwrap_or(Wanted::ALL)
    }

    /// What a component wants.
    pub fn component(&self, name: &str) -> &Wanted {
        self.components.get(name).unwrap_or(Wanted::ALL)
    }
}

/// A template without its components, or a component.
#[derive(Debug, Default)]
struct Part<'t> {
    names: HashSet<&'t str, ByName>,
    /// The templates that it extends or includes.
    templates: Vec<&'t str>,
    /// The components that it calls, by the last part of their names.
    components: HashSet<&'t str, ByName>,
    /// Whether it may look at fields that it does not name.
    wants_all: bool,
}

/// The templates as they were read.
#[derive(Debug, Default)]
struct Read<'t> {
    /// By full name.
    templates: BTreeMap<&'t str, Part<'t>>,
    /// Full name and content, by the last part of a name: `button` of `form.button`.
    components: BTreeMap<&'t str, Vec<(String, Part<'t>)>>,
}

impl<'t> Read<'t> {
    fn template(&mut self, name: &'t str, text: &'t str) {
        let mut own = Part::default();
        let mut component: Option<(Vec<&'t str>, Part<'t>)> = None;
        for tag in Tags(text) {
            let words: Vec<Word<'t>> = Words(tag).collect();
            match words.split_first() {
                Some((Word::Name("component"), rest)) => {
                    component = Some((dotted(rest), Part::default()));
                }
                Some((Word::Name("endcomponent"), _)) => {
                    if let Some((name, part)) = component.take() {
                        self.component(&name, part);
                    }
                }
                _ => {}
            }
            component.as_mut().map_or(&mut own, |(_, part)| part).read(&words);
        }
        self.templates.insert(name, own);
    }

    fn component(&mut self, name: &[&'t str], part: Part<'t>) {
        let full = name.join(".");
        let same = self.components.entry(name.last().copied().unwrap_or_default()).or_default();
        if same.iter().all(|(other, _)| *other != full) {
            same.push((full, part));
        }
    }

    /// The fields that a part and all it needs may look at.
    fn wanted(&self, part: &Part<'t>, find: &impl Fn(&str) -> Option<&'t str>) -> Wanted {
        let mut names: HashSet<&str, ByName> = HashSet::default();
        let mut seen: Vec<&Part<'t>> = Vec::new();
        let mut next = vec![part];
        while let Some(part) = next.pop() {
            if part.wants_all {
                return Wanted::default();
            }
            if seen.iter().any(|one| std::ptr::eq(*one, part)) {
                continue;
            }
            seen.push(part);
            names.extend(&part.names);
            let components = part.components.iter().filter_map(|name| self.components.get(name));
            next.extend(components.flatten().map(|(_, part)| part));
            let templates = part.templates.iter().filter_map(|name| find(name));
            next.extend(templates.filter_map(|name| self.templates.get(name)));
        }
        Wanted::only(names.into_iter().map(Into::into))
    }
}

impl<'t> Part<'t> {
    fn read(&mut self, words: &[Word<'t>]) {
        for (i, word) in words.iter().enumerate() {
            match word {
                Word::Name(name) => {
                    self.names.insert(name);
                    // What it makes is there under its name.
                    self.components.extend(fragments::NAMES.contains(name).then_some(name));
                }
                Word::Text(text) => self.names.extend(text.split('.')),
                // A comparison may look like a call; then more is wanted than need be.
                Word::Sign('<') => self.components.extend(dotted(&words[i + 1..]).last()),
                Word::Number | Word::Sign(_) => {}
            }
        }
        if let [Word::Name("extends" | "include"), Word::Text(name), ..] = words {
            self.templates.push(name);
        }
        self.wants_all |= looks_further(words);
    }
}

/// Whether a tag may look at fields that it does not name: it goes through those of
/// a map, or asks for one whose name it has computed.
fn looks_further(words: &[Word<'_>]) -> bool {
    use Word::{Name, Number, Sign, Text};
    if let [Name("for"), Name(_), Sign(','), Name(_), Name("in"), rest @ ..] = words {
        // The desk's own data, and the site's, are never without a field.
        let is_whole = rest.first() == Some(&Name("site")) || rest.contains(&Name("extra"));
        if !is_whole {
            return true;
        }
    }
    // Where the path begins that a word belongs to: `site` in `site.files[`.
    let mut path = None;
    let mut loops = usize::from(words.first() == Some(&Name("for")));
    for (i, word) in words.iter().enumerate() {
        let before = i.checked_sub(1).map(|at| words[at]);
        let after = |n: usize| words.get(i + n);
        let says = |n: usize| matches!(after(n), Some(Text(_)));
        let is_further = match word {
            Name("__tera_context") => true,
            Name("keys" | "values" | "pairs") => before == Some(Sign('|')),
            Name("key" | "attribute") => after(1) == Some(&Sign('=')) && !says(2),
            Name("containing") => !says(2),
            Name("in") if loops > 0 => {
                loops -= 1;
                false
            }
            Name("in") => !matches!(before, Some(Text(_))) && after(1) != Some(&Sign('[')),
            Sign('[') => {
                let is_said = matches!(after(1), Some(Text(_) | Number | Sign('-' | ':')));
                is_value(before) && path != Some("site") && !is_said
            }
            _ => false,
        };
        if is_further {
            return true;
        }
        if let Name(name) = word
            && before != Some(Sign('.'))
        {
            path = Some(*name);
        }
    }
    false
}

/// Whether a word may end something that has parts.
fn is_value(word: Option<Word<'_>>) -> bool {
    const OPERATORS: [&str; 6] = ["in", "and", "or", "not", "is", "else"];
    match word {
        Some(Word::Name(name)) => !OPERATORS.contains(&name),
        Some(Word::Sign(sign)) => matches!(sign, ']' | ')' | '}'),
        Some(Word::Text(_)) => true,
        _ => false,
    }
}

/// The inside of each tag of a template, in order.
struct Tags<'t>(&'t str);

impl<'t> Iterator for Tags<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        loop {
            let (_, rest) = self.0.split_once('{')?;
            self.0 = rest;
            let closes = match rest.as_bytes().first()? {
                b'{' => "}}",
                b'%' => "%}",
                b'#' => {
                    self.0 = rest.split_once("#}").map_or("", |(_, rest)| rest);
                    continue;
                }
                _ => continue,
            };
            let inside = &rest[1..];
            let end = end_of_tag(inside, closes);
            self.0 = inside.get(end + 2..).unwrap_or_default();
            let inside = &inside[..end];
            let inside = inside.strip_prefix('-').unwrap_or(inside);
            return Some(inside.strip_suffix('-').unwrap_or(inside));
        }
    }
}

/// The parts of the name that the words begin with: `form`, `button`.
fn dotted<'t>(words: &[Word<'t>]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    for pair in words.chunks(2) {
        let [Word::Name(part), after @ ..] = pair else { break };
        parts.push(*part);
        if after != [Word::Sign('.')] {
            break;
        }
    }
    parts
}

/// Where a tag ends that `inside` is the rest of: not within a string.
fn end_of_tag(inside: &str, closes: &str) -> usize {
    let mut quote = None;
    for (at, letter) in inside.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, _) if inside[at..].starts_with(closes) => return at,
            (None, _) => {}
        }
    }
    inside.len()
}

/// A word of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word<'t> {
    Name(&'t str),
    /// A string, without its quotation marks.
    Text(&'t str),
    Number,
    Sign(char),
}

/// The words of a tag, in order.
struct Words<'t>(&'t str);

impl<'t> Iterator for Words<'t> {
    type Item = Word<'t>;

    fn next(&mut self) -> Option<Word<'t>> {
        self.0 = self.0.trim_start();
        let first = self.0.chars().next()?;
        let is_part = |c: char| c == '_' || c.is_alphanumeric();
        let after = &self.0[first.len_utf8()..];
        let (word, rest) = if matches!(first, '"' | '\'' | '`') {
            let (text, rest) = after.split_once(first).unwrap_or((after, ""));
            (Word::Text(text), rest)
        } else if is_part(first) {
            let (name, rest) =
                self.0.split_at(self.0.find(|c| !is_part(c)).unwrap_or(self.0.len()));
            (if first.is_ascii_digit() { Word::Number } else { Word::Name(name) }, rest)
        } else {
            (Word::Sign(first), after)
        };
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a template called `page` that says this, beside `others`, wants each of
    /// these fields.
    fn wants<const N: usize>(page: &str, others: &[(&str, &str)], fields: [&str; N]) -> [bool; N] {
        let texts: Vec<(&str, &str)> =
            [("page", page)].into_iter().chain(others.iter().copied()).collect();
        let all: Vec<&str> = texts.iter().map(|(name, _)| *name).collect();
        let find = |name: &str| all.iter().find(|one| **one == name).copied();
        let names = Names::of(texts, ["page"], find);
        fields.map(|field| names.template("page").has(field))
    }

    #[test]
    fn what_a_template_says_it_wants_and_no_more() {
        let page = "a { title } {{ claim.text | default(value=\"x.note\") }} {#- rank {{ id }} -#}
            {%- for one in claim['quotes'] -%}{% if 'kind' in claim %}{{ `date` }}}}{% endif %}url";
        let fields = ["claim", "text", "note", "quotes", "kind", "date"];
        assert_eq!(wants(page, &[], fields), [true; 6]);
        assert_eq!(wants(page, &[], ["title", "a", "rank", "id", "url"]), [false; 5]);
    }

    #[test]
    fn what_it_extends_includes_and_calls_belongs_to_it() {
        let page = "{% extends 'base' %}{% block a %}{{ <part card={claim} /> }}{% endblock %}";
        let base = ("base", "{{ title }}{% include 'foot' %}{% block a %}{% endblock %}");
        let foot = ("foot", "{% <form.box x={1}> %}{{ year }}{% </form.box> %}");
        let parts = (
            "parts",
            "{{ outside }}{% component part(card) -%}{{ card.text }}{{ <inner c={card} /> }}{%- endcomponent part %}
            {% component inner(c) %}{{ c.kind }}{% endcomponent %}
            {% component other(c) %}{{ c.rank }}{% endcomponent other %}
            {% component form.box(x) %}{{ site.search }}{{ body }}{% endcomponent form.box %}",
        );
        let others = [base, foot, parts, ("stranger", "{{ note }}")];
        let fields = ["title", "year", "text", "kind", "search"];
        assert_eq!(wants(page, &others, fields), [true; 5]);
        assert_eq!(wants(page, &others, ["rank", "outside", "note"]), [false; 3]);
    }

    #[test]
    fn a_field_with_the_name_of_a_component_does_not_call_it() {
        let others = [("parts", "{% component date(d) %}{{ d.words }}{% endcomponent %}")];
        assert_eq!(wants("{{ claim.date.edtf }}", &others, ["words"]), [false]);
        assert_eq!(wants("{{ <date d={claim.date} /> }}", &others, ["words"]), [true]);
    }

    #[test]
    fn what_is_made_once_is_called_by_its_name() {
        let others =
            [("parts", "{% component masthead(@page) %}{{ page.section }}{% endcomponent %}")];
        assert_eq!(wants("{{ masthead }}", &others, ["section"]), [true]);
        assert_eq!(wants("{{ imprint }}", &others, ["section"]), [false]);
    }

    #[test]
    fn of_components_of_one_name_the_first_counts() {
        let parts =
            |text| format!("{{% component part(c) %}}{{{{ c.{text} }}}}{{% endcomponent %}}");
        let (own, built_in) = (parts("text"), parts("note"));
        let others = [("own", own.as_str()), ("built-in", built_in.as_str())];
        assert_eq!(wants("{{ <part c={c} /> }}", &others, ["text", "note"]), [true, false]);
    }

    #[test]
    fn who_may_go_through_fields_without_naming_them_wants_all() {
        for page in [
            "{{ __tera_context }}",
            "{% for key, value in claim %}{{ value }}{% endfor %}",
            "{{ claim | keys }}",
            "{{ claim[name] }}",
            "{{ claim.chain[0][name] }}",
            "{{ claim | get(key=name) }}",
            "{{ list | sort(attribute=name) }}",
            "{% if name in claim %}{% endif %}",
            "{% for c in list if name in c %}{% endfor %}",
            "{% if claim is containing(name) %}{% endif %}",
            "{% include 'other' %}",
            "{{ <part c={claim} /> }}",
        ] {
            let others = [
                ("other", "{{ claim | pairs }}"),
                ("parts", "{% component part(c) %}{{ c | values }}{% endcomponent part %}"),
            ];
            assert_eq!(wants(page, &others, ["anything"]), [true], "{page}");
        }
    }

    #[test]
    fn who_only_seems_to_does_not() {
        for page in [
            "{% for key, value in claim.extra %}{{ key }}{% endfor %}",
            "{% for key, value in site.files %}{{ key }}{% endfor %}",
            "{{ site.integrity[style] }}{{ list[0] }}{{ list[-1] }}{{ list[:3] }}{{ claim['text'] }}",
            "{% if claim.kind in ['factual'] %}{{ [a, b] }}{{ <part c={[a]} keys={1} /> }}{% endif %}",
            "{{ list | sort(attribute='text') | get(key=\"x\") }}{{ claim.values }}{{ claim.pairs }}",
        ] {
            assert_eq!(wants(page, &[], ["anything"]), [false], "{page}");
        }
    }
}
