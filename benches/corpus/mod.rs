//! A made-up record of any size: the same number and seed give the same
//! briefings.
//!
//! For `n` briefings there are `n / 5` speakers and 300 territories, a few of
//! which turn up in many briefings and most in few (Zipf and Mandelbrot). A
//! briefing has 3 to 6 speakers, 2 to 4 territories, 5 to 8 claims with a quote
//! each from the text, about 350 words with headings, lists, a footnote, two
//! links to other briefings and now and then a table.

mod hugo;
mod zola;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::{Date, date};

const FIRST_NAMES: [&str; 40] = [
    "Ada", "Boris", "Carmen", "Dov", "Edda", "Femi", "Gita", "Hugh", "Ilse", "Jaromir", "Kwame",
    "Lale", "Milan", "Nuria", "Otto", "Paula", "Qadir", "Rhea", "Stefan", "Tuva", "Ugo", "Vida",
    "Wim", "Xenia", "Yann", "Zarina", "Alois", "Berit", "Cyril", "Delia", "Enzo", "Fiona",
    "Gustav", "Hedda", "Iker", "Judit", "Kamil", "Lotte", "Matti", "Nives",
];
const LAST_NAMES: [&str; 40] = [
    "Almeida",
    "Brandt",
    "Cerny",
    "Dahl",
    "Engel",
    "Ferrari",
    "Gruber",
    "Horvat",
    "Ilic",
    "Juhasz",
    "Kovac",
    "Larsen",
    "Meyer",
    "Nemeth",
    "Olsen",
    "Papadakis",
    "Quist",
    "Rossi",
    "Sorensen",
    "Tamm",
    "Urban",
    "Vidal",
    "Winter",
    "Xuereb",
    "Yildiz",
    "Zeman",
    "Aalto",
    "Becker",
    "Conti",
    "Duran",
    "Esposito",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ionescu",
    "Jensen",
    "Keller",
    "Lindgren",
    "Marino",
    "Nagy",
];
const SIDES: [&str; 20] = [
    "Northern", "Southern", "Eastern", "Western", "Hither", "Farther", "Greater", "Lesser",
    "Middle", "Hinder", "Broad", "Narrow", "Red", "Green", "Blue", "Grey", "Elder", "Younger",
    "Bright", "Hollow",
];
const LANDS: [&str; 15] = [
    "Moors", "Harbours", "Heaths", "Islands", "Lakes", "Passes", "Fens", "Downs", "Straits",
    "Forests", "Meadows", "Cliffs", "Shoals", "Springs", "Terraces",
];
const BODIES: [&str; 12] = [
    "the treasury",
    "the harbour office",
    "the river commission",
    "the college of auditors",
    "the farmers' league",
    "the railway board",
    "the upper chamber",
    "the city council",
    "the survey of mines",
    "the fire brigade union",
    "the office of statistics",
    "the patients' association",
];
const DID: [&str; 14] = [
    "approved",
    "contested",
    "delayed",
    "proposed",
    "recalled",
    "justified",
    "amended",
    "disclosed",
    "declined",
    "supported",
    "doubted",
    "priced",
    "dropped",
    "prolonged",
];
const MATTERS: [&str; 14] = [
    "the third lock of the canal",
    "a ceiling on bread prices",
    "the night train",
    "the cod quota",
    "a reserve of heating oil",
    "the indexation of wages",
    "a stop to sand mining",
    "the dates of the harvest count",
    "a fund for storm damage",
    "the bridge toll",
    "the new weighing station",
    "the plan for village schools",
    "the licence of the local radio",
    "the repair of the county clinic",
];
const BECAUSE: [&str; 10] = [
    "against the advice of two experts",
    "after a year of hearings",
    "as the accord of last autumn says",
    "before any study of what follows from it",
    "although no two tables agree",
    "as the neighbours had wished",
    "as long as the budget holds",
    "in time for the spring session",
    "while others asked for an inquiry",
    "with most of the villages behind it",
];
const HEADINGS: [&str; 8] = [
    "How it came about",
    "The words",
    "The numbers",
    "Where they differ",
    "Said before",
    "What is open",
    "Answers",
    "Next steps",
];
const UNITS: [&str; 7] =
    ["per cent", "million francs", "dwellings", "acres", "tons", "posts", "miles"];
