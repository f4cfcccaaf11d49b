//! Other entities as a page may show them: a title, an address, a few facts.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::ratings;
use super::wanted::{Ask, Wanted};
use crate::date::Date;
use crate::model::claim::{ClaimKind, Rank};
use crate::model::speaker::SpeakerType;
use crate::plan::lists::Item;
use crate::plan::route;
use crate::resolve::site::{ClaimNode, Entity, Site};
use crate::resolve::standing::{self, Standing};
use crate::words::Words;

/// A date for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView<'a> {
    /// As it was written (EDTF).
    pub edtf: &'a str,
    /// As one would say it.
    pub words: InWords<'a>,
    /// For the `datetime` attribute of `time`; absent where HTML has no form
    /// for it.
    pub html: Option<&'a str>,
}

/// Words that are made where a template asks for them: few print the date of
/// everything that has one.
#[derive(Debug, Clone)]
pub enum InWords<'a> {
    /// These.
    Said(&'a str),
    /// A date in the site's language.
    Date(&'a Words, &'a Date),
}

impl InWords<'_> {
    fn say(&self) -> Cow<'_, str> {
        match self {
            Self::Said(words) => Cow::Borrowed(words),
            Self::Date(words, date) => Cow::Owned(words.date(date)),
        }
    }
}

impl PartialEq for InWords<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.say() == other.say()
    }
}

impl Eq for InWords<'_> {}

impl Serialize for InWords<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.say())
    }
}

/// A name that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub struct Ref<'a> {
    /// The words to print.
    pub name: Cow<'a, str>,
    /// Where they lead, from the site's root; absent for plain words.
    pub url: Option<String>,
}

/// Items of a list, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Items {
    /// One after the other, each as `list_item` has it. Safe HTML; empty where
    /// there are none.
    pub html: String,
    /// How many.
    pub count: usize,
    /// What all of them are, as `card.is` says it: `claim`. Absent where they are
    /// not all of one kind.
    pub is: Option<&'static str>,
    /// The same items as runs of one kind each, where there is more than one.
    pub runs: Vec<Run>,
}

/// Neighbours in a list that are of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// What they are, as `card.is` says it: `claim`.
    pub is: &'static str,
    /// One after the other, each as `list_item` has it. Safe HTML.
    pub html: String,
    /// How many.
    pub count: usize,
}

impl Items {
    /// These items.
    pub fn of(items: impl IntoIterator<Item = Item>, ask: &Ask<'_>) -> Self {
        let mut all = Self::default();
        // Where each run begins, in items and in bytes.
        let mut begins: Vec<(&'static str, usize, usize)> = Vec::new();
        let items = items.into_iter();
        let count = items.size_hint().0;
        for item in items {
            let is = is(item);
            if begins.last().is_none_or(|(last, ..)| *last != is) {
                begins.push((is, all.count, all.html.len()));
            }
            (ask.draw)(item, &mut all.html);
            all.count += 1;
            if all.count == 1 {
                // Others are about as long.
                all.html.reserve(all.html.len() * count);
            }
        }
        if let [(is, ..)] = begins[..] {
            all.is = Some(is);
            return all;
        }
        let ends = begins.iter().skip(1).map(|(_, count, at)| (*count, *at));
        let ends = ends.chain([(all.count, all.html.len())]);
        let run = |(&(is, count, at), (count_end, end)): (&(_, usize, usize), (usize, usize))| {
            Run { is, html: all.html[at..end].to_owned(), count: count_end - count }
        };
        all.runs = begins.iter().zip(ends).map(run).collect();
        all
    }

    /// These claims.
    pub fn claims<'c>(claims: impl IntoIterator<Item = &'c u32>, ask: &Ask<'_>) -> Self {
        Self::of(claims.into_iter().map(|c| Item::Entity(Entity::Claim(*c))), ask)
    }
}

/// A name and how many claims stand behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted<'a> {
    /// The words to print.
    pub name: &'a str,
    /// Where they lead.
    pub url: String,
    /// How many.
    pub count: usize,
}

/// The most frequent of some names, and how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Tally<'a> {
    /// The most frequent first, then by name.
    pub items: Vec<Counted<'a>>,
    /// How many names are left out.
    pub more: usize,
}

