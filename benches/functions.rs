//! How long the functions take that a build spends its time in, each for one
//! briefing or one page of a made-up record. See benches/README.md.

#[allow(dead_code, reason = "others write it to a folder, and for other programs")]
mod corpus;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use onrecord::audit::Audit;
use onrecord::build::{Builder, Pass, Settings};
use onrecord::model::claim::Claim;
use onrecord::model::selector::Selector;
use onrecord::parse::document::{self, Document};
use onrecord::parse::markup::{Annotations, Resolved, markup};
use onrecord::parse::quote;
use onrecord::parse::text::VisibleText;
use onrecord::plan::pages::Page;
use onrecord::plan::route;
use onrecord::read::snapshot::{Snapshot, Source};
use onrecord::resolve::site::Entity;
use onrecord::words::Words;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// The record.
static FILES: LazyLock<Vec<(String, String)>> =
    LazyLock::new(|| corpus::Corpus::new(200, 1).files().collect());

/// It with the default theme, and with claims' pages that show nothing.
static FULL: LazyLock<Pass> = LazyLock::new(|| pass(&[]));
static BARE: LazyLock<Pass> = LazyLock::new(|| pass(&[("templates/claim.html", "")]));

fn pass(more: &[(&str, &str)]) -> Pass {
    let files = FILES.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let snapshot = Snapshot::of(files.chain(more.iter().copied()));
    let settings = Settings { now: 1_780_272_000, drafts: false, base_url: None, strict: false };
    Builder::new(settings).pass(&snapshot).value.expect("nothing is wrong with it")
}

/// The file of a briefing.
fn source() -> Source {
    let (path, text) = &FILES[1];
    Source::new(path, text)
}

fn parsed() -> Document {
    document::parse(&source()).value.expect("it is a briefing")
}

/// The first page with this template.
fn page<'a>(pass: &'a Pass, template: &str) -> &'a Page {
    pass.plan.pages.iter().find(|page| page.template == template).expect("there is one")
}

#[divan::bench]
fn briefing_parsed(bencher: Bencher) {
    let source = source();
    bencher.bench_local(|| document::parse(black_box(&source)));
}

/// Without its text, and without the quotes that would be missing there.
#[divan::bench]
fn front_matter_parsed(bencher: Bencher) {
    let source = source();
    let end = source.text.find("\n---\n").expect("it has front matter") + "\n---\n".len();
    let is_quote = |line: &str| line.starts_with("    quote: ");
    let lines = source.text[..end].split_inclusive('\n').filter(|line| !is_quote(line));
    let source = Source::new(&source.path, &lines.collect::<String>());
    assert!(document::parse(&source).diagnostics.is_empty());
    bencher.bench_local(|| document::parse(black_box(&source)));
}

#[divan::bench]
fn markdown_to_visible_text(bencher: Bencher) {
    let document = parsed();
    bencher.bench_local(|| VisibleText::of(black_box(document.markdown())));
}

/// All of a briefing's.
#[divan::bench]
fn quotes_found(bencher: Bencher) {
    let document = parsed();
    let text = VisibleText::of(document.markdown());
    let claims: &[Claim] = &document.briefing().expect("it is one").claims;
    let quotes: Vec<&Selector> =
        claims.iter().flat_map(|claim| &claim.quotes).map(|words| &words.selector).collect();
    assert!(quotes.iter().all(|quote| quote::find(&text, quote).is_ok()));
    bencher.bench_local(|| {
        quotes.iter().filter(|quote| quote::find(black_box(&text), quote).is_ok()).count()
    });
}

/// Without marks.
#[divan::bench]
fn markdown_to_html(bencher: Bencher) {
    let document = parsed();
    let annotations = Annotations {
        marks: &[],
        asides: &[],
        resolve: &|_| Resolved::AsWritten,
        names: &[],
        reserved: [&BTreeSet::new(), &BTreeSet::new()],
        trust_html: false,
        words: &Words::english(),
    };
    bencher.bench_local(|| markup(black_box(document.markdown()), &annotations));
}

/// What a claim's page may show, gathered.
#[divan::bench]
fn claim_viewed(bencher: Bencher) {
    rendered(bencher, &BARE, page(&BARE, "claim.html"));
}

#[divan::bench(args = ["claim.html", "briefing.html", "speaker.html", "listing.html"])]
fn page_rendered(bencher: Bencher, template: &str) {
    rendered(bencher, &FULL, page(&FULL, template));
}

fn rendered(bencher: Bencher, pass: &Pass, page: &Page) {
    let mut html = Vec::new();
    bencher.bench_local(|| {
        html.clear();
        pass.render(black_box(page), &mut html)
    });
}

#[divan::bench]
fn briefing_page_audited(bencher: Bencher) {
    let page = page(&FULL, "briefing.html");
    let mut html = Vec::new();
    FULL.render(page, &mut html).expect("the template fits");
    let audit = Audit::new(&FULL.site, &FULL.plan, FULL.assets.keys().map(String::as_str), false);
    bencher.bench_local(|| audit.look(page, black_box(&html)));
}

/// A claim's, and the way from there to the site's root.
#[divan::bench]
fn address_made(bencher: Bencher) {
    let site = &FULL.site;
    bencher.bench_local(|| {
        let url = route::entity(site, black_box(Entity::Claim(0)));
        (route::root(&url), url)
    });
}
