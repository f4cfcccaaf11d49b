//! A claim: what somebody is on record as having said, and how it got here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::selector::{WORDS, Words};
use super::shape::{EXTRA, Kind, Shape, TEXTS, may, must};
use crate::date::Date;

/// What sort of statement a claim is. Only factual ones can be rated.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Can be true or false.
    #[default]
    Factual,
    /// Says how good or bad something is.
    Evaluation,
    /// Says what will be.
    Prediction,
    /// Asks.
    Question,
    /// Promises.
    Commitment,
}

/// The words for [`ClaimKind`].
pub const CLAIM_KINDS: &[&str] = &["factual", "evaluation", "prediction", "question", "commitment"];

/// A claim as its briefing states it. What most claims do not have is kept
/// elsewhere, so that it takes no room in them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Claim {
    /// Unique in its briefing.
    #[serde(default)]
    pub id: String,
    /// The claim in the desk's words (schema.org Claim).
    #[serde(default)]
    pub text: String,
    /// What sort of statement.
    #[serde(default)]
    pub kind: ClaimKind,
    /// When it was said, if that is stated for the claim as a whole.
    #[serde(default)]
    pub date: Option<Date>,
    /// The chain through which it came, outermost link first. Empty: nobody
    /// is named for it.
    #[serde(default)]
    pub attribution: Box<[Link]>,
    /// Words quoted for it.
    #[serde(default)]
    pub quotes: Box<[Words]>,
    /// Unquoted words of the text that state it.
    #[serde(default)]
    pub span: Option<Box<Words>>,
    /// Words that hedge it, such as "reportedly".
    #[serde(default)]
    pub hedges: Box<[Words]>,
    /// How sure each source in the chain is of it (FactBank); the key `author`
    /// is the text's own author. Several values where readers differ.
    #[serde(default)]
    pub factuality: BTreeMap<String, Vec<String>>,
    /// Speakers it is about.
    #[serde(default)]
    pub about: Box<[String]>,
    /// Territories it concerns.
    #[serde(default)]
    pub territories: Box<[String]>,
    /// Topics it belongs to.
    #[serde(default)]
    pub topics: Box<[String]>,
    /// The proposition it states, shared with other claims.
    #[serde(default)]
    pub proposition: Option<Box<str>>,
    /// What is cited for it.
    #[serde(default)]
    pub evidence: Box<[Evidence]>,
    /// What it does to other claims (CiTO).
    #[serde(default)]
    pub relations: Box<[Relation]>,
    /// The desk's own grade.
    #[serde(default)]
    pub assessment: Option<Box<Assessment>>,
    /// Published fact-checks of it.
    #[serde(default)]
    pub reviews: Box<[Review]>,
    /// How it ranks beside others on the same matter (Wikidata).
    #[serde(default)]
    pub rank: Rank,
    /// Why it has that rank.
    #[serde(default)]
    pub reason: Option<Box<str>>,
    /// A remark of the desk.
    #[serde(default)]
    pub note: Option<Box<str>>,
    /// The author's own data.
    #[serde(default)]
    pub extra: Option<Box<Value>>,
}

/// One link of an attribution chain: somebody said it to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Link {
    /// Who said it; several said it together. Empty where nobody is named.
    #[serde(default)]
    pub by: Box<[String]>,
    /// The role in which they spoke.
    #[serde(default, rename = "as")]
    pub role: Option<Box<str>>,
    /// To whom.
    #[serde(default)]
    pub to: Box<[String]>,
    /// When.
    #[serde(default)]
    pub when: Option<Date>,
    /// On what occasion.
    #[serde(default)]
    pub venue: Option<Box<str>>,
    /// The text's reporting words, such as "emphasised".
    #[serde(default)]
    pub cue: Option<Box<str>>,
    /// Whether the words are theirs.
    #[serde(default)]
    pub mode: Option<Mode>,
    /// How they know.
    #[serde(default)]
    pub access: Option<Access>,
    /// The document in which they say it.
    #[serde(default)]
    pub source: Option<Box<str>>,
}