/// One entity as a list or a note shows it. Templates tell them apart by
/// `card.is`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Card<'a> {
    /// A briefing.
    Briefing(BriefingCard<'a>),
    /// A claim.
    Claim(ClaimCard<'a>),
    /// A speaker.
    Speaker(SpeakerCard<'a>),
    /// A territory.
    Territory(TerritoryCard<'a>),
    /// A source.
    Source(SourceCard<'a>),
    /// A proposition.
    Proposition(PropositionCard<'a>),
    /// A topic.
    Topic(TopicCard<'a>),
    /// A plain page.
    Page(Ref<'a>),
    /// A correction.
    Correction(CorrectionCard<'a>),
}

/// A briefing, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BriefingCard<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its page.
    pub url: String,
    /// When it was written.
    pub date: Option<DateView<'a>>,
    /// What it says, where the author says so.
    pub summary: Option<&'a str>,
    /// Its language where that is not the site's.
    pub lang: Option<&'a str>,
    /// How many claims it records.
    pub claims: usize,
}

/// A claim, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimCard<'a> {
    /// The claim in the desk's words.
    pub text: &'a str,
    /// Its language, where that is not the site's.
    pub lang: Option<&'a str>,
    /// Its page.
    pub url: String,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    pub kind: &'static str,
    /// When it was said.
    pub date: Option<DateView<'a>>,
    /// When the briefing that records it was written, where it is not known when it
    /// was said: lists have it in the order of that day.
    pub recorded: Option<DateView<'a>>,
    /// Who said it: whom the chain ends at. Empty where nobody is named.
    pub by: Vec<Ref<'a>>,
    /// Through whom it came, outermost first.
    pub via: Vec<Ref<'a>>,
    /// The briefing that records it.
    pub briefing: Ref<'a>,
    /// Words for its standing, such as `contested`; empty where there is
    /// nothing out of the ordinary to say. `single-source` is left to the
    /// claim's own page.
    pub standing: Vec<&'static str>,
    /// `preferred`, `normal` or `deprecated`.
    pub rank: &'static str,
    /// What published fact-checks say, as `half-true (PolitiFact)`.
    pub ratings: Vec<String>,
}

/// A speaker, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpeakerCard<'a> {
    /// The name to print.
    pub name: &'a str,
    /// Its page.
    pub url: String,
    /// `person`, `organization`, `unidentified`; absent where nobody says.
    pub kind: Option<&'static str>,
    /// What they are, in a few words.
    pub role: Option<&'a str>,
    /// How many claims they made.
    pub claims: usize,
}

/// A territory, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryCard<'a> {
    /// The name to print.
    pub name: &'a str,
    /// Its page.
    pub url: String,
    /// What sort of place.
    pub kind: Option<&'a str>,
    /// How many claims concern it.
    pub claims: usize,
    /// Whether more than one claims it, or another controls it than claims it.
    pub disputed: bool,
}

/// A source, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceCard<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its page.
    pub url: String,
    /// Its schema.org type in words, such as `news article`.
    pub kind: Option<String>,
    /// When it appeared.
    pub date: Option<DateView<'a>>,
    /// Who published it.
    pub publisher: Option<&'a str>,
    /// Where it is, outside.
    pub address: Option<String>,
    /// Where a copy is kept, outside.
    pub archived: Option<String>,
    /// A to F.
    pub reliability: Option<&'a str>,
    /// How many claims rest on it.
    pub claims: usize,
}

/// A proposition, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PropositionCard<'a> {
    /// What is being said.
    pub text: &'a str,
    /// Its page.
    pub url: String,
    /// How many claims state it.
    pub claims: usize,
}

/// A topic, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicCard<'a> {
    /// The name to print.
    pub name: &'a str,
    /// Its page.
    pub url: String,
    /// How many briefings belong to it.
    pub briefings: usize,
    /// How many claims belong to it.
    pub claims: usize,
}

/// A correction, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionCard<'a> {
    /// When it was made.
    pub date: Option<DateView<'a>>,
    /// How it read.
    pub was: Option<&'a str>,
    /// How it reads.
    pub now: &'a str,
    /// The briefing that was corrected; the address leads to the correction.
    pub briefing: Ref<'a>,
    /// The claims that it touches.
    pub claims: Vec<Ref<'a>>,
}

