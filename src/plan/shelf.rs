//! Long lists, put on shelves: a list that is too long for one page is divided
//! by year, then month, then day, or by the first letters of names, until
//! every part fits. So one more item changes the pages above it and no others,
//! and no page grows with the site.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::date::DAYS;
use crate::id::is_reserved;
use crate::resolve::site::Filing;
use crate::words::Words;

/// How many items a page may list, and how many of the newest it shows where
/// there are more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Up to this many stand on the page itself.
    pub whole: usize,
    /// Of more, this many of the newest.
    pub newest: usize,
    /// Up to this many stand on one page of the archive.
    pub shelf: usize,
}

/// Lists on the page of an entity, of which it may have several.
pub const ON_A_PAGE: Limits = Limits { whole: 100, newest: 20, shelf: 100 };

/// The list of an index.
pub const ON_AN_INDEX: Limits = Limits { whole: 100, newest: 40, shelf: 100 };

/// A part of a list, as a page of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf<T> {
    /// In a list of shelves: `2025`, `March`, `21`, `S`, `Undated`.
    pub label: String,
    /// As a heading: `March 2025`.
    pub title: String,
    /// In its address: `2025-03`.
    pub slug: String,
    /// What stands on its page.
    pub items: Arc<[T]>,
    /// How many items are on it and below it.
    pub count: usize,
    /// Whether the names of items decide which of them stand on it.
    pub is_by_name: bool,
    /// What it is divided into, where it is too long.
    pub below: Vec<Shelf<T>>,
}

impl<T> Shelf<T> {
    /// A list that is not divided.
    #[must_use]
    pub fn whole(items: impl Into<Arc<[T]>>) -> Self {
        let items = items.into();
        Self {
            label: String::new(),
            title: String::new(),
            slug: String::new(),
            count: items.len(),
            items,
            is_by_name: false,
            below: Vec::new(),
        }
    }
}

/// By what a list is divided.
pub enum Order<'a, T> {
    /// By date. The items come newest first, the undated last; the undated of
    /// a long list are divided by name.
    Date(DateOf<'a, T>, NameOf<'a, T>),
    /// By name. The items come by name.
    Name(NameOf<'a, T>),
}

/// Divides a list. Of the whole, `items` are those to be shown on the page
/// that has the list.
pub fn shelve<T: Clone + Send + Sync>(
    items: &[T],
    order: &Order<'_, T>,
    limits: Limits,
    words: &Words,
) -> Shelf<T> {
    if items.len() <= limits.whole {
        return Shelf::whole(items);
    }
    let (shown, below) = match order {
        Order::Date(date, name) => {
            (limits.newest, by_year(items, *date, *name, limits.shelf, words))
        }
        Order::Name(name) => (0, by_name(items, *name, limits.shelf, words, ["", ""])),
    };
    Shelf { count: items.len(), below, ..Shelf::whole(&items[..shown.min(items.len())]) }
}