/// Direct, indirect or mixed speech (PARC 3.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In their words.
    Direct,
    /// In the relayer's words.
    Indirect,
    /// Some of each.
    Mixed,
}

/// How a speaker came to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Was there.
    Witness,
    /// Was told.
    Hearsay,
    /// Does not say.
    Unstated,
}

/// Something cited for a claim.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Evidence {
    /// How it is cited (CiTO).
    #[serde(default = "cites_as_evidence", rename = "type")]
    pub kind: String,
    /// The source.
    #[serde(default)]
    pub source: String,
    /// Who cites it.
    #[serde(default)]
    pub by: Box<[String]>,
    /// A remark.
    #[serde(default)]
    pub note: Option<Box<str>>,
}

fn cites_as_evidence() -> String {
    "citesAsEvidence".to_owned()
}

/// What one claim does to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Relation {
    /// Which (CiTO).
    #[serde(rename = "type")]
    pub kind: RelationKind,
    /// The other claim: `claim-id` in this briefing, `briefing/claim-id`
    /// elsewhere.
    #[serde(default)]
    pub target: String,
    /// Since when.
    #[serde(default)]
    pub date: Option<Date>,
    /// Who says that the claims stand so.
    #[serde(default)]
    pub by: Box<[String]>,
    /// Where they say it.
    #[serde(default)]
    pub source: Option<Box<str>>,
    /// A remark.
    #[serde(default)]
    pub note: Option<Box<str>>,
}

/// The relations of the Citation Typing Ontology (CiTO) that claims can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RelationKind {
    #[allow(missing_docs)]
    AgreesWith,
    #[allow(missing_docs)]
    Supports,
    #[allow(missing_docs)]
    Confirms,
    #[allow(missing_docs)]
    DisagreesWith,
    #[allow(missing_docs)]
    Disputes,
    #[allow(missing_docs)]
    Refutes,
    #[allow(missing_docs)]
    Qualifies,
    #[allow(missing_docs)]
    RepliesTo,
    #[allow(missing_docs)]
    Updates,
    #[allow(missing_docs)]
    Corrects,
    #[allow(missing_docs)]
    Retracts,
    #[allow(missing_docs)]
    ObtainsSupportFrom,
}

impl RelationKind {
    /// As one says it of the claim that has the relation: "disputes".
    #[must_use]
    pub fn forwards(self) -> &'static str {
        match self {
            Self::AgreesWith => "relation_agrees_with",
            Self::Supports => "relation_supports",
            Self::Confirms => "relation_confirms",
            Self::DisagreesWith => "relation_disagrees_with",
            Self::Disputes => "relation_disputes",
            Self::Refutes => "relation_refutes",
            Self::Qualifies => "relation_qualifies",
            Self::RepliesTo => "relation_replies_to",
            Self::Updates => "relation_updates",
            Self::Corrects => "relation_corrects",
            Self::Retracts => "relation_retracts",
            Self::ObtainsSupportFrom => "relation_obtains_support_from",
        }
    }

    /// As one says it of the claim at the other end: "disputed by".
    #[must_use]
    pub fn backwards(self) -> &'static str {
        match self {
            Self::AgreesWith => "relation_agreed_with_by",
            Self::Supports => "relation_supported_by",
            Self::Confirms => "relation_confirmed_by",
            Self::DisagreesWith => "relation_disagreed_with_by",
            Self::Disputes => "relation_disputed_by",
            Self::Refutes => "relation_refuted_by",
            Self::Qualifies => "relation_qualified_by",
            Self::RepliesTo => "relation_replied_to_by",
            Self::Updates => "relation_updated_by",
            Self::Corrects => "relation_corrected_by",
            Self::Retracts => "relation_retracted_by",
            Self::ObtainsSupportFrom => "relation_gives_support_to",
        }
    }
}

