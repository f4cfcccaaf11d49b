//! A claim with everything that is known of it: the note beside the text, and
//! the body of the claim's own page.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use serde::Serialize;

use super::body;
use super::card::{self, ClaimCard, DateView, Ref};
use super::named::{self, SharedNames};
use super::wanted::{Ask, Only, Wanted};
use crate::fingerprint::ByName;
use crate::made::{Made, Once};
use crate::model::claim::{Access, Assessment, Mode, Relation, Review};
use crate::model::selector;
use crate::parse::document::Target;
use crate::plan::route;
use crate::resolve::site::{Entity, Site};
use crate::resolve::standing::{self, Finding, Standing};

/// A claim as its briefing annotates it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimNote<'a> {
    /// Its id in the briefing.
    pub id: &'a str,
    /// The number of its note in the briefing, from 1, in reading order.
    pub number: usize,
    /// The anchor of its note in the briefing: `claim-portrait`.
    pub anchor: String,
    /// Its page.
    pub url: String,
    /// The claim in the desk's words.
    pub text: &'a str,
    /// `factual`, `evaluation`, `prediction`, `question`, `commitment`.
    pub kind: &'static str,
    /// When it was said.
    pub date: Option<DateView<'a>>,
    /// The chain, outermost link first; empty where nobody is named.
    pub chain: Vec<ChainLink<'a>>,
    /// The chain in one phrase: `Steven Witkoff, to Tucker Carlson, relaying
    /// Vladimir Putin`; absent where nobody is named.
    pub chain_words: Option<String>,
    /// How many mouths it passed through: 1 at first hand, 2 at second; 0 where
    /// nobody is named.
    pub hand: usize,
    /// The same as the classes of its marks have it: `hand-2`; at most 3.
    pub depth: u8,
    /// The anchor of the words that stand first in the text.
    pub place: Option<String>,
    /// Words quoted for it, with their place in the text.
    pub quotes: Vec<Passage<'a>>,
    /// Unquoted words that state it.
    pub span: Option<Passage<'a>>,
    /// Words that hedge it.
    pub hedges: Vec<Passage<'a>>,
    /// How sure the sources are.
    pub factuality: Vec<Factuality<'a>>,
    /// Whom it is about.
    pub about: Vec<Once<Ref<'a>>>,
    /// Which places it concerns.
    pub territories: Vec<Once<Ref<'a>>>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref<'a>>,
    /// The proposition that it states.
    pub proposition: Option<Ref<'a>>,
    /// What is cited for it.
    pub evidence: Vec<EvidenceView<'a>>,
    /// What it does to other claims, then what they do to it.
    pub relations: Vec<RelationView<'a>>,
    /// Where it stands, computed. Its own page has the claims as well, as `findings`.
    pub standing: Vec<StandingView>,
    /// The desk's grade.
    pub assessment: Option<AssessmentView<'a>>,
    /// Published fact-checks.
    pub reviews: Vec<ReviewView<'a>>,
    /// `preferred`, `normal` or `deprecated`.
    pub rank: &'static str,
    /// Why it has that rank.
    pub reason: Option<&'a str>,
    /// A remark of the desk.
    pub note: Option<&'a str>,
}

/// A link of the chain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChainLink<'a> {
    /// Who said it. Empty where nobody is named.
    pub by: Vec<Once<Ref<'a>>>,
    /// In which role.
    pub role: Option<&'a str>,
    /// To whom.
    pub to: Vec<Once<Ref<'a>>>,
    /// When.
    pub when: Option<DateView<'a>>,
    /// On what occasion.
    pub venue: Option<Cow<'a, str>>,
    /// The text's reporting words.
    pub cue: Option<&'a str>,
    /// `direct`, `indirect`, `mixed`.
    pub mode: Option<&'static str>,
    /// `witness`, `hearsay`, `unstated`.
    pub access: Option<&'static str>,
    /// In which source.
    pub source: Option<Ref<'a>>,
}