/// What the card of an item is, as its field `is` says it.
fn is(item: Item) -> &'static str {
    match item {
        Item::Entity(entity) => entity.word(),
        Item::Correction(..) => "correction",
    }
}

/// A date for the reader, where there is one.
#[must_use]
pub fn date<'a>(site: &'a Site, date: Option<&'a Date>) -> Option<DateView<'a>> {
    let date = date?;
    let words = InWords::Date(&site.words, date);
    Some(DateView { edtf: date.as_str(), words, html: date.html() })
}

impl<'a> Ref<'a> {
    /// Words that lead nowhere.
    #[must_use]
    pub fn plain(words: &'a str) -> Self {
        Self { name: Cow::Borrowed(words), url: None }
    }

    /// An entity by its name.
    #[must_use]
    pub fn to(site: &'a Site, entity: Entity) -> Self {
        Self::at(site.name(entity), route::entity(site, entity))
    }

    /// Words that lead to an address.
    #[must_use]
    pub fn at(words: &'a str, url: String) -> Self {
        Self { name: Cow::Borrowed(words), url: Some(url) }
    }

    /// A speaker, if the words are a speaker's name; the words themselves if
    /// not.
    #[must_use]
    pub fn speaker_or_words(site: &'a Site, words: &'a str) -> Self {
        match site.names.speakers.one(words) {
            Some(speaker) => Self::to(site, Entity::Speaker(speaker)),
            None => Self::plain(words),
        }
    }

    /// Whoever is named as the voice of some words: a speaker, plain words, or
    /// `author` for the text's own.
    #[must_use]
    pub fn voice(site: &'a Site, name: &'a str) -> Self {
        match name {
            "author" => Self::plain(site.words.say("the_author")),
            name => Self::speaker_or_words(site, name),
        }
    }

    /// A source, if the words are its title or id; the words themselves if not.
    #[must_use]
    pub fn source_or_words(site: &'a Site, words: &'a str) -> Self {
        match site.names.sources.one(words) {
            Some(source) => Self::to(site, Entity::Source(source)),
            None => Self::plain(words),
        }
    }
}

/// References to several speakers.
pub fn speakers<'a, 'i>(
    site: &'a Site,
    indexes: impl IntoIterator<Item = &'i u32>,
) -> Vec<Ref<'a>> {
    indexes.into_iter().map(|s| Ref::to(site, Entity::Speaker(*s))).collect()
}

/// The most that a tally names.
const TALLY: usize = 20;

impl<'a> Tally<'a> {
    /// Counts how often each entity comes; the most frequent are named.
    pub fn of(site: &'a Site, entities: impl IntoIterator<Item = Entity>) -> Self {
        let mut entities: Vec<Entity> = entities.into_iter().collect();
        entities.sort_unstable();
        let counts = entities.chunk_by(Entity::eq).map(|same| (same[0], same.len())).collect();
        Self::most(site, counts, TALLY)
    }

    /// Those of these entities that come most often; `counts` are by index.
    #[must_use]
    pub fn most(site: &'a Site, mut counts: Vec<(Entity, usize)>, most: usize) -> Self {
        // Index order is the order of names, and the sort is stable.
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let more = counts.len().saturating_sub(most);
        counts.truncate(most);
        let items = counts.into_iter().map(|(entity, count)| Counted {
            name: site.name(entity),
            url: route::entity(site, entity),
            count,
        });
        Self { items: items.collect(), more }
    }

    /// These speakers.
    pub fn speakers<'i>(site: &'a Site, speakers: impl IntoIterator<Item = &'i u32>) -> Self {
        Self::of(site, speakers.into_iter().map(|s| Entity::Speaker(*s)))
    }
}

/// The word for a kind of claim.
#[must_use]
pub fn claim_kind(kind: ClaimKind) -> &'static str {
    match kind {
        ClaimKind::Factual => "factual",
        ClaimKind::Evaluation => "evaluation",
        ClaimKind::Prediction => "prediction",
        ClaimKind::Question => "question",
        ClaimKind::Commitment => "commitment",
    }
}

/// The word for a rank.
#[must_use]
pub fn rank(rank: Rank) -> &'static str {
    match rank {
        Rank::Preferred => "preferred",
        Rank::Normal => "normal",
        Rank::Deprecated => "deprecated",
    }
}