const QUOTED: [(&str, &str); 5] = [
    ("We have been told of", "and will not be silent about it"),
    ("Nobody in this house asked for", "and nobody will miss it"),
    ("They were warned of", "long before the vote"),
    ("I have seen the papers on", "and they are not what was said"),
    ("Our people paid twice for", "and got it once"),
];

/// A made-up record.
pub struct Corpus {
    pub briefings: Vec<Briefing>,
    /// Whether the site has a search index, which takes longer to make than all
    /// the rest. The peers make none.
    pub search: bool,
}

pub struct Named {
    pub id: String,
    pub name: String,
}

pub struct Briefing {
    /// The name of its file, and its id.
    pub slug: String,
    pub title: String,
    pub date: Date,
    pub speakers: Vec<Named>,
    pub territories: Vec<Named>,
    pub claims: Vec<Claim>,
    /// Markdown.
    pub body: String,
}

pub struct Claim {
    pub id: String,
    pub text: String,
    pub quote: String,
    /// A place in [`Briefing::speakers`].
    pub speaker: usize,
    /// Places in [`Briefing::territories`].
    pub territories: Vec<usize>,
    pub date: Date,
    pub standing: Standing,
}

#[derive(Clone, Copy)]
pub enum Standing {
    /// A grade of the desk's, 1 to 6.
    Graded(u8),
    Deprecated,
}

impl Corpus {
    pub fn new(briefings: usize, seed: u64) -> Self {
        let random = |part: u64| Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ part);
        let people: Vec<String> = names(&FIRST_NAMES, &LAST_NAMES, 6.max(briefings / 5));
        let lands: Vec<String> = names(&SIDES, &LANDS, SIDES.len() * LANDS.len());
        let (often_people, often_lands) = (Draw::new(people.len()), Draw::new(lands.len()));
        // Titles first, so that a text can link to any briefing.
        let heads: Vec<(String, String, Vec<usize>)> = (0..briefings)
            .map(|n| {
                let mut rng = random(2 * n as u64);
                let number = rng.usize(2..=4);
                let where_: Vec<usize> = often_lands.some(&mut rng, number);
                let matter = pick(&mut rng, &MATTERS);
                let did = pick(&mut rng, &DID);
                let title = format!("{}: {did} in the {}", capital(matter), lands[where_[0]]);
                (format!("{n:06}-{}", slug(&title)), title, where_)
            })
            .collect();
        let first = date(2015, 1, 1);
        let briefing = |(n, (slug, title, where_)): (usize, &(String, String, Vec<usize>))| {
            let mut rng = random(2 * n as u64 + 1);
            let number = rng.usize(3..=6);
            let who = often_people.some(&mut rng, number);
            let date = first.saturating_add(rng.i32(0..4017).days());
            let claims: Vec<Claim> = (0..rng.usize(5..=8))
                .map(|k| claim(&mut rng, n, k, date, who.len(), where_, &lands))
                .collect();
            let named = |all: &[String], which: &[usize]| -> Vec<Named> {
                which
                    .iter()
                    .map(|&at| Named { id: self::slug(&all[at]), name: all[at].clone() })
                    .collect()
            };
            let (speakers, territories) = (named(&people, &who), named(&lands, where_));
            let related = [rng.usize(0..briefings), rng.usize(0..briefings)];
            let related = related.map(|at| (heads[at].0.as_str(), heads[at].1.as_str()));
            let body = body(&mut rng, n, date, &speakers, &territories, &claims, related);
            Briefing {
                slug: slug.clone(),
                title: title.clone(),
                date,
                speakers,
                territories,
                claims,
                body,
            }
        };
        Self { briefings: heads.iter().enumerate().map(briefing).collect(), search: false }
    }

    /// The files of a site of onrecord's: path from its root, and text.
    pub fn files(&self) -> impl Iterator<Item = (String, String)> {
        // The peers list no checksums; and valgrind, which counts instructions, has
        // none of those that processors have for them.
        let config = format!(
            "title: A made-up record\nbase_url: https://record.test/\nlanguage: en\nsearch: {}\n\
             manifest: false\n",
            self.search
        );
        let config = ("site.yaml".to_owned(), config);
        let briefing = |briefing: &Briefing| {
            let text = format!("---\n{}---\n{}", front_matter(briefing), briefing.body);
            (format!("content/briefings/{}.md", briefing.slug), text)
        };
        std::iter::once(config).chain(self.briefings.iter().map(briefing))
    }

    /// Writes a site of onrecord's to a new or empty folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("content/briefings"))?;
        self.files().try_for_each(|(path, text)| fs::write(folder.join(path), text))
    }
}