/// Words of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage<'a> {
    /// The words before them, cut at a word; empty in a note.
    pub before: &'a str,
    /// The words.
    pub exact: &'a str,
    /// The words after them; empty in a note.
    pub after: &'a str,
    /// Where they stand: the page and anchor from the site's root.
    pub url: String,
    /// The anchor alone, for a link within the briefing's page.
    pub anchor: String,
    /// Whose words they are, where that is said.
    pub of: Option<Ref<'a>>,
}

/// How sure one source is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Factuality<'a> {
    /// The source; `the author` for the text itself.
    pub source: Ref<'a>,
    /// One value, or several where readers differ.
    pub values: Vec<FactualityValue<'a>>,
}

/// A FactBank value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactualityValue<'a> {
    /// `CT+`.
    pub code: &'a str,
    /// `certain that it is so`.
    pub words: &'a str,
}

/// Something cited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceView<'a> {
    /// How, in words: `cited as evidence`.
    pub words: String,
    /// The source.
    pub source: Ref<'a>,
    /// Who cites it.
    pub by: Vec<Ref<'a>>,
    /// A remark.
    pub note: Option<&'a str>,
}

/// A relation, seen from one end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelationView<'a> {
    /// As one says it from this end: `disputes`, `disputed by`.
    pub words: &'a str,
    /// Whether it is another claim's doing.
    pub incoming: bool,
    /// The claim at the other end.
    pub claim: ClaimCard<'a>,
    /// Who says so.
    pub by: Vec<Ref<'a>>,
    /// Since when.
    pub date: Option<DateView<'a>>,
    /// Where they say so.
    pub source: Option<Ref<'a>>,
    /// A remark.
    pub note: Option<&'a str>,
}

/// Where a claim stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingView {
    /// `contested`, `single-source`, `corroborated`, `retracted`,
    /// `superseded`, `unanswered`.
    pub id: &'static str,
    /// Why, in a sentence.
    pub reason: String,
}

/// The desk's grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessmentView<'a> {
    /// 1 to 6.
    pub credibility: Option<u8>,
    /// That in words: `probably true`.
    pub credibility_words: Option<&'a str>,
    /// A term of likelihood.
    pub likelihood: Option<&'a str>,
    /// Who graded it.
    pub by: Option<&'a str>,
    /// When.
    pub date: Option<DateView<'a>>,
    /// On what basis.
    pub basis: Option<&'a str>,
}

/// A published fact-check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewView<'a> {
    /// Who published it.
    pub by: Ref<'a>,
    /// Where it can be read, outside.
    pub address: Option<String>,
    /// When.
    pub date: Option<DateView<'a>>,
    /// The rating in words.
    pub label: Option<&'a str>,
    /// The rating on its scale, as `3 on a scale from 0 to 5`.
    pub scale: Option<String>,
}

/// The notes of some briefings, while their pages are made and then those of their
/// claims: each is made ready for templates once.
#[derive(Debug)]
pub struct SharedNotes<'w> {
    /// Whom all of them name.
    pub(super) names: &'w SharedNames,
    /// What the templates of both look at.
    wanted: &'w Wanted,
    /// By claim.
    made: RefCell<HashMap<u32, Made, ByName>>,
}

impl<'w> SharedNotes<'w> {
    /// None yet, to be made of what is `wanted` by both kinds of page.
    #[must_use]
    pub fn of(wanted: &'w Wanted, names: &'w SharedNames) -> Self {
        Self { names, wanted, made: RefCell::default() }
    }

    /// Whether the pages of claims show words of the text.
    pub(super) fn want_passages(&self) -> bool {
        self.wanted.has("passages")
    }

    /// The note of a claim, as `note` has it of what it is asked for; it is kept for
    /// the claim's own page.
    fn keep<'a>(
        &self,
        claim: u32,
        ask: &Ask<'_>,
        note: &dyn Fn(&Ask<'_>) -> ClaimNote<'a>,
    ) -> Once<ClaimNote<'a>> {
        let wanted = self.wanted;
        let note = note(&Ask { wanted, ..*ask });
        let Some(made) = Made::of(&Only { wanted, value: &note }) else { return Once::Own(note) };
        self.made.borrow_mut().insert(claim, made.clone());
        Once::Shared(made)
    }

    /// The note that was kept for a claim's own page.
    pub(super) fn kept(&self, claim: u32) -> Option<Made> {
        self.made.borrow_mut().remove(&claim)
    }
}

