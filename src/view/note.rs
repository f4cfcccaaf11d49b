//! A claim with everything that is known of it: the note beside the text, and
//! the body of the claim's own page.

use std::borrow::Cow;

use serde::Serialize;

use super::body;
use super::card::{self, ClaimCard, DateView, Draw, Items, Ref};
use crate::model::claim::{Access, Assessment, Mode, Relation, Review};
use crate::model::selector::Words;
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
    /// Words quoted for it, with their place in the text.
    pub quotes: Vec<Passage<'a>>,
    /// Unquoted words that state it.
    pub span: Option<Passage<'a>>,
    /// Words that hedge it.
    pub hedges: Vec<Passage<'a>>,
    /// How sure the sources are.
    pub factuality: Vec<Factuality<'a>>,
    /// Whom it is about.
    pub about: Vec<Ref<'a>>,
    /// Which places it concerns.
    pub territories: Vec<Ref<'a>>,
    /// Which topics it belongs to.
    pub topics: Vec<Ref<'a>>,
    /// The proposition that it states.
    pub proposition: Option<Ref<'a>>,
    /// What is cited for it.
    pub evidence: Vec<EvidenceView<'a>>,
    /// What it does to other claims, then what they do to it.
    pub relations: Vec<RelationView<'a>>,
    /// Where it stands, computed.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainLink<'a> {
    /// Who said it. Empty where nobody is named.
    pub by: Vec<Ref<'a>>,
    /// In which role.
    pub role: Option<&'a str>,
    /// To whom.
    pub to: Vec<Ref<'a>>,
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
    pub words: &'static str,
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
    pub words: &'static str,
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

/// Where a claim stands, and from what that was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingView {
    /// `contested`, `single-source`, `corroborated`, `retracted`,
    /// `superseded`, `unanswered`.
    pub id: &'static str,
    /// Why, in a sentence.
    pub reason: String,
    /// The claims that it was computed from, on the claim's own page: the first
    /// few.
    pub claims: Items,
}

/// The desk's grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessmentView<'a> {
    /// 1 to 6.
    pub credibility: Option<u8>,
    /// That in words: `probably true`.
    pub credibility_words: Option<&'static str>,
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

/// What a claim's note says. `numbers` are those of its briefing's notes. Of the
/// claims that a finding was computed from, at most `shown` are named.
#[must_use]
pub fn note<'a>(
    site: &'a Site,
    claim: u32,
    numbers: &[usize],
    shown: usize,
    draw: &Draw<'_>,
) -> ClaimNote<'a> {
    let node = &site.claims[claim as usize];
    let facts = site.facts(claim);
    let briefing = &site.briefings[node.briefing as usize];
    let briefing_url = route::entity(site, Entity::Briefing(node.briefing));
    let passage = |words: &'a Words, target: Target| {
        let anchor = body::mark_anchor(&briefing.document, target);
        Passage {
            before: "",
            exact: &words.selector.exact,
            after: "",
            url: [&briefing_url, "#", &anchor].concat(),
            anchor,
            of: words.of.as_deref().map(|of| {
                Ref::speaker_or_words(site, if of == "author" { "the author" } else { of })
            }),
        }
    };
    let n = node.number;
    let chain = chain(site, claim);
    ClaimNote {
        id: &facts.id,
        number: numbers[n as usize],
        anchor: body::claim_anchor(&facts.id),
        url: route::entity(site, Entity::Claim(claim)),
        text: &facts.text,
        kind: card::claim_kind(facts.kind),
        date: card::date(site.said_on(claim)),
        chain_words: in_words(&chain),
        hand: node.chain.iter().filter(|link| !link.by.is_empty()).count(),
        chain,
        quotes: (0u32..)
            .zip(&facts.quotes)
            .map(|(q, words)| passage(words, Target::Quote { claim: n, quote: q }))
            .collect(),
        span: facts.span.as_ref().map(|words| passage(words, Target::Span { claim: n })),
        hedges: (0u32..)
            .zip(&facts.hedges)
            .map(|(h, words)| passage(words, Target::Hedge { claim: n, hedge: h }))
            .collect(),
        factuality: factuality(site, claim),
        about: card::speakers(site, &node.about),
        territories: node
            .territories
            .iter()
            .map(|t| Ref::to(site, Entity::Territory(*t)))
            .collect(),
        topics: node.topics.iter().map(|t| Ref::to(site, Entity::Topic(*t))).collect(),
        proposition: node.proposition.map(|p| Ref::to(site, Entity::Proposition(p))),
        evidence: evidence(site, claim),
        relations: relations(site, claim),
        standing: standing(site, claim, shown, draw),
        assessment: facts.assessment.as_deref().map(assessment),
        reviews: facts.reviews.iter().map(|r| review(site, r)).collect(),
        rank: card::rank(facts.rank),
        reason: facts.reason.as_deref(),
        note: facts.note.as_deref(),
    }
}