/// The word for a sort of speaker.
#[must_use]
pub fn speaker_type(kind: SpeakerType) -> &'static str {
    match kind {
        SpeakerType::Person => "person",
        SpeakerType::Organization => "organization",
        SpeakerType::Unidentified => "unidentified",
    }
}

/// A schema.org type, or another name written as these are, in words:
/// `NewsArticle` is `news article`.
#[must_use]
pub fn type_words(site: &Site, kind: &str) -> String {
    let key = ["type_", kind].concat();
    if site.words.has(&key) {
        return site.words.say(&key).to_owned();
    }
    let mut words = String::with_capacity(kind.len() + 4);
    for c in kind.chars() {
        if c.is_uppercase() && words.chars().last().is_some_and(char::is_lowercase) {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

/// An item of a list as a card. What takes long to make is made where it is
/// `wanted`.
#[must_use]
pub fn card<'a>(site: &'a Site, item: Item, wanted: &Wanted) -> Card<'a> {
    match item {
        Item::Entity(Entity::Briefing(i)) => Card::Briefing(briefing(site, i)),
        Item::Entity(Entity::Claim(i)) => Card::Claim(claim(site, i, wanted)),
        Item::Entity(Entity::Speaker(i)) => Card::Speaker(speaker(site, i)),
        Item::Entity(Entity::Territory(i)) => Card::Territory(territory(site, i)),
        Item::Entity(Entity::Source(i)) => Card::Source(source(site, i)),
        Item::Entity(Entity::Proposition(i)) => Card::Proposition(PropositionCard {
            text: &site.propositions[i as usize].name,
            url: route::entity(site, Entity::Proposition(i)),
            claims: site.propositions[i as usize].claims.len(),
        }),
        Item::Entity(Entity::Topic(i)) => Card::Topic(TopicCard {
            name: &site.topics[i as usize].name,
            url: route::entity(site, Entity::Topic(i)),
            briefings: site.topics[i as usize].briefings.len(),
            claims: site.topics[i as usize].claims.len(),
        }),
        Item::Entity(entity @ Entity::Page(_)) => Card::Page(Ref::to(site, entity)),
        Item::Correction(b, n) => Card::Correction(correction(site, b, n)),
    }
}

/// A briefing's card.
#[must_use]
pub fn briefing(site: &Site, index: u32) -> BriefingCard<'_> {
    let node = &site.briefings[index as usize];
    let facts = node.facts();
    BriefingCard {
        title: &facts.title,
        url: route::entity(site, Entity::Briefing(index)),
        date: date(site, facts.date.as_ref()),
        summary: facts.summary.as_deref(),
        lang: briefing_lang(site, index),
        claims: node.claims.len(),
    }
}

/// The language of a briefing, where that is not the site's.
fn briefing_lang(site: &Site, briefing: u32) -> Option<&str> {
    let lang = site.briefings[briefing as usize].facts().lang.as_deref();
    lang.filter(|lang| *lang != &*site.config.language)
}

/// A claim's card. What takes long to make is made where it is `wanted`.
#[must_use]
pub fn claim<'a>(site: &'a Site, index: u32, wanted: &Wanted) -> ClaimCard<'a> {
    let (node, facts) = (&site.claims[index as usize], site.facts(index));
    let (by, via) = by_and_via(node);
    let said = site.said_on(index);
    let written = site.briefings[node.briefing as usize].facts().date.as_ref();
    ClaimCard {
        text: &facts.text,
        lang: briefing_lang(site, node.briefing),
        url: route::entity(site, Entity::Claim(index)),
        kind: claim_kind(facts.kind),
        date: date(site, said),
        recorded: date(site, written.filter(|_| said.is_none())),
        by: wanted.make("by", || speakers(site, by)),
        via: wanted.make("via", || speakers(site, via)),
        briefing: wanted.make("briefing", || Ref::to(site, Entity::Briefing(node.briefing))),
        // Most claims have one source. The claim's page says so; in a list it
        // would only hide what is out of the ordinary.
        standing: wanted.make("standing", || {
            let found = standing::standing(site, index);
            let found = found.iter().filter(|f| f.standing != Standing::SingleSource);
            found.map(|f| f.standing.id()).collect()
        }),
        rank: rank(facts.rank),
        ratings: ratings::labels(facts).collect(),
    }
}

