//! The headings of a body: their levels on the page, and their ids.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::fingerprint::ByName;
use crate::id::Id;
use crate::parse::text::normalise;

/// A heading of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6, as on the page: the highest level that the body uses is 2.
    pub level: u8,
    /// HTML id, unique on the page.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// The headings of a body, with ids that are not `taken` already and look unlike
/// those of footnotes.
pub(super) fn headings(
    events: &[(Event<'_>, Range<usize>)],
    taken: impl Fn(&str) -> bool,
) -> Vec<Heading> {
    let mut found: Vec<(Heading, Option<&str>)> = Vec::new();
    let mut inside = false;
    let mut images = 0;
    for (event, _) in events {
        let text = match event {
            Event::Start(Tag::Heading { level, id, .. }) => {
                inside = true;
                let heading =
                    Heading { level: *level as u8, id: String::new(), text: String::new() };
                found.push((heading, id.as_deref()));
                continue;
            }
            Event::End(TagEnd::Heading(_)) => {
                inside = false;
                continue;
            }
            Event::Start(Tag::Image { .. }) => {
                images += 1;
                continue;
            }
            Event::End(TagEnd::Image) => {
                images -= 1;
                continue;
            }
            Event::Text(text) | Event::Code(text) => text,
            Event::SoftBreak | Event::HardBreak => " ",
            _ => continue,
        };
        if let Some((heading, _)) = found.last_mut().filter(|_| inside && images == 0) {
            heading.text.push_str(text);
        }
    }
    let mut given_out: HashSet<String, ByName> = HashSet::default();
    let mut repeated: HashMap<String, usize, ByName> = HashMap::default();
    let top = found.iter().map(|(heading, _)| heading.level).min().unwrap_or(2);
    let numbered = |id: &str, stem: &str| {
        id.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    found
        .into_iter()
        .map(|(mut heading, given)| {
            heading.level = (heading.level - top + 2).min(6);
            heading.text = normalise(&heading.text).into_owned();
            let given = given.filter(|id| !id.is_empty() && !id.contains(char::is_whitespace));
            let base = given
                .map(str::to_owned)
                .or_else(|| Id::from_name(&heading.text).map(|id| id.to_string()))
                .filter(|id| !numbered(id, "fn-") && !numbered(id, "fnref-"))
                .unwrap_or_else(|| "section".to_owned());
            // A body may repeat one heading ten thousand times.
            let number = repeated.entry(base.clone()).or_insert(0);
            heading.id = loop {
                *number += 1;
                let id = if *number == 1 { base.clone() } else { format!("{base}-{number}") };
                if !taken(&id) && given_out.insert(id.clone()) {
                    break id;
                }
            };
            heading
        })
        .collect()
}