fn chain(site: &Site, claim: u32) -> Vec<ChainLink<'_>> {
    let (node, facts) = (&site.claims[claim as usize], site.facts(claim));
    node.chain
        .iter()
        .zip(&facts.attribution)
        .map(|(link, written)| ChainLink {
            by: card::speakers(site, &link.by),
            role: written.role.as_deref(),
            to: card::speakers(site, &link.to),
            when: card::date(written.when.as_ref()),
            venue: written.venue.as_deref().map(without_tags),
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

/// Appends names: `A`, `A and B`, `A, B and C`.
fn push_names<'n>(out: &mut String, mut names: impl ExactSizeIterator<Item = &'n str>) {
    out.push_str(names.next().unwrap_or_default());
    while let Some(name) = names.next() {
        out.push_str(if names.len() == 0 { " and " } else { ", " });
        out.push_str(name);
    }
}

/// The names of speakers, as in a sentence.
fn names(site: &Site, speakers: &[u32]) -> String {
    let mut out = String::new();
    push_names(&mut out, speakers.iter().map(|s| &*site.speakers[*s as usize].name));
    out
}

/// The chain in one phrase: `Steven Witkoff, to Tucker Carlson, relaying
/// Vladimir Putin`. `None` where nobody is named.
fn in_words(chain: &[ChainLink]) -> Option<String> {
    fn of<'r>(refs: &'r [Ref]) -> impl ExactSizeIterator<Item = &'r str> {
        refs.iter().map(|one| &*one.name)
    }
    let mut phrase = String::new();
    for link in chain.iter().filter(|link| !link.by.is_empty()) {
        if phrase.is_empty() {
            push_names(&mut phrase, of(&link.by));
            if !link.to.is_empty() {
                phrase.push_str(", to ");
                push_names(&mut phrase, of(&link.to));
            }
        } else {
            phrase.push_str(", relaying ");
            push_names(&mut phrase, of(&link.by));
        }
    }
    (!phrase.is_empty()).then_some(phrase)
}

fn factuality(site: &Site, claim: u32) -> Vec<Factuality<'_>> {
    site.facts(claim)
        .factuality
        .iter()
        .map(|(source, values)| Factuality {
            source: match &**source {
                "author" => Ref::plain("the author"),
                name => Ref::speaker_or_words(site, name),
            },
            values: values
                .iter()
                .map(|code| FactualityValue { code, words: factuality_words(code) })
                .collect(),
        })
        .collect()
}

/// FactBank's values in words (Saurí and Pustejovsky 2009).
fn factuality_words(code: &str) -> &'static str {
    match code {
        "CT+" => "certain that it is so",
        "PR+" => "probably so",
        "PS+" => "possibly so",
        "CT-" => "certain that it is not so",
        "PR-" => "probably not so",
        "PS-" => "possibly not so",
        "CTu" => "certain, but not which way",
        _ => "does not commit themselves",
    }
}

fn evidence(site: &Site, claim: u32) -> Vec<EvidenceView<'_>> {
    let (node, facts) = (&site.claims[claim as usize], site.facts(claim));
    node.evidence
        .iter()
        .zip(&facts.evidence)
        .filter_map(|(source, written)| {
            Some(EvidenceView {
                words: card::type_words(&written.kind),
                source: Ref::to(site, Entity::Source((*source)?)),
                by: written.by.iter().map(|by| Ref::speaker_or_words(site, by)).collect(),
                note: written.note.as_deref(),
            })
        })
        .collect()
}

