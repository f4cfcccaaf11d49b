//! The tables of a body. They scroll by themselves where the page is narrow, by
//! keyboard too, and each column has a header.

use pulldown_cmark::{Alignment, CowStr, Event, Tag, TagEnd};

use crate::parse::escape::attribute;
use crate::words::Words;

/// The tables of a body, while it is being written.
#[derive(Debug, Default)]
pub(super) struct Tables<'w> {
    /// How many there were.
    count: u32,
    /// How the columns of the one that is open are aligned.
    alignments: &'w [Alignment],
    in_head: bool,
    /// Of the next cell.
    column: usize,
    /// Where in what is written the cell that is open begins.
    cell: usize,
}

impl<'w> Tables<'w> {
    /// Writes where a table, its head, a row or a cell begins.
    pub fn start<'a>(&mut self, tag: &'w Tag<'a>, words: &Words, out: &mut Vec<Event<'a>>) {
        match tag {
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.count += 1;
                let mut name = attribute(words.say("table"));
                if self.count > 1 {
                    name = format!("{name} {}", self.count);
                }
                out.push(html(format!(
                    "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\"><table>"
                )));
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Left) => " class=\"left\"",
                    Some(Alignment::Center) => " class=\"center\"",
                    Some(Alignment::Right) => " class=\"right\"",
                    _ => "",
                };
                self.column += 1;
                self.cell = out.len();
                let cell = if self.in_head { "th scope=\"col\"" } else { "td" };
                out.push(html(format!("<{cell}{class}>")));
            }
            _ => {
                self.column = 0;
                self.in_head = matches!(tag, Tag::TableHead);
                out.push(html(if self.in_head { "<thead><tr>" } else { "<tr>" }));
            }
        }
    }

    /// Writes where one of them ends.
    pub fn end(&self, tag: TagEnd, out: &mut Vec<Event<'_>>) {
        let is_empty = out.len() == self.cell + 1;
        let end = match tag {
            TagEnd::Table => "</tbody></table></div>\n",
            TagEnd::TableHead => "</tr></thead><tbody>\n",
            TagEnd::TableRow => "</tr>\n",
            _ if !self.in_head => "</td>",
            _ if !is_empty => "</th>",
            _ => {
                // A header that says nothing is no header.
                out.pop();
                "<td></td>"
            }
        };
        out.push(html(end));
    }
}

fn html<'a>(html: impl Into<CowStr<'a>>) -> Event<'a> {
    Event::Html(html.into())
}
