//! Views of every kind for the tests: as full, and as empty, as can be.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Value, to_value};
use serde_yaml::Value as Extra;

use crate::made::Once;
use crate::view::briefing::{BriefingBody, BriefingView, Depth, Heading, TermView, TextPiece};
use crate::view::card::{
    BriefingCard, Card, ClaimCard, CorrectionCard, Counted, DateView, InWords, Items,
    PropositionCard, Ref, SourceCard, SpeakerCard, Tally, TerritoryCard, TopicCard,
};
use crate::view::citation::Citation;
use crate::view::claim::{ClaimView, FindingView};
use crate::view::data::{DataFileView, DataIndexView};
use crate::view::diagrams::Diagram;
use crate::view::frame::{Frame, NavView, SiteView};
use crate::view::home::{HomeView, KindCount};
use crate::view::listing::{ArchiveEntry, Listing, ListingView};
use crate::view::map::{DisputedView, MapView, PictureView};
use crate::view::note::{
    AssessmentView, ChainLink, ClaimNote, EvidenceView, Factuality, FactualityValue, Passage,
    RelationView, ReviewView, StandingView,
};
use crate::view::page::{BareView, PageView, RedirectView};
use crate::view::proposition::{PropositionBody, PropositionView};
use crate::view::ratings::{RatingCount, Ratings};
use crate::view::search::SearchView;
use crate::view::source::{SourceBody, SourceView};
use crate::view::speaker::{Position, PostView, SpeakerBody, SpeakerView};
use crate::view::territory::{
    HoldView, IdentifierView, NameView, PartOfView, TerritoryBody, TerritoryView,
};
use crate::view::topic::{TopicBody, TopicView};

fn citation() -> Citation {
    Citation {
        text: "“The tax doubles.” The Harbour Record.".into(),
        bibtex: "@online{harbour-tax/doubles,\n  title = {{The tax doubles}}\n}".into(),
        csl_json: "[\n  { \"id\": \"harbour-tax/doubles\" }\n]".into(),
    }
}

/// The site with everything set.
pub fn site() -> SiteView {
    let entry = |title: &str, section: &str| NavView {
        title: title.into(),
        url: format!("{section}/index.html"),
        external: false,
        section: section.into(),
    };
    SiteView {
        title: "The Harbour Record".into(),
        description: some("Who said what about the harbour, through whom, and when."),
        publisher: some("The Harbour Desk"),
        language: "en".into(),
        base_url: some("https://harbour.example/"),
        nav: vec![
            entry("Briefings", "briefings"),
            entry("Speakers", "speakers"),
            entry("Claims", "claims"),
            entry("Territories", "territories"),
            entry("Sources", "sources"),
            NavView {
                title: "The desk".into(),
                url: "https://desk.example/".into(),
                external: true,
                section: String::new(),
            },
        ],
        styles: vec!["assets/style.css".into()],
        scripts: vec![],
        icon: some("assets/icon.svg"),
        search: some("search.html"),
        search_script: some("assets/search.js"),
        redirect_script: some("assets/redirect.js"),
        files: [("icon.svg".to_owned(), "assets/icon.svg".to_owned())].into(),
        integrity: ["style.css", "search.js", "redirect.js"]
            .map(|name| (format!("assets/{name}"), "sha384-AAAA".to_owned()))
            .into(),
        feed: some("feed.xml"),
        data: some("data.html"),
        drafts: false,
    }
}

/// The site with as little as can be.
pub fn bare_site() -> SiteView {
    SiteView {
        title: "Record".into(),
        description: None,
        publisher: None,
        language: "en".into(),
        base_url: None,
        nav: vec![],
        styles: vec![],
        scripts: vec![],
        icon: None,
        search: None,
        search_script: None,
        redirect_script: None,
        files: [].into(),
        integrity: [].into(),
        feed: None,
        data: None,
        drafts: false,
    }
}

/// A template's name and a view for it, for every template that has a view.
pub fn full() -> Vec<(&'static str, Value)> {
    all(&Maker { full: true })
}

/// The same with nothing that may be absent, and every list empty.
pub fn least() -> Vec<(&'static str, Value)> {
    all(&Maker { full: false })
}