/// Whom a chain ends at, and those before, outermost first.
pub fn by_and_via(node: &ClaimNode) -> (&[u32], impl Iterator<Item = &u32>) {
    let last = node.chain.iter().rposition(|link| !link.by.is_empty());
    let (before, by) = match last {
        Some(last) => (&node.chain[..last], &*node.chain[last].by),
        None => Default::default(),
    };
    (by, before.iter().flat_map(|link| &link.by))
}

/// A speaker's card.
#[must_use]
pub fn speaker(site: &Site, index: u32) -> SpeakerCard<'_> {
    let node = &site.speakers[index as usize];
    SpeakerCard {
        name: &node.name,
        url: route::entity(site, Entity::Speaker(index)),
        kind: node.facts.kind.map(speaker_type),
        role: node.facts.role.as_deref(),
        claims: node.said.len(),
    }
}

/// A territory's card.
#[must_use]
pub fn territory(site: &Site, index: u32) -> TerritoryCard<'_> {
    let node = &site.territories[index as usize];
    let mut claimants: Vec<&str> = node.facts.claimed_by.iter().map(|h| &*h.by).collect();
    claimants.sort_unstable();
    claimants.dedup();
    let only = match claimants.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let other_holder =
        only.is_some_and(|one| node.facts.controlled_by.iter().any(|h| &*h.by != one));
    TerritoryCard {
        name: &node.name,
        url: route::entity(site, Entity::Territory(index)),
        kind: node.facts.kind.as_deref(),
        claims: node.claims.len(),
        disputed: claimants.len() > 1 || other_holder,
    }
}

/// A source's card.
#[must_use]
pub fn source(site: &Site, index: u32) -> SourceCard<'_> {
    let node = &site.sources[index as usize];
    SourceCard {
        title: &node.name,
        url: route::entity(site, Entity::Source(index)),
        kind: node.facts.kind.as_deref().map(|kind| type_words(site, kind)),
        date: date(site, node.facts.date.as_ref()),
        publisher: node.facts.publisher.as_deref().map(|p| match site.names.speakers.one(p) {
            Some(speaker) => site.name(Entity::Speaker(speaker)),
            None => p,
        }),
        address: node.facts.url.as_deref().map(route::outside),
        archived: node.facts.archived_url.as_deref().map(route::outside),
        reliability: node.facts.reliability.as_deref(),
        claims: node.claims.len(),
    }
}

/// A correction's card.
#[must_use]
pub fn correction(site: &Site, briefing: u32, number: u32) -> CorrectionCard<'_> {
    let node = &site.briefings[briefing as usize];
    let facts = &node.facts().corrections[number as usize];
    let url = route::entity(site, Entity::Briefing(briefing));
    CorrectionCard {
        date: date(site, facts.date.as_ref()),
        was: facts.was.as_deref(),
        now: &facts.now,
        briefing: Ref::at(&node.facts().title, format!("{url}#correction-{}", number + 1)),
        claims: facts
            .claims
            .iter()
            .filter_map(|id| match crate::resolve::links::claim(site, &node.document, id) {
                Ok(entity) => Some(Ref::to(site, entity)),
                Err(_) => None,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_several_kinds_is_told_as_runs_of_one_kind() {
        let draw = |item, html: &mut String| {
            html.push_str(is(item));
            html.push(';');
        };
        let ask = &Ask { wanted: Wanted::ALL, draw: &draw, notes: None };
        let list = |entities: &[Entity]| {
            Items::of(entities.iter().map(|entity| Item::Entity(*entity)), ask)
        };
        let one = list(&[Entity::Claim(0), Entity::Claim(1)]);
        assert_eq!((one.is, one.count, &*one.html), (Some("claim"), 2, "claim;claim;"));
        assert_eq!(one.runs, []);

        let two = list(&[Entity::Claim(0), Entity::Claim(1), Entity::Page(0)]);
        let run = |is, html: &str, count| Run { is, html: html.to_owned(), count };
        assert_eq!((two.is, two.count), (None, 3));
        assert_eq!(two.runs, [run("claim", "claim;claim;", 2), run("page", "page;", 1)]);
        assert_eq!(list(&[]), Items::default());
    }
}