type DateOf<'a, T> = &'a (dyn Fn(&T) -> Option<Filing> + Sync);
type NameOf<'a, T> = &'a (dyn Fn(&T) -> &'a str + Sync);

fn by_year<T: Clone + Send + Sync>(
    items: &[T],
    date: DateOf<'_, T>,
    name: NameOf<'_, T>,
    most: usize,
    words: &Words,
) -> Vec<Shelf<T>> {
    let of_year = |(year, items): (Option<i32>, &[T])| {
        if let Some(year) = year {
            let label = year.to_string();
            shelf(&label, &label, label.clone(), items, most, |items| {
                by_month(items, year, date, name, most, words)
            })
        } else {
            let undated = words.say("undated");
            shelf(undated, undated, "undated".to_owned(), items, most, |items| {
                by_name(items, name, most, words, ["undated-", undated])
            })
        }
    };
    let years = runs(items, |item| date(item).map(|(year, ..)| year));
    if items.len() > most {
        // All years may have to be divided, each by itself.
        years.collect::<Vec<_>>().into_par_iter().map(of_year).collect()
    } else {
        years.map(of_year).collect()
    }
}

fn by_month<T: Clone>(
    items: &[T],
    year: i32,
    date: DateOf<'_, T>,
    name: NameOf<'_, T>,
    most: usize,
    words: &Words,
) -> Vec<Shelf<T>> {
    runs(items, |item| date(item).and_then(|(_, month, _)| month))
        .map(|(month, items)| {
            if let Some(month) = month {
                let label = words.month(month);
                let year = year.to_string();
                let title = words.fill("date_month", &[("month", label), ("year", &year)]);
                let slug = format!("{year}-{month:02}");
                shelf(label, &title, slug.clone(), items, most, |items| {
                    by_day(items, [&title, &slug], month, date, name, most, words)
                })
            } else {
                let title = words.fill("month_unknown_in", &[("year", &year.to_string())]);
                let slug = format!("{year}-unknown");
                shelf(words.say("month_unknown"), &title, slug.clone(), items, most, |items| {
                    by_name(items, name, most, words, [&format!("{slug}-"), &title])
                })
            }
        })
        .collect()
}

fn by_day<T: Clone>(
    items: &[T],
    [month, slug]: [&str; 2],
    number: u8,
    date: DateOf<'_, T>,
    name: NameOf<'_, T>,
    most: usize,
    words: &Words,
) -> Vec<Shelf<T>> {
    runs(items, |item| date(item).and_then(|(.., day)| day))
        .map(|(day, items)| {
            let (label, title, slug) = match day {
                Some(day) => {
                    let label = day.to_string();
                    let beside = words.fill(DAYS[usize::from(number - 1)], &[("day", &label)]);
                    let year = slug.split('-').next().unwrap_or_default();
                    let title = words.fill("date_day", &[("day", &beside), ("year", year)]);
                    (label, title, format!("{slug}-{day:02}"))
                }
                None => (
                    words.say("day_unknown").to_owned(),
                    words.fill("day_unknown_in", &[("month", month)]),
                    format!("{slug}-unknown"),
                ),
            };
            shelf(&label, &title, slug.clone(), items, most, |items| {
                by_name(items, name, most, words, [&format!("{slug}-"), &title])
            })
        })
        .collect()
}

/// How many letters of a name decide at most.
const LETTERS: usize = 24;

/// Divides by the first letter of names.
fn by_name<T: Clone>(
    items: &[T],
    name: NameOf<'_, T>,
    most: usize,
    words: &Words,
    within: [&str; 2],
) -> Vec<Shelf<T>> {
    let lettered: Vec<(String, &T)> =
        items.iter().map(|item| (letters(name(item)), item)).collect();
    by_letter(&lettered.iter().collect::<Vec<_>>(), 1, most, words, within)
}

/// Divides by the letters of names up to the one that is counted `length` from 1,
/// and goes on where they have too many. Names that do not go on, or are the same,
/// stay together. Each item comes behind its letters.
fn by_letter<T: Clone>(
    items: &[&(String, &T)],
    length: usize,
    most: usize,
    words: &Words,
    [before, title]: [&str; 2],
) -> Vec<Shelf<T>> {
    let mut parts: BTreeMap<&str, Vec<&(String, &T)>> = BTreeMap::new();
    for item in items {
        let end = item.0.char_indices().nth(length).map_or(item.0.len(), |(end, _)| end);
        parts.entry(&item.0[..end]).or_default().push(item);
    }
    let goes_on = |start: &str| start.chars().count() == length && length < LETTERS;
    if parts.len() == 1 && parts.keys().all(|start| goes_on(start)) {
        // A page that leads to one other page alone helps nobody.
        return by_letter(items, length + 1, most, words, [before, title]);
    }
    parts
        .into_iter()
        .map(|(start, items)| {
            let goes_on = goes_on(start);
            let (label, part) = if start.is_empty() {
                (words.say("other_letters").to_owned(), "no-letter".to_owned())
            } else {
                // Vowels go back to their consonants.
                let start: String = start.nfc().collect();
                let mut letters = start.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                let label = first.chain(letters).collect();
                (label, if goes_on { start } else { start + "-whole" })
            };
            let mut slug = format!("{before}{part}");
            if is_reserved(&slug) {
                slug += "-names";
            }
            let too_many = goes_on && items.len() > most;
            let (here, below) = if too_many {
                (Arc::default(), by_letter(&items, length + 1, most, words, [before, title]))
            } else {
                (items.iter().map(|(_, item)| T::clone(item)).collect(), Vec::new())
            };
            Shelf {
                title: if title.is_empty() {
                    label.clone()
                } else {
                    [title, ", ", &label].concat()
                },
                label,
                slug,
                items: here,
                count: items.len(),
                is_by_name: true,
                below,
            }
        })
        .collect()
}

/// The first letters and digits of a name, lower case and without their accents.
fn letters(name: &str) -> String {
    let mut letters = String::with_capacity(LETTERS);
    if name.is_ascii() {
        // Normalising is most of what this costs.
        let plain = name.bytes().filter(u8::is_ascii_alphanumeric);
        letters.extend(plain.take(LETTERS).map(|b| char::from(b.to_ascii_lowercase())));
    } else {
        let letter = |c: &char| c.is_alphanumeric();
        let lower = name.nfd().filter(letter).flat_map(char::to_lowercase).filter(letter);
        letters.extend(lower.take(LETTERS));
    }
    letters
}

fn shelf<T: Clone>(
    label: &str,
    title: &str,
    slug: String,
    items: &[T],
    most: usize,
    divide: impl FnOnce(&[T]) -> Vec<Shelf<T>>,
) -> Shelf<T> {
    let too_many = items.len() > most;
    Shelf {
        label: label.to_owned(),
        title: title.to_owned(),
        slug,
        items: if too_many { Arc::default() } else { items.into() },
        count: items.len(),
        is_by_name: false,
        below: if too_many { divide(items) } else { Vec::new() },
    }
}

/// Stretches of items that have the same key.
fn runs<T, K: PartialEq>(items: &[T], key: impl Fn(&T) -> K) -> impl Iterator<Item = (K, &[T])> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let first = key(rest.first()?);
        let length = rest.iter().take_while(|item| key(item) == first).count();
        let (run, after) = rest.split_at(length);
        rest = after;
        Some((first, run))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { whole: 2, newest: 1, shelf: 2 };

    fn outline<T>(shelf: &Shelf<T>) -> String {
        let below: Vec<String> = shelf.below.iter().map(outline).collect();
        let below = if below.is_empty() { String::new() } else { format!("[{}]", below.join(" ")) };
        format!("{}:{}/{}{below}", shelf.slug, shelf.items.len(), shelf.count)
    }

    #[test]
    fn a_list_is_divided_until_every_part_fits() {
        let items: Vec<Option<Filing>> = vec![
            Some((2025, Some(4), Some(2))),
            Some((2025, Some(4), Some(1))),
            Some((2025, Some(4), Some(1))),
            Some((2025, Some(1), None)),
            Some((2024, None, None)),
            None,
        ];
        let order = Order::Date(&|i| *i, &|_| "x");
        assert_eq!(
            outline(&shelve(&items, &order, SMALL, &Words::default())),
            ":1/6[2025:0/4[2025-04:0/3[2025-04-02:1/1 2025-04-01:2/2] 2025-01:1/1] 2024:1/1 undated:1/1]"
        );
    }

    #[test]
    fn names_are_divided_by_as_many_letters_as_it_takes() {
        let names = ["Ábel", "Abe", "Acton", "Bea", "…", "Żuk", "Zed"];
        let order = Order::Name(&|n: &&str| n);
        assert_eq!(
            outline(&shelve(&names, &order, SMALL, &Words::default())),
            ":0/7[no-letter:1/1 a:0/3[ab:2/2 ac:1/1] b:1/1 z:2/2]"
        );
        // By parts of syllables, which addresses have in normal form.
        let names = ["가", "각", "고", "나"];
        let order = Order::Name(&|n: &&str| n);
        assert_eq!(
            outline(&shelve(&names, &order, SMALL, &Words::default())),
            ":0/4[\u{1100}:0/3[가:2/2 고:1/1] \u{1102}:1/1]"
        );
        // No file may be called as a device is.
        let names = ["Conn", "Conny", "Connie", "Coe", "Bo"];
        let order = Order::Name(&|n: &&str| n);
        assert_eq!(
            outline(&shelve(&names, &order, SMALL, &Words::default())),
            ":0/5[b:1/1 c:0/4[coe:1/1 con-names:0/3[conn-whole:1/1 conni:1/1 conny:1/1]]]"
        );
        let same = ["Same"; 5];
        assert_eq!(
            outline(&shelve(&same, &order, SMALL, &Words::default())),
            ":0/5[same-whole:5/5]"
        );
    }

    #[test]
    fn a_short_list_stays_whole() {
        let order = Order::Name(&|n: &&str| n);
        assert_eq!(outline(&shelve(&["b", "a"], &order, SMALL, &Words::default())), ":2/2");
    }
}