/// A claim's note on the page of its briefing.
#[must_use]
pub fn beside<'a>(
    site: &'a Site,
    claim: u32,
    numbers: &[usize],
    ask: &Ask<'_>,
) -> Once<ClaimNote<'a>> {
    let note = |ask: &Ask<'_>| note(site, claim, numbers, ask);
    match ask.notes {
        Some(notes) => notes.keep(claim, ask, &note),
        None => Once::Own(note(ask)),
    }
}

/// What a claim's note says. `numbers` are those of its briefing's notes, or none
/// where nobody wants to know.
#[must_use]
pub fn note<'a>(site: &'a Site, claim: u32, numbers: &[usize], ask: &Ask<'_>) -> ClaimNote<'a> {
    let node = &site.claims[claim as usize];
    let facts = site.facts(claim);
    let briefing = &site.briefings[node.briefing as usize];
    let briefing_url = route::entity(site, Entity::Briefing(node.briefing));
    let passage = |words: &'a selector::Words, target: Target| {
        let anchor = body::mark_anchor(&briefing.document, target);
        Passage {
            before: "",
            exact: &words.selector.exact,
            after: "",
            url: [&briefing_url, "#", &anchor].concat(),
            anchor,
            of: words.of.as_deref().map(|of| Ref::voice(site, of)),
        }
    };
    let n = node.number;
    let speaker = |s: &u32| named::reference(site, Entity::Speaker(*s), ask);
    let territory = |t: &u32| named::reference(site, Entity::Territory(*t), ask);
    ClaimNote {
        id: &facts.id,
        number: numbers.get(n as usize).copied().unwrap_or_default(),
        anchor: body::claim_anchor(&facts.id),
        url: route::entity(site, Entity::Claim(claim)),
        text: &facts.text,
        kind: card::claim_kind(facts.kind),
        date: card::date(site, site.said_on(claim)),
        chain: chain(site, claim, ask),
        chain_words: ask.make("chain_words", || chain_words(site, claim)),
        hand: node.chain.iter().filter(|link| !link.by.is_empty()).count(),
        depth: body::depth(site, claim),
        place: ask.make("place", || {
            body::first_words(&briefing.document, n)
                .map(|words| body::mark_anchor(&briefing.document, words))
        }),
        quotes: (0u32..)
            .zip(&facts.quotes)
            .map(|(q, words)| passage(words, Target::Quote { claim: n, quote: q }))
            .collect(),
        span: facts.span.as_ref().map(|words| passage(words, Target::Span { claim: n })),
        hedges: (0u32..)
            .zip(&facts.hedges)
            .map(|(h, words)| passage(words, Target::Hedge { claim: n, hedge: h }))
            .collect(),
        factuality: ask.make("factuality", || factuality(site, claim)),
        about: node.about.iter().map(speaker).collect(),
        territories: node.territories.iter().map(territory).collect(),
        topics: node.topics.iter().map(|t| Ref::to(site, Entity::Topic(*t))).collect(),
        proposition: node.proposition.map(|p| Ref::to(site, Entity::Proposition(p))),
        evidence: ask.make("evidence", || evidence(site, claim)),
        relations: ask.make("relations", || relations(site, claim, ask.wanted)),
        standing: ask.make("standing", || {
            let found = standing::standing(site, claim);
            found.iter().map(|finding| standing(site, claim, finding)).collect()
        }),
        assessment: facts.assessment.as_deref().map(|a| assessment(site, a)),
        reviews: facts.reviews.iter().map(|r| review(site, r)).collect(),
        rank: card::rank(facts.rank),
        reason: facts.reason.as_deref(),
        note: facts.note.as_deref(),
    }
}

/// Where in its briefing words of a claim stand, from the site's root.
pub(super) fn place(site: &Site, claim: u32, words: Target) -> String {
    let briefing = site.claims[claim as usize].briefing;
    let anchor = body::mark_anchor(&site.briefings[briefing as usize].document, words);
    [&route::entity(site, Entity::Briefing(briefing)), "#", &anchor].concat()
}