/// The desk's own grade of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Assessment {
    /// Credibility of the information, 1 (confirmed) to 6 (cannot be judged),
    /// on the Admiralty scale (NATO AJP-2.1).
    #[serde(default)]
    pub credibility: Option<u8>,
    /// A term of likelihood (US Intelligence Community Directive 203).
    #[serde(default)]
    pub likelihood: Option<Box<str>>,
    /// Who graded it.
    #[serde(default)]
    pub by: Option<Box<str>>,
    /// When.
    #[serde(default)]
    pub date: Option<Date>,
    /// On what basis.
    #[serde(default)]
    pub basis: Option<Box<str>>,
}

/// A published fact-check (schema.org ClaimReview).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Review {
    /// Who published it.
    #[serde(default)]
    pub by: String,
    /// Where it can be read.
    #[serde(default)]
    pub url: Option<Box<str>>,
    /// When it was published.
    #[serde(default)]
    pub date: Option<Date>,
    /// How it rates the claim.
    #[serde(default)]
    pub rating: Option<Rating>,
}

/// A rating, in the reviewer's own scale (schema.org Rating).
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Rating {
    /// In words.
    #[serde(default)]
    pub label: String,
    /// As a number.
    #[serde(default)]
    pub value: Option<f64>,
    /// The lower end of the scale.
    #[serde(default)]
    pub worst: Option<f64>,
    /// The upper end of the scale.
    #[serde(default)]
    pub best: Option<f64>,
}

/// How a claim ranks beside others (Wikidata's ranks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// The one to go by.
    Preferred,
    /// No better and no worse.
    #[default]
    Normal,
    /// Known to be wrong, kept and marked.
    Deprecated,
}

/// FactBank's values: certain, probable, possible; and whether the source
/// takes the event to have happened.
pub const FACTUALITY: &[&str] = &["CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"];

/// ICD 203's terms of likelihood, the least likely first.
pub const LIKELIHOODS: &[&str] = &[
    "almost no chance",
    "very unlikely",
    "unlikely",
    "roughly even chance",
    "likely",
    "very likely",
    "almost certain",
];

/// A [`Claim`] as it is written.
pub const CLAIM: Shape = Shape {
    name: "claim",
    fields: &[
        must("id", Kind::Id, "Unique in this briefing; elsewhere the claim is `briefing/id`."),
        must("text", Kind::Text, "The claim in the desk's words."),
        may(
            "kind",
            Kind::Word(CLAIM_KINDS),
            "What sort of statement it is; only factual claims get rated.",
        ),
        may("speaker", TEXTS, "Who said it: short for an attribution of one link."),
        may("date", Kind::Date, "When it was said (EDTF)."),
        may("venue", Kind::Text, "On what occasion it was said; with `speaker`."),
        may("to", TEXTS, "To whom it was said; with `speaker`."),
        may("source", Kind::Text, "The source in which it was said; with `speaker`."),
        may(
            "attribution",
            Kind::Many(&Kind::Map(&LINK)),
            "The chain through which it came, outermost link first; `[]` says that nobody is named.",
        ),
        may(
            "quote",
            Kind::Many(&Kind::Short("exact", &WORDS)),
            "Words quoted for it, exactly as in the text.",
        ),
        may(
            "quotes",
            Kind::Many(&Kind::Short("exact", &WORDS)),
            "Words quoted for it, exactly as in the text.",
        ),
        may("span", Kind::Short("exact", &WORDS), "Unquoted words of the text that state it."),
        may(
            "hedges",
            Kind::Many(&Kind::Short("exact", &WORDS)),
            "Words that hedge it, and whose hedge each is.",
        ),
        may(
            "factuality",
            Kind::TableOr("author", &Kind::Many(&Kind::Word(FACTUALITY))),
            "How sure each source in the chain is (FactBank); `author` is the text's own author.",
        ),
        may("about", TEXTS, "Speakers it is about."),
        may("territories", TEXTS, "Territories it concerns."),
        may("topics", TEXTS, "Topics it belongs to."),
        may(
            "proposition",
            Kind::Text,
            "The proposition it states, shared by claims that say the same thing.",
        ),
        may("evidence", Kind::Many(&Kind::Short("source", &EVIDENCE)), "What is cited for it."),
        may("relations", Kind::Many(&Kind::Map(&RELATION)), "What it does to other claims (CiTO)."),
        may("assessment", Kind::Map(&ASSESSMENT), "The desk's own grade."),
        may(
            "reviews",
            Kind::Many(&Kind::Map(&REVIEW)),
            "Published fact-checks (schema.org ClaimReview).",
        ),
        may(
            "rank",
            Kind::Word(&["preferred", "normal", "deprecated"]),
            "A claim known to be wrong is deprecated, never deleted.",
        ),
        may("reason", Kind::Text, "Why it has that rank."),
        may("note", Kind::Text, "A remark of the desk."),
        EXTRA,
    ],
};

