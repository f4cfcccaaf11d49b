//! The footnotes of a body: their numbers, and the list at its end.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::parse::escape::attribute;

/// The end of a paragraph that something stands in. No other event is this one.
pub(super) const END_OF_CUT_PARAGRAPH: Event<'static> =
    Event::InlineHtml(CowStr::Borrowed("</div>\n"));

/// The footnotes of a body, while it is being written.
#[derive(Debug, Default)]
pub(super) struct Footnotes<'a> {
    /// For each definition, in the order in which they stand, its number from 1.
    numbers: Vec<usize>,
    /// The definition that each label means.
    by_label: HashMap<String, usize>,
    /// How many definitions have been written.
    written: usize,
    /// How many references each number has got.
    references: HashMap<usize, usize>,
    /// What has been written, by number.
    list: BTreeMap<usize, Vec<Event<'a>>>,
}

impl<'a> Footnotes<'a> {
    /// Numbers go by first reference: in the text, then in the footnotes
    /// themselves. What nobody refers to comes last, and is not lost.
    pub fn of(events: &[(Event<'_>, Range<usize>)]) -> Self {
        let mut by_label = HashMap::new();
        let mut count = 0;
        let mut inside: Vec<usize> = Vec::new();
        // The labels referred to, in the text and in each definition.
        let mut labels: BTreeMap<Option<usize>, Vec<&str>> = BTreeMap::new();
        for (event, _) in events {
            match event {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    by_label.entry(label.to_string()).or_insert(count);
                    inside.push(count);
                    count += 1;
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    inside.pop();
                }
                Event::FootnoteReference(label) => {
                    labels.entry(inside.last().copied()).or_default().push(label);
                }
                _ => {}
            }
        }
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut numbers = vec![0; count];
        let mut number = |definition: usize, order: &mut Vec<usize>| {
            if numbers[definition] == 0 {
                order.push(definition);
                numbers[definition] = order.len();
            }
        };
        let mut read = 0;
        for root in std::iter::once(None).chain((0..count).map(Some)) {
            let mut source = root;
            if let Some(definition) = root {
                number(definition, &mut order);
            }
            loop {
                for label in labels.remove(&source).unwrap_or_default() {
                    if let Some(definition) = by_label.get(label) {
                        number(*definition, &mut order);
                    }
                }
                let Some(next) = order.get(read) else { break };
                source = Some(*next);
                read += 1;
            }
        }
        Self { numbers, by_label, ..Self::default() }
    }

    /// The number that a reference with this label shows.
    pub fn number(&self, label: &str) -> Option<usize> {
        self.by_label.get(label).map(|definition| self.numbers[*definition])
    }

    /// A reference to the footnote with this number.
    pub fn reference(&mut self, number: usize, word: &str) -> String {
        let nth = self.references.entry(number).or_default();
        *nth += 1;
        format!(
            "<sup class=\"fn-ref\"><a id=\"{}\" href=\"#fn-{number}\" role=\"doc-noteref\" \
             aria-label=\"{} {number}\">{number}</a></sup>",
            reference_id(number, *nth),
            attribute(word),
        )
    }

    /// Takes what the next definition became.
    pub fn define(&mut self, index: usize, written: Vec<Event<'a>>) {
        self.list.insert(self.numbers[index], written);
    }

    /// The index of the next definition.
    pub fn next(&mut self) -> usize {
        self.written += 1;
        self.written - 1
    }

    /// The list of footnotes, each with the ways back; nothing if there are none.
    pub fn section(self, title: &str, back: &str) -> Vec<Event<'a>> {
        let mut out = Vec::new();
        if self.list.is_empty() {
            return out;
        }
        let html = |html: String| Event::Html(html.into());
        out.push(html(format!(
            "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"{}\">\n<ol>\n",
            attribute(title)
        )));
        for (number, mut written) in self.list {
            let count = self.references.get(&number).copied().unwrap_or_default();
            let ways: String = (1..=count)
                .map(|nth| {
                    let id = reference_id(number, nth);
                    let label = attribute(back);
                    format!(
                        " <a class=\"fn-back\" href=\"#{id}\" role=\"doc-backlink\" \
                         aria-label=\"{label}\">\u{21a9}\u{fe0e}</a>"
                    )
                })
                .collect();
            out.push(html(format!("<li id=\"fn-{number}\">\n")));
            let ends = [Event::End(TagEnd::Paragraph), END_OF_CUT_PARAGRAPH];
            let last = written.pop_if(|event| ends.contains(event));
            out.append(&mut written);
            out.push(html(ways));
            out.extend(last);
            out.push(html("</li>\n".to_owned()));
        }
        out.push(html("</ol>\n</section>\n".to_owned()));
        out
    }
}

fn reference_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{nth}") }
}