fn chain<'a>(site: &'a Site, claim: u32, ask: &Ask<'_>) -> Vec<ChainLink<'a>> {
    let (node, facts) = (&site.claims[claim as usize], site.facts(claim));
    let speaker = |s: &u32| named::reference(site, Entity::Speaker(*s), ask);
    node.chain
        .iter()
        .zip(&facts.attribution)
        .map(|(link, written)| ChainLink {
            by: link.by.iter().map(speaker).collect(),
            role: written.role.as_deref(),
            to: link.to.iter().map(speaker).collect(),
            when: card::date(site, written.when.as_ref()),
            venue: ask.make("venue", || written.venue.as_deref().map(without_tags)),
            cue: written.cue.as_deref(),
            mode: written.mode.map(|mode| match mode {
                Mode::Direct => "direct",
                Mode::Indirect => "indirect",
                Mode::Mixed => "mixed",
            }),
            access: written.access.map(|access| match access {
                Access::Witness => "witness",
                Access::Hearsay => "hearsay",
                Access::Unstated => "unstated",
            }),
            source: link.source.map(|s| Ref::to(site, Entity::Source(s))),
        })
        .collect()
}

/// Plain words that somebody wrote with HTML tags in them: a reader is to see
/// neither tags nor their effect. Only what looks like a tag goes.
fn without_tags(words: &str) -> Cow<'_, str> {
    let is_word = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    if !words.contains('<') && words.split(' ').all(is_word) {
        return Cow::Borrowed(words);
    }
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find('<') {
        let is_tag = rest[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        if let Some(end) = rest[at..].find('>').filter(|_| is_tag) {
            out.push_str(&rest[..at]);
            rest = &rest[at + end + 1..];
        } else {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The names of speakers, as in a sentence.
fn names(site: &Site, speakers: &[u32]) -> String {
    site.words.list(speakers.iter().map(|s| &*site.speakers[*s as usize].name))
}

/// The chain of a claim in one phrase: `Steven Witkoff, to Tucker Carlson,
/// relaying Vladimir Putin`. `None` where nobody is named.
#[must_use]
pub fn chain_words(site: &Site, claim: u32) -> Option<String> {
    let words = &site.words;
    let names = |speakers| names(site, speakers);
    let mut named = site.claims[claim as usize].chain.iter().filter(|link| !link.by.is_empty());
    let first = named.next()?;
    let mut phrase = names(&first.by);
    if !first.to.is_empty() {
        phrase = words.fill("chain_to", &[("who", &phrase), ("whom", &names(&first.to))]);
    }
    for link in named {
        phrase = words.fill("chain_relaying", &[("who", &phrase), ("whom", &names(&link.by))]);
    }
    Some(phrase)
}

fn factuality(site: &Site, claim: u32) -> Vec<Factuality<'_>> {
    site.facts(claim)
        .factuality
        .iter()
        .map(|(source, values)| Factuality {
            source: Ref::voice(site, source),
            values: values
                .iter()
                .map(|code| FactualityValue { code, words: factuality_words(site, code) })
                .collect(),
        })
        .collect()
}

/// FactBank's values in words (Saurí and Pustejovsky 2009).
fn factuality_words<'a>(site: &'a Site, code: &str) -> &'a str {
    site.words.say(match code {
        "CT+" => "factuality_certain",
        "PR+" => "factuality_probable",
        "PS+" => "factuality_possible",
        "CT-" => "factuality_certainly_not",
        "PR-" => "factuality_probably_not",
        "PS-" => "factuality_possibly_not",
        "CTu" => "factuality_certain_unknown",
        _ => "factuality_uncommitted",
    })
}

fn evidence(site: &Site, claim: u32) -> Vec<EvidenceView<'_>> {
    let (node, facts) = (&site.claims[claim as usize], site.facts(claim));
    node.evidence
        .iter()
        .zip(&facts.evidence)
        .filter_map(|(source, written)| {
            Some(EvidenceView {
                words: card::type_words(site, &written.kind),
                source: Ref::to(site, Entity::Source((*source)?)),
                by: written.by.iter().map(|by| Ref::speaker_or_words(site, by)).collect(),
                note: written.note.as_deref(),
            })
        })
        .collect()
}