/// A [`Link`] as it is written.
pub const LINK: Shape = Shape {
    name: "attribution link",
    fields: &[
        may("by", TEXTS, "Who said it; several names said it together."),
        may("as", Kind::Text, "The role in which they spoke."),
        may("to", TEXTS, "To whom."),
        may("when", Kind::Date, "When (EDTF)."),
        may("venue", Kind::Text, "On what occasion."),
        may("cue", Kind::Text, "The text's reporting words."),
        may(
            "mode",
            Kind::Word(&["direct", "indirect", "mixed"]),
            "Whether the words are theirs (PARC 3.0).",
        ),
        may("access", Kind::Word(&["witness", "hearsay", "unstated"]), "How they know."),
        may("source", Kind::Text, "The source in which they say it."),
    ],
};

const EVIDENCE: Shape = Shape {
    name: "evidence",
    fields: &[
        may(
            "type",
            Kind::Word(&[
                "citesAsEvidence",
                "citesAsAuthority",
                "citesAsDataSource",
                "citesForInformation",
                "obtainsBackgroundFrom",
            ]),
            "How it is cited (CiTO).",
        ),
        must("source", Kind::Text, "The source."),
        may("by", TEXTS, "Who cites it."),
        may("note", Kind::Text, "A remark."),
    ],
};

/// The names of CiTO's relations, as front matter has them.
pub const RELATIONS: &[&str] = &[
    "agreesWith",
    "supports",
    "confirms",
    "disagreesWith",
    "disputes",
    "refutes",
    "qualifies",
    "repliesTo",
    "updates",
    "corrects",
    "retracts",
    "obtainsSupportFrom",
];

const RELATION: Shape = Shape {
    name: "relation",
    fields: &[
        must("type", Kind::Word(RELATIONS), "Which relation (CiTO)."),
        must("target", Kind::Text, "The other claim: its id here, `briefing/id` elsewhere."),
        may("date", Kind::Date, "Since when (EDTF)."),
        may("by", TEXTS, "Who says so."),
        may("source", Kind::Text, "Where they say so."),
        may("note", Kind::Text, "A remark."),
    ],
};

const ASSESSMENT: Shape = Shape {
    name: "assessment",
    fields: &[
        may(
            "credibility",
            Kind::Whole(1, 6),
            "1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged (Admiralty).",
        ),
        may("likelihood", Kind::Word(LIKELIHOODS), "A term of likelihood (ICD 203)."),
        may("by", Kind::Text, "Who graded it."),
        may("date", Kind::Date, "When (EDTF)."),
        may("basis", Kind::Text, "On what basis."),
    ],
};

const REVIEW: Shape = Shape {
    name: "review",
    fields: &[
        must("by", Kind::Text, "Who published the fact-check."),
        may("url", Kind::Url, "Where it can be read."),
        may("date", Kind::Date, "When it was published (EDTF)."),
        may("rating", Kind::Short("label", &RATING), "How it rates the claim."),
    ],
};

const RATING: Shape = Shape {
    name: "rating",
    fields: &[
        must("label", Kind::Text, "The rating in the reviewer's words."),
        may("value", Kind::Number, "The rating as a number."),
        may("worst", Kind::Number, "The lower end of the scale."),
        may("best", Kind::Number, "The upper end of the scale."),
    ],
};