/// A card of every kind.
pub fn cards() -> Vec<Value> {
    [true, false].iter().flat_map(|full| Maker { full: *full }.cards()).map(|c| value(&c)).collect()
}

fn all(m: &Maker) -> Vec<(&'static str, Value)> {
    vec![
        ("home.html", value(&m.home())),
        ("briefing.html", value(&m.briefing())),
        ("claim.html", value(&m.claim_page())),
        ("speaker.html", value(&m.speaker())),
        ("territory.html", value(&m.territory())),
        ("source.html", value(&m.source())),
        ("proposition.html", value(&m.proposition())),
        ("topic.html", value(&m.topic())),
        ("page.html", value(&m.page())),
        ("listing.html", value(&m.index())),
        ("timeline.html", value(&m.index())),
        ("corrections.html", value(&m.corrections())),
        ("search.html", value(&m.search())),
        ("data.html", value(&m.data())),
        ("not_found.html", value(&BareView { page: m.frame("not_found", "", "Not found") })),
        ("redirect.html", {
            let page = m.frame("redirect", "", "Jane Doe");
            value(&RedirectView { page, to: "speakers/jane-doe.html".into() })
        }),
    ]
}

fn value(view: &impl Serialize) -> Value {
    to_value(view).unwrap()
}

#[allow(clippy::unnecessary_wraps)] // It is what the fields want.
fn some<T: From<&'static str>>(text: &'static str) -> Option<T> {
    Some(text.into())
}

fn link(name: &'static str, url: &'static str) -> Ref<'static> {
    Ref { name: name.into(), url: some(url) }
}

fn plain(name: &'static str) -> Ref<'static> {
    Ref { name: name.into(), url: None }
}

fn jane() -> Ref<'static> {
    link("Jane Doe", "speakers/jane-doe.html")
}

fn john() -> Ref<'static> {
    link("John Roe", "speakers/john-roe.html")
}

fn interview() -> Ref<'static> {
    link("Interview with the mayor", "sources/interview.html")
}

fn harbour_tax() -> Ref<'static> {
    link("The harbour tax", "briefings/harbour-tax.html")
}

/// Makes views; `full` says whether what may be absent is there.
struct Maker {
    full: bool,
}

impl Maker {
    fn may<T>(&self, value: T) -> Option<T> {
        self.full.then_some(value)
    }