fn relations<'a>(site: &'a Site, claim: u32, wanted: &Wanted) -> Vec<RelationView<'a>> {
    let node = &site.claims[claim as usize];
    let own = node.relations.iter().map(|(kind, other, r)| {
        let written = &site.facts(claim).relations[*r as usize];
        relation(site, kind.forwards(), false, card::claim(site, *other, wanted), written)
    });
    let others = node.incoming.iter().map(|(kind, other, r)| {
        let written = &site.facts(*other).relations[*r as usize];
        relation(site, kind.backwards(), true, card::claim(site, *other, wanted), written)
    });
    own.chain(others).collect()
}

fn relation<'a>(
    site: &'a Site,
    words: &'static str,
    incoming: bool,
    claim: ClaimCard<'a>,
    written: &'a Relation,
) -> RelationView<'a> {
    RelationView {
        words: site.words.say(words),
        incoming,
        claim,
        by: written.by.iter().map(|by| Ref::speaker_or_words(site, by)).collect(),
        date: card::date(site, written.date.as_ref()),
        source: written.source.as_deref().map(|s| Ref::source_or_words(site, s)),
        note: written.note.as_deref(),
    }
}

/// Where a claim stands, as was found.
#[must_use]
pub fn standing(site: &Site, claim: u32, finding: &Finding) -> StandingView {
    StandingView { id: finding.standing.id(), reason: reason(site, claim, finding) }
}

fn reason(site: &Site, claim: u32, finding: &Finding) -> String {
    let words = &site.words;
    let count = finding.claims.len();
    match finding.standing {
        Standing::Retracted => words.count("reason_retracted", count),
        Standing::Superseded => words.count("reason_superseded", count),
        Standing::Contested => words.count("reason_contested", count),
        Standing::Corroborated => words.count("reason_corroborated", count),
        Standing::SingleSource => match card::by_and_via(&site.claims[claim as usize]).0 {
            [] => words.say("reason_one_source").to_owned(),
            by => words.fill("reason_one_speaker", &[("who", &names(site, by))]),
        },
        Standing::Unanswered => {
            words.fill("reason_unanswered", &[("who", &names(site, &finding.speakers))])
        }
    }
}

fn assessment<'a>(site: &'a Site, written: &'a Assessment) -> AssessmentView<'a> {
    AssessmentView {
        credibility: written.credibility,
        credibility_words: written.credibility.map(|grade| credibility_words(site, grade)),
        likelihood: written.likelihood.as_deref(),
        by: written.by.as_deref(),
        date: card::date(site, written.date.as_ref()),
        basis: written.basis.as_deref(),
    }
}

/// The Admiralty scale's words for the credibility of information (NATO
/// AJP-2.1).
fn credibility_words(site: &Site, credibility: u8) -> &str {
    site.words.say(match credibility {
        1 => "credibility_1",
        2 => "credibility_2",
        3 => "credibility_3",
        4 => "credibility_4",
        5 => "credibility_5",
        _ => "credibility_6",
    })
}

fn review<'a>(site: &'a Site, written: &'a Review) -> ReviewView<'a> {
    let rating = written.rating.as_ref();
    ReviewView {
        by: Ref::speaker_or_words(site, &written.by),
        address: written.url.as_deref().map(route::outside),
        date: card::date(site, written.date.as_ref()),
        label: rating.map(|r| &*r.label),
        scale: rating.and_then(|r| match (r.value, r.worst, r.best) {
            (Some(value), Some(worst), Some(best)) => {
                let [value, worst, best] = [value, worst, best].map(|n| n.to_string());
                let parts = [("value", &*value), ("worst", &*worst), ("best", &*best)];
                Some(site.words.fill("review_scale", &parts))
            }
            (Some(value), ..) => Some(value.to_string()),
            _ => None,
        }),
    }
}