fn relations(site: &Site, claim: u32) -> Vec<RelationView<'_>> {
    let node = &site.claims[claim as usize];
    let own = node.relations.iter().map(|(kind, other, r)| {
        relation(site, kind.forwards(), false, *other, &site.facts(claim).relations[*r as usize])
    });
    let others = node.incoming.iter().map(|(kind, other, r)| {
        relation(site, kind.backwards(), true, *other, &site.facts(*other).relations[*r as usize])
    });
    own.chain(others).collect()
}

fn relation<'a>(
    site: &'a Site,
    words: &'static str,
    incoming: bool,
    other: u32,
    written: &'a Relation,
) -> RelationView<'a> {
    RelationView {
        words,
        incoming,
        claim: card::claim(site, other),
        by: written.by.iter().map(|by| Ref::speaker_or_words(site, by)).collect(),
        date: card::date(written.date.as_ref()),
        source: written.source.as_deref().map(|s| Ref::source_or_words(site, s)),
        note: written.note.as_deref(),
    }
}

fn standing(site: &Site, claim: u32, shown: usize, draw: &Draw<'_>) -> Vec<StandingView> {
    standing::standing(site, claim)
        .into_iter()
        .map(|finding| StandingView {
            id: finding.standing.id(),
            reason: reason(site, claim, &finding),
            claims: Items::claims(finding.claims.iter().take(shown), draw),
        })
        .collect()
}

fn reason(site: &Site, claim: u32, finding: &Finding) -> String {
    let claims = match finding.claims.len() {
        1 => "Another claim on record".to_owned(),
        n => format!("{n} other claims on record"),
    };
    let one = finding.claims.len() == 1;
    let verb = |singular: &'static str, plural: &'static str| if one { singular } else { plural };
    match finding.standing {
        Standing::Retracted => format!("{claims} {} it.", verb("retracts", "retract")),
        Standing::Superseded => {
            format!("{claims} {} or {} it.", verb("updates", "update"), verb("corrects", "correct"))
        }
        Standing::Contested => {
            format!("{claims} {} or {} it.", verb("disputes", "dispute"), verb("refutes", "refute"))
        }
        Standing::Corroborated => match finding.claims.len() {
            1 => "One more speaker, independent of this one, is on record with it.".to_owned(),
            n => format!("{n} more speakers, independent of this one, are on record with it."),
        },
        Standing::SingleSource => {
            let (by, _) = card::by_and_via(&site.claims[claim as usize]);
            match by {
                [] => "This record has it from one source alone.".to_owned(),
                by => format!("This record has it from {} alone.", names(site, by)),
            }
        }
        Standing::Unanswered => {
            let who = names(site, &finding.speakers);
            format!("This record has no reply to it from {who}.")
        }
    }
}

fn assessment(written: &Assessment) -> AssessmentView<'_> {
    AssessmentView {
        credibility: written.credibility,
        credibility_words: written.credibility.map(credibility_words),
        likelihood: written.likelihood.as_deref(),
        by: written.by.as_deref(),
        date: card::date(written.date.as_ref()),
        basis: written.basis.as_deref(),
    }
}

/// The Admiralty scale's words for the credibility of information (NATO
/// AJP-2.1).
fn credibility_words(credibility: u8) -> &'static str {
    match credibility {
        1 => "confirmed by other sources",
        2 => "probably true",
        3 => "possibly true",
        4 => "doubtful",
        5 => "improbable",
        _ => "cannot be judged",
    }
}

fn review<'a>(site: &'a Site, written: &'a Review) -> ReviewView<'a> {
    let rating = written.rating.as_ref();
    ReviewView {
        by: Ref::speaker_or_words(site, &written.by),
        address: written.url.as_deref().map(route::outside),
        date: card::date(written.date.as_ref()),
        label: rating.map(|r| &*r.label),
        scale: rating.and_then(|r| match (r.value, r.worst, r.best) {
            (Some(value), Some(worst), Some(best)) => {
                Some(format!("{value} on a scale from {worst} (worst) to {best} (best)"))
            }
            (Some(value), ..) => Some(value.to_string()),
            _ => None,
        }),
    }
}