    fn word<T: From<&'static str>>(&self, text: &'static str) -> Option<T> {
        self.may(text.into())
    }

    fn many<T>(&self, items: Vec<T>) -> Vec<T> {
        if self.full { items } else { vec![] }
    }

    fn extra(&self) -> &'static Extra {
        static THEIRS: LazyLock<Extra> = LazyLock::new(|| Extra::from("theirs"));
        self.may(&*THEIRS).unwrap_or(&Extra::Null)
    }

    /// A diagram with an id, as all have.
    fn diagram(&self, id: &'static str) -> Option<Diagram> {
        self.may(Diagram::from(format!(
            "<svg class=\"draw\" role=\"img\" aria-labelledby=\"{id}\" viewBox=\"0 0 1 1\">\
             <title id=\"{id}\">A diagram</title></svg>"
        )))
    }

    fn html(&self) -> String {
        self.word("<p>A few words on it.</p>").unwrap_or_default()
    }

    fn day(&self) -> Option<DateView<'static>> {
        self.may(DateView {
            edtf: "2025-03-21",
            words: InWords::Said("21 March 2025"),
            html: some("2025-03-21"),
        })
    }

    fn year_unknown(&self) -> Option<DateView<'static>> {
        self.may(DateView {
            edtf: "XXXX-03-13",
            words: InWords::Said("13 March, year unknown"),
            html: some("03-13"),
        })
    }

    fn about_then(&self) -> Option<DateView<'static>> {
        self.may(DateView {
            edtf: "2014-03~",
            words: InWords::Said("about March 2014"),
            html: None,
        })
    }

    fn frame(
        &self,
        kind: &'static str,
        section: &'static str,
        title: &'static str,
    ) -> Frame<'static> {
        Frame {
            kind,
            section,
            title: title.into(),
            description: self.word("What the page says, in a sentence.").unwrap_or_default(),
            url: format!("{section}/it.html").leak(),
            canonical: self.word("https://harbour.example/it.html"),
            root: "../".into(),
            lang: "en",
            dir: "ltr",
            text_lang: self.may("ar"),
            text_dir: "rtl",
            trail: self.many(vec![link("Briefings", "briefings/index.html"), plain("2025")]),
            feed: self.word("feeds/speakers/jane-doe.xml"),
            annotations: self.word("annotations/harbour-tax.jsonld"),
            json_ld: self.word("{\"@type\":\"Person\"}"),
        }
    }

    fn data(&self) -> DataIndexView<'static> {
        let file = |name: &'static str, about| DataFileView {
            name: name.into(),
            url: format!("data/{name}"),
            about,
        };
        DataIndexView {
            page: self.frame("data", "data", "Data"),
            files: self.many(vec![file("record.json", "The whole record.")]),
            feeds: self.many(vec![file("feed.xml", "The newest briefings.")]),
            annotations: self.full,
            entity_feeds: self.full,
        }
    }

    fn search(&self) -> SearchView<'static> {
        SearchView {
            page: self.frame("search", "search", "Search"),
            index: "pagefind/",
            kinds: self.many(vec!["factual", "prediction"]),
            standings: self.many(vec!["contested", "single-source"]),
            years: self.many(vec![2025, 2024]),
            common: self.many(vec!["of".to_owned(), "the".to_owned()]),
        }
    }

    fn listing(&self, id: &'static str, title: &'static str, items: usize) -> Listing<'static> {
        let items = self.items(items);
        let archive = |label: &'static str, count| ArchiveEntry {
            label: label.into(),
            url: format!("claims/{label}.html").into(),
            count,
        };
        Listing {
            id,
            title,
            total: if self.full { items.count + 300 } else { 0 },
            items,
            archive: self.many(vec![
                archive("2025", 212),
                archive("2024", 90),
                archive("Undated", 1),
            ]),
        }
    }

    /// As many items of a list.
    fn items(&self, count: usize) -> Items {
        let count = if self.full { count } else { 0 };
        Items {
            html: "<li>An item</li>\n".repeat(count),
            count,
            is: (count > 0).then_some("claim"),
            runs: Vec::new(),
        }
    }

    fn links(&self) -> Listing<'static> {
        let mut listing = self.listing("links", "What links here", 2);
        listing.total = listing.items.count;
        listing.archive.clear();
        listing
    }

    fn cards(&self) -> Vec<Card<'static>> {
        vec![
            Card::Briefing(self.briefing_card()),
            Card::Claim(self.claim_card("The tax doubles.")),
            Card::Speaker(SpeakerCard {
                name: "Jane Doe",
                url: "speakers/jane-doe.html".into(),
                kind: Some("person"),
                role: self.word("mayor"),
                claims: 1,
            }),
            Card::Territory(self.territory_card()),
            Card::Source(self.source_card()),
            Card::Proposition(PropositionCard {
                text: "The harbour is full.",
                url: "propositions/full.html".into(),
                claims: 2,
            }),
            Card::Topic(TopicCard {
                name: "Taxes",
                url: "topics/taxes.html".into(),
                briefings: 1,
                claims: 0,
            }),
            Card::Page(link("About", "pages/about.html")),
            Card::Correction(self.correction()),
        ]
    }

    fn briefing_card(&self) -> BriefingCard<'static> {
        BriefingCard {
            title: "The harbour tax",
            url: "briefings/harbour-tax.html".into(),
            date: self.day(),
            summary: self.word("What the mayor said of the tax, and what became of it."),
            lang: self.word("de"),
            claims: 1,
        }
    }

    fn claim_card(&self, text: &'static str) -> ClaimCard<'static> {
        ClaimCard {
            lang: self.may("ar"),
            text,
            url: "claims/harbour-tax/doubles.html".into(),
            kind: if self.full { "prediction" } else { "factual" },
            date: self.year_unknown(),
            recorded: self.day(),
            by: self.many(vec![jane(), john(), plain("a clerk")]),
            via: self.many(vec![john()]),
            briefing: harbour_tax(),
            standing: self.many(vec!["contested", "single-source"]),
            rank: if self.full { "deprecated" } else { "normal" },
            ratings: self.many(vec!["half-true (PolitiFact)".into()]),
        }
    }

    fn territory_card(&self) -> TerritoryCard<'static> {
        TerritoryCard {
            name: "The old harbour",
            url: "territories/old-harbour.html".into(),
            kind: self.word("district"),
            claims: 3,
            disputed: self.full,
        }
    }

    fn source_card(&self) -> SourceCard<'static> {
        SourceCard {
            title: "Interview with the mayor",
            url: "sources/interview.html".into(),
            kind: self.word("video recording"),
            date: self.day(),
            publisher: self.word("Harbour Radio"),
            address: self.word("https://radio.example/1?a=1&b=2"),
            archived: self.word("https://archive.example/1"),
            reliability: self.word("B"),
            claims: 0,
        }
    }

    fn correction(&self) -> CorrectionCard<'static> {
        CorrectionCard {
            date: self.day(),
            was: self.word("The tax trebles."),
            now: "The tax doubles.",
            briefing: link("The harbour tax", "briefings/harbour-tax.html#correction-1"),
            claims: self.many(vec![link("The tax doubles.", "claims/harbour-tax/doubles.html")]),
        }
    }

    fn passage(&self, exact: &'static str, anchor: &'static str) -> Passage<'static> {
        Passage {
            before: self.word("the mayor said that it ").unwrap_or_default(),
            exact,
            after: self.word(" by the end of the year").unwrap_or_default(),
            url: format!("briefings/harbour-tax.html#{anchor}"),
            anchor: anchor.into(),
            of: self.may(jane()),
        }
    }

    fn note(&self) -> ClaimNote<'static> {
        ClaimNote {
            id: "doubles",
            number: 1,
            anchor: "claim-doubles".into(),
            url: "claims/harbour-tax/doubles.html".into(),
            text: "The tax doubles.",
            kind: "factual",
            date: self.day(),
            chain: self.many(vec![self.chain_link(jane()), self.chain_link(john())]),
            chain_words: self.word("Jane Doe, to John Roe, relaying John Roe"),
            hand: if self.full { 2 } else { 0 },
            depth: if self.full { 2 } else { 0 },
            place: self.full.then(|| "quote-doubles".into()),
            quotes: self.many(vec![self.passage("will double", "quote-doubles")]),
            span: self.may(self.passage("the tax will rise", "span-doubles")),
            hedges: self.many(vec![self.passage("reportedly", "hedge-doubles")]),
            factuality: self.many(vec![Factuality {
                source: jane(),
                values: vec![
                    FactualityValue { code: "CT+", words: "certain that it is so" },
                    FactualityValue { code: "PR+", words: "thinks it probable" },
                ],
            }]),
            about: self.many(vec![Once::Own(john())]),
            territories: self
                .many(vec![Once::Own(link("The old harbour", "territories/old-harbour.html"))]),
            topics: self.many(vec![link("Taxes", "topics/taxes.html")]),
            proposition: self.may(link("The harbour is full.", "propositions/full.html")),
            evidence: self.many(vec![EvidenceView {
                words: "cited as evidence".into(),
                source: interview(),
                by: vec![jane()],
                note: some("at the end"),
            }]),
            relations: self.many(vec![RelationView {
                words: "disputed by",
                incoming: true,
                claim: self.claim_card("The tax stays as it is."),
                by: vec![john()],
                date: self.day(),
                source: Some(interview()),
                note: some("on the same day"),
            }]),
            standing: self.many(vec![StandingView {
                id: "contested",
                reason: "one other claim disputes it".into(),
            }]),
            assessment: self.may(AssessmentView {
                credibility: Some(2),
                credibility_words: some("probably true"),
                likelihood: some("likely"),
                by: some("the desk"),
                date: self.day(),
                basis: some("the draft budget"),
            }),
            reviews: self.many(vec![ReviewView {
                by: plain("Harbour Facts"),
                address: some("https://facts.example/1"),
                date: self.day(),
                label: some("half true"),
                scale: some("3 on a scale from 0 to 5"),
            }]),
            rank: if self.full { "deprecated" } else { "normal" },
            reason: self.word("withdrawn by the speaker"),
            note: self.word("said twice"),
        }
    }

    fn chain_link(&self, by: Ref<'static>) -> ChainLink<'static> {
        ChainLink {
            by: self.many(vec![Once::Own(by)]),
            role: self.word("mayor"),
            to: self.many(vec![Once::Own(john())]),
            when: self.day(),
            venue: self.word("a press conference"),
            cue: self.word("According to"),
            mode: self.word("mixed"),
            access: self.word("witness"),
            source: self.may(interview()),
        }
    }

    fn tally(&self) -> Tally<'static> {
        let item = |name: &'static str, count| Counted {
            name,
            url: "speakers/john-roe.html".into(),
            count,
        };
        Tally { items: self.many(vec![item("John Roe", 3), item("Jane Doe", 1)]), more: 4 }
    }

    fn ratings(&self) -> Vec<Ratings<'static>> {
        let item = |label, count| RatingCount { label, count };
        let items = vec![item("true", 1), item("half true", 2)];
        self.many(vec![Ratings { by: plain("The Checker"), total: 3, most: 2, items }])
    }

    fn term(&self) -> TermView<'static> {
        TermView {
            passage: self.passage("reform", "term-1"),
            kind: self.word("so_called"),
            voice: self.may(jane()),
            note: self.word("the mayor's word"),
            briefing: harbour_tax(),
        }
    }

    fn home(&self) -> HomeView<'static> {
        HomeView {
            page: self.frame("home", "", "The Harbour Record"),
            briefings: self.items(1),
            claims: self.items(1),
            contested: self.items(1),
            corrections: self.items(1),
            speakers: self.tally(),
            territories: self.tally(),
            propositions: self.tally(),
            kinds: self.many(vec![KindCount {
                title: "Speakers",
                url: "speakers/index.html".into(),
                count: 2,
            }]),
        }
    }

    fn briefing(&self) -> BriefingView<'static> {
        BriefingView {
            page: self.frame("briefing", "briefings", "The harbour tax"),
            briefing: BriefingBody {
                title: "The harbour tax",
                date: self.day(),
                updated: self.day(),
                authors: self.many(vec!["A. Writer", "B. Writer"]),
                summary: self.word("What the mayor said of the tax."),
                text: self.many(vec![
                    TextPiece {
                        html: concat!(
                            "<h2 id=\"tax\">A heading</h2><h2 id=\"port\">A heading</h2>",
                            "<h2 id=\"mayor\">A heading</h2><h2 id=\"town\">A heading</h2>",
                            "<div role=\"paragraph\">The mayor said that it “<mark class=\"quote ",
                            "hand-2\" id=\"quote-doubles\">will double</mark>”<sup ",
                            "class=\"note-ref near\"><a href=\"#claim-doubles\">1</a></sup>.",
                        )
                        .into(),
                        claims: vec![Once::Own(self.note())],
                    },
                    TextPiece {
                        html: concat!(
                            " <mark class=\"span\" id=\"span-doubles\">The tax will rise</mark>, ",
                            "<mark class=\"hedge\" id=\"hedge-doubles\">reportedly</mark>; a “<mark ",
                            "class=\"term\" id=\"term-1\">reform</mark>”.</div>",
                        )
                        .into(),
                        claims: vec![],
                    },
                ]),
                headings: self.many(
                    ["tax", "port", "mayor", "town"]
                        .map(|id| Heading { level: 2, id: id.into(), text: "A heading".into() })
                        .into(),
                ),
                unquoted: self.many(vec![Once::Own(ClaimNote {
                    id: "stays",
                    number: 2,
                    anchor: "claim-stays".into(),
                    ..self.note()
                })]),
                claim_count: if self.full { 2 } else { 0 },
                marks: self.many(vec!["quote", "span", "hedge", "term"]),
                depths: self
                    .many(vec![Depth { hand: 2, count: 1 }, Depth { hand: 0, count: 1 }]),
                network: self.diagram("_network-t"),
                terms: self.many(vec![self.term()]),
                speakers: self.many(vec![Once::Own(SpeakerCard {
                    name: "Jane Doe",
                    url: "speakers/jane-doe.html".into(),
                    kind: Some("person"),
                    role: some("mayor"),
                    claims: 1,
                })]),
                territories: self.many(vec![Once::Own(self.territory_card())]),
                sources: self.many(vec![self.source_card()]),
                topics: self.many(vec![link("Taxes", "topics/taxes.html")]),
                corrections: self.many(vec![self.correction()]),
                citation: citation(),
                links_here: self.links(),
                extra: self.extra(),
            },
        }
    }

    fn claim_page(&self) -> ClaimView<'static> {
        ClaimView {
            page: self.frame("claim", "claims", "The tax doubles."),
            claim: Once::Own(self.note()),
            findings: self.many(vec![FindingView {
                id: "contested",
                reason: "one other claim disputes it".into(),
                claims: self.items(1),
            }]),
            briefing: self.briefing_card(),
            chain_diagram: self.diagram("_way-t"),
            passages: self.many(vec![
                self.passage("will double", "quote-doubles"),
                self.passage("the tax will rise", "span-doubles"),
            ]),
            repeats: self.items(1),
            same_words: self.items(1),
            same_words_ratings: self.many(vec!["half true (The Checker)".to_owned()]),
            more_repeats: if self.full { 3 } else { 0 },
            citation: citation(),
            links_here: self.links(),
            extra: Some(self.extra()),
        }
    }

    fn claims(&self, id: &'static str, title: &'static str) -> Listing<'static> {
        self.listing(id, title, 1)
    }

    fn speaker(&self) -> SpeakerView<'static> {
        SpeakerView {
            page: self.frame("speaker", "speakers", "Jane Doe"),
            speaker: SpeakerBody {
                name: "Jane Doe",
                kind: Some("person"),
                described_as: self.word("a leading citizen"),
                aliases: self.many(vec!["J. Doe"]),
                role: self.word("mayor"),
                affiliation: self.may(link("The town", "speakers/town.html")),
                members: self.tally(),
                posts: self.many(vec![PostView {
                    post: "Mayor",
                    org: Some(plain("the town")),
                    start: self.day(),
                    end: self.about_then(),
                }]),
                elsewhere: self.many(vec![
                    link("Wikidata", "https://www.wikidata.org/wiki/Q1"),
                    plain("a diary"),
                ]),
                html: self.html(),
                ratings: self.ratings(),
                timeline: self.diagram("_timeline-t"),
                network: self.diagram("_network-t"),
                said: self.claims("said", "Claims made"),
                relayed: self.claims("relayed", "Claims passed on"),
                about: self.claims("about", "Claims about them"),
                told: self.claims("told", "Claims told to them"),
                positions: self.many(vec![Position {
                    proposition: link("The harbour is full.", "propositions/full.html"),
                    claims: self.items(1),
                    more: 2,
                }]),
                relayed_by: self.tally(),
                relays: self.tally(),
                territories: self.tally(),
                briefings: self.listing("briefings", "Briefings", 1),
                links_here: self.links(),
                extra: Some(self.extra()),
            },
        }
    }

    fn territory(&self) -> TerritoryView<'static> {
        let hold = |by: Ref<'static>| HoldView {
            by,
            since: self.about_then(),
            until: self.day(),
            extent: self.word("the quays"),
            basis: self.word("assessed"),
            source: self.may(interview()),
        };
        let part = |name: &'static str| PartOfView {
            territory: link(name, "territories/town.html"),
            accepted_by: self.many(vec![jane(), plain("the council")]),
        };
        TerritoryView {
            page: self.frame("territory", "territories", "The old harbour"),
            territory: TerritoryBody {
                name: "The old harbour",
                names: self
                    .many(vec![NameView { lang: "ar", name: "الميناء القديم" }]),
                aliases: self.many(vec!["The docks"]),
                kind: self.word("district"),
                part_of: self.many(vec![part("The town")]),
                parts: self.many(vec![part("The north quay")]),
                claimed_by: if self.full {
                    vec![hold(jane())]
                } else {
                    // An entry of which nothing is stated but who.
                    vec![hold(plain("the town"))]
                },
                controlled_by: self.many(vec![hold(john())]),
                map: self.may(MapView {
                    pictures: vec![
                        PictureView {
                            html: "<path class=\"map-sea\" d=\"M0 0h9v9H0z\"/>".into(),
                            surroundings: "control",
                            is_own: true,
                            perspective: Some("The council"),
                            source: Some("Survey of the harbour"),
                            date: self.day(),
                        },
                        PictureView {
                            html: "<path class=\"map-sea\" d=\"M0 0h9v9H0z\"/>".into(),
                            surroundings: "germany",
                            is_own: false,
                            perspective: None,
                            source: None,
                            date: None,
                        },
                    ],
                    width: 1920,
                    height: 1200,
                    kilometres: 100,
                    bar: 400,
                    is_outlined: false,
                    is_cut: true,
                    is_disputed: true,
                    disputed: vec![DisputedView {
                        territory: link("The town", "territories/town.html"),
                        claimed_by: vec![hold(jane()), hold(john())],
                        controlled_by: vec![hold(plain("the town"))],
                    }],
                }),
                identifiers: self.many(vec![
                    IdentifierView {
                        register: "Wikidata",
                        value: "Q1",
                        address: some("https://www.wikidata.org/wiki/Q1"),
                    },
                    IdentifierView { register: "ISO 3166-2", value: "XX-1", address: None },
                ]),
                html: self.html(),
                ratings: self.ratings(),
                timeline: self.diagram("_timeline-t"),
                claims: self.claims("claims", "Claims"),
                claims_within: self.claims("within", "Claims about its parts"),
                terms: self.many(vec![self.term()]),
                speakers: self.tally(),
                briefings: self.links(),
                links_here: self.listing("links-2", "What links here", 0),
                extra: Some(self.extra()),
            },
        }
    }

    fn source(&self) -> SourceView<'static> {
        SourceView {
            page: self.frame("source", "sources", "Interview with the mayor"),
            source: SourceBody {
                title: "Interview with the mayor",
                kind: self.word("video recording"),
                authors: self.many(vec![jane()]),
                publisher: self.may(plain("Harbour Radio")),
                date: self.day(),
                address: self.word("https://radio.example/1?a=1&b=2"),
                archived: self.word("https://archive.example/1"),
                archived_at: self.day(),
                sha256: self
                    .word("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                reliability: self.word("B"),
                reliability_words: self.word("usually reliable"),
                lang: self.word("de"),
                html: self.html(),
                claims: self.claims("claims", "Claims said in it"),
                cited_for: self.claims("cited", "Claims for which it is cited"),
                briefings: self.links(),
                links_here: self.listing("links-2", "What links here", 0),
                extra: Some(self.extra()),
            },
        }
    }

    fn proposition(&self) -> PropositionView<'static> {
        PropositionView {
            page: self.frame("proposition", "propositions", "The harbour is full."),
            proposition: PropositionBody {
                text: "The harbour is full.",
                html: self.html(),
                positions: self.diagram("_stances-t"),
                timeline: self.diagram("_timeline-t"),
                claims: self.claims("claims", "Who said it, and when"),
                speakers: self.tally(),
                links_here: self.links(),
                extra: self.extra(),
            },
        }
    }

    fn topic(&self) -> TopicView<'static> {
        TopicView {
            page: self.frame("topic", "topics", "Taxes"),
            topic: TopicBody {
                name: "Taxes",
                html: self.html(),
                briefings: self.listing("briefings", "Briefings", 1),
                claims: self.claims("claims", "Claims"),
                links_here: self.links(),
                extra: self.extra(),
            },
        }
    }

    fn page(&self) -> PageView<'static> {
        PageView {
            page: self.frame("page", "", "About"),
            updated: self.day(),
            html: self.html(),
            headings: vec![],
            links_here: self.links(),
            extra: self.extra(),
        }
    }

    fn index(&self) -> ListingView<'static> {
        ListingView {
            page: self.frame("listing", "claims", "Claims"),
            kind: "claims",
            of: self.may(jane()),
            about: "Everything, newest first.",
            timeline: self.diagram("_timeline-t"),
            listing: self.listing("claims", "Claims", 9),
        }
    }

    fn corrections(&self) -> ListingView<'static> {
        ListingView {
            page: self.frame("corrections", "corrections", "Corrections"),
            kind: "corrections",
            of: None,
            about: "What was wrong, newest first.",
            timeline: None,
            listing: self.listing("corrections", "Corrections", 1),
        }
    }
}