fn front_matter(briefing: &Briefing) -> String {
    let mut yaml = format!("title: \"{}\"\ndate: {}\nspeakers:\n", briefing.title, briefing.date);
    let list = |yaml: &mut String, all: &[Named]| {
        for Named { id, name } in all {
            let _ = writeln!(yaml, "  - {{id: {id}, name: \"{name}\"}}");
        }
    };
    list(&mut yaml, &briefing.speakers);
    yaml.push_str("territories:\n");
    list(&mut yaml, &briefing.territories);
    yaml.push_str("claims:\n");
    for claim in &briefing.claims {
        let territories: Vec<&str> =
            claim.territories.iter().map(|&at| briefing.territories[at].id.as_str()).collect();
        let _ = write!(
            yaml,
            "  - id: {}\n    text: \"{}\"\n    speaker: {}\n    quote: \"{}\"\n    territories: \
             [{}]\n    date: {}\n",
            claim.id,
            claim.text,
            briefing.speakers[claim.speaker].id,
            claim.quote,
            territories.join(", "),
            claim.date,
        );
        match claim.standing {
            Standing::Graded(grade) => {
                let _ = writeln!(yaml, "    assessment: {{credibility: {grade}}}");
            }
            Standing::Deprecated => yaml.push_str("    rank: deprecated\n"),
        }
    }
    yaml
}

fn claim(
    rng: &mut Rng,
    briefing: usize,
    place: usize,
    date: Date,
    speakers: usize,
    where_: &[usize],
    lands: &[String],
) -> Claim {
    let mut territories: Vec<usize> = (0..where_.len()).collect();
    rng.shuffle(&mut territories);
    territories.truncate(rng.usize(1..=2));
    let land = &lands[where_[territories[0]]];
    let (start, end) = QUOTED[rng.usize(..QUOTED.len())];
    let (number, unit) = (rng.usize(3..98), pick(rng, &UNITS));
    let quote = format!(
        "{start} {}, {number} {unit} in the {land}, {end}, {}",
        pick(rng, &MATTERS),
        pick(rng, &BECAUSE)
    );
    let standing = match rng.usize(..100) {
        0..40 => Standing::Graded(2),
        40..65 => Standing::Graded(4),
        65..85 => Standing::Graded(6),
        85..95 => Standing::Graded(5),
        _ => Standing::Deprecated,
    };
    Claim {
        id: format!("c{briefing:06}-{}", place + 1),
        text: sentence(rng, land),
        quote,
        speaker: rng.usize(..speakers),
        territories,
        date: date.saturating_sub(rng.i32(0..60).days()),
        standing,
    }
}

fn body(
    rng: &mut Rng,
    number: usize,
    date: Date,
    speakers: &[Named],
    territories: &[Named],
    claims: &[Claim],
    related: [(&str, &str); 2],
) -> String {
    let mut headings = HEADINGS;
    rng.shuffle(&mut headings);
    let some = |rng: &mut Rng, sentences: usize| -> String {
        let sentences: Vec<String> = (0..sentences)
            .map(|_| {
                let land = rng.usize(..territories.len());
                sentence(rng, &territories[land].name)
            })
            .collect();
        sentences.join(" ")
    };
    let who = |claim: &Claim| speakers[claim.speaker].name.as_str();
    let [first, second, rest @ ..] = claims else { unreachable!("there are at least five") };
    let mut blocks = vec![
        format!(
            "{} This is about the **{}** and the *{}*; the [papers](https://example.org/papers/{number}) \
             can be read.[^1]",
            some(rng, 2),
            territories[0].name,
            territories[1].name
        ),
        format!("## {}", headings[0]),
        some(rng, 2),
        format!("In the words of {}, \"{}\". {}", who(first), first.quote, some(rng, 1)),
        format!("> {}\n>\n> — {}", second.quote, who(second)),
        format!("## {}", headings[1]),
        some(rng, 2),
    ];
    let (listed, told) = rest.split_at(3);
    let item = |claim: &Claim| format!("- **{}**: \"{}\"", who(claim), claim.quote);
    blocks.push(listed.iter().map(item).collect::<Vec<_>>().join("\n"));
    blocks.push(some(rng, 1));
    blocks.extend(told.iter().map(|claim| format!("{} added: \"{}\".", who(claim), claim.quote)));
    let [one, other] = related;
    blocks.extend([
        format!("### {}", headings[2]),
        some(rng, 3),
        format!(
            "Compare [{}](/briefings/{}.html) and [{}](/briefings/{}.html).",
            one.1, one.0, other.1, other.0
        ),
        format!("## {}", headings[3]),
        (1..=3).map(|n| format!("{n}. {}", some(rng, 1))).collect::<Vec<_>>().join("\n"),
    ]);
    if rng.usize(..5) == 0 {
        let mut table = "| Where | How much | Of what |\n| --- | ---: | --- |".to_owned();
        for territory in territories {
            let (figure, unit) = (rng.usize(1..100), pick(rng, &UNITS));
            let _ = write!(table, "\n| {} | {figure} | {unit} |", territory.name);
        }
        blocks.push(table);
    }
    blocks.push(some(rng, 1));
    blocks.push(format!("[^1]: {} Seen on {date}.", some(rng, 1)));
    blocks.join("\n\n") + "\n"
}

fn sentence(rng: &mut Rng, land: &str) -> String {
    let what = format!("{} {} {}", pick(rng, &BODIES), pick(rng, &DID), pick(rng, &MATTERS));
    let placed = match rng.usize(..10) {
        0..3 => format!("in the {land}, {what}"),
        3..5 => format!("{what} at a price of {} {}", rng.usize(2..980), pick(rng, &UNITS)),
        _ => what,
    };
    let whole = if rng.usize(..4) == 0 {
        format!("{placed} in {}.", rng.usize(2009..2026))
    } else {
        format!("{placed}, {}.", pick(rng, &BECAUSE))
    };
    capital(&whole)
}

/// All pairs of words, and then with letters between them, as many as are asked
/// for; the same ones for every seed.
fn names(first: &[&str], last: &[&str], number: usize) -> Vec<String> {
    let mut pairs: Vec<(&str, &str)> =
        first.iter().flat_map(|one| last.iter().map(move |other| (*one, *other))).collect();
    Rng::with_seed(7).shuffle(&mut pairs);
    let between = |n: usize| match n / pairs.len() {
        0 => String::new(),
        round => format!(" {}.", letters(round - 1)),
    };
    (0..number)
        .map(|n| {
            let (one, other) = pairs[n % pairs.len()];
            format!("{one}{} {other}", between(n))
        })
        .collect()
}

/// A, B, ... Z, BA, BB, ...
fn letters(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).expect("it is below 26"));
    if n < 26 { last.to_string() } else { letters(n / 26) + &last.to_string() }
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

fn slug(text: &str) -> String {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// Draws places of which the first come up often: the weight of the one at rank
/// r, counted from 1, is 1 / (r + 10).
struct Draw {
    /// The weight of each and all before it.
    up_to: Vec<f64>,
}

impl Draw {
    fn new(number: usize) -> Self {
        let mut sum = 0.0;
        let up_to = (0..u32::try_from(number).expect("there are fewer")).map(|rank| {
            sum += 1.0 / (f64::from(rank) + 11.0);
            sum
        });
        Self { up_to: up_to.collect() }
    }

    /// This many different places.
    fn some(&self, rng: &mut Rng, number: usize) -> Vec<usize> {
        let mut drawn = Vec::new();
        while drawn.len() < number {
            let at = rng.f64() * self.up_to.last().copied().unwrap_or_default();
            let place = self.up_to.partition_point(|up_to| *up_to <= at);
            if !drawn.contains(&place) {
                drawn.push(place);
            }
        }
        drawn
    }
}
