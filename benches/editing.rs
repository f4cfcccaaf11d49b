//! How long an edit takes: from the moment a file is written to the moment a
//! browser that has the page open holds its new bytes. See benches/README.md.
//!
//!     cargo bench --bench editing -- --briefings 10000 [--edits 100]
//!     cargo bench --bench editing -- --site FOLDER [--edits 100]
//!     cargo bench --bench editing -- --briefings 650 --saves 1000
//!
//! `--program` names another program than the one that is built with it.
//!
//! The first makes up a record in a temporary folder, the second edits one that
//! is there and puts back what was edited. Printed are, for each kind of edit,
//! the median, the 95th percentile and the longest time in milliseconds, and
//! how long the preview takes to come up.
//!
//! The third saves as often as it says, in all the ways in turn, while `serve`
//! and `watch` both follow, and fails if one of them has grown by a twentieth
//! since it was warm, and by more than chance.

#[allow(dead_code, reason = "others write it for another program too")]
mod corpus;
#[allow(dead_code, reason = "others measure more")]
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use measure::edits::{EDITS, briefings, id};
use measure::preview::Preview;
use measure::program::Running;

/// Saves before a program counts as warm.
const WARM_UP: usize = 200;

/// Kilobytes of growth with every save that are taken for a leak. With 5,000
/// pages, which take 150 MB, a twentieth in a thousand saves is 7. With a small
/// site a twentieth may be less than what the allocator keeps by chance.
const LEAK: usize = 5;

/// The program that is measured.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let (mut site, mut briefings, mut edits, mut saves) = (None, None, 100, None);
    let mut program = PathBuf::from(env!("CARGO_BIN_EXE_onrecord"));
    while let Some(argument) = arguments.next() {
        let value = arguments.next().unwrap_or_else(|| panic!("{argument} of what?"));
        let number = || value.parse::<usize>().unwrap_or_else(|_| panic!("{value} is no number"));
        match argument.as_str() {
            "--site" => site = Some(PathBuf::from(&value)),
            "--briefings" => briefings = Some(number()),
            "--edits" => edits = number(),
            "--saves" => saves = Some(number()),
            "--program" => program = PathBuf::from(&value),
            _ => panic!("there is no {argument}"),
        }
    }
    // It is started in the folder of the site.
    let program = program.canonicalize().expect("the program is there");
    PROGRAM.set(program).expect("nobody else sets it");
    let made_up = tempfile::tempdir().expect("there is a folder for temporary files");
    let site = match (site, briefings) {
        (Some(site), None) => site,
        (None, Some(briefings)) => {
            corpus::Corpus::new(briefings, 1).write_to(made_up.path()).expect("it can be written");
            made_up.path().to_owned()
        }
        // `cargo bench` and `cargo test` run every benchmark; this one needs a site.
        _ => return println!("say --briefings NUMBER or --site FOLDER"),
    };
    match saves {
        None => measure_edits(&site, edits),
        Some(saves) => measure_memory(&site, saves),
    }
}

fn measure_edits(site: &Path, edits: usize) {
    let start = Instant::now();
    let preview = Preview::start(&mut onrecord(site, "serve"));
    let up = start.elapsed();
    println!("up after {} ms", up.as_millis());
    let briefings = briefings(site);
    // Let the background finish its first round, as it would while somebody reads.
    preview.running.wait_until_idle();
    println!("memory {} MB", preview.running.memory() / 1024);
    println!("{:<22} {:>6} {:>6} {:>6}", "edit", "median", "p95", "max");
    let mut turn = 0;
    for (name, change) in EDITS {
        let mut times: Vec<f64> = Vec::new();
        for n in 0..edits {
            turn += 1;
            let file = &briefings[turn * 7919 % briefings.len()];
            let text = fs::read_to_string(file).expect("the briefing can be read");
            let Some(changed) = change(&text, n) else { continue };
            times.push(preview.time(file, &changed));
            preview.time(file, &text);
            // As somebody who goes on writing.
            thread::sleep(Duration::from_millis(100));
        }
        print_times(name, times);
    }
    println!("memory {} MB", preview.running.memory() / 1024);
}

fn measure_memory(site: &Path, saves: usize) {
    let watch = Running::start(&mut onrecord(site, "watch"));
    watch.line();
    let preview = Preview::start(&mut onrecord(site, "serve"));
    let both = [("serve", &preview.running), ("watch", &watch)];
    let briefings = briefings(site);
    let mut times: Vec<f64> = Vec::new();
    let mut held: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
    let mut before = String::new();
    for n in 0..WARM_UP + saves {
        if n == WARM_UP {
            times.clear();
        }
        // What is changed is changed back by the next save.
        let file = &briefings[n / 2 * 7919 % briefings.len()];
        if n % 2 == 0 {
            before = fs::read_to_string(file).expect("the briefing can be read");
        }
        let (_, change) = EDITS[n / 2 % EDITS.len()];
        let text = if n % 2 == 0 { change(&before, 0) } else { Some(before.clone()) };
        let page = site.join(format!("public/briefings/{}.html", id(file)));
        let old = fs::read(&page).expect("the page is there");
        times.push(preview.time(file, &text.expect("there is something to change")));
        let start = Instant::now();
        while fs::read(&page).is_ok_and(|new| new == old) {
            assert!(start.elapsed().as_secs() < 60, "{} stays as it was", page.display());
            thread::sleep(Duration::from_millis(1));
        }
        if n >= WARM_UP {
            for (held, (_, running)) in held.iter_mut().zip(&both) {
                held.push(running.memory());
            }
        }
    }
    print_times("save", times);
    // What is held goes up and down with every save, and what the allocator
    // keeps for later comes on top now and then. What leaks is there at the
    // lowest, too.
    let lowest = |held: &[u32]| {
        let mut held = held.to_vec();
        held.sort_unstable();
        held[held.len() / 10]
    };
    let mut has_grown = false;
    for ((name, _), held) in both.iter().zip(held) {
        let fifths: Vec<u32> = held.chunks((held.len() / 5).max(1)).map(lowest).collect();
        println!("{name}: {fifths:?} kB at the lowest in each fifth of {saves} saves");
        let grown = fifths[4].saturating_sub(fifths[0]);
        has_grown |= grown * 20 > fifths[0] && grown as usize > LEAK * saves;
    }
    assert!(!has_grown, "it has grown by more than a twentieth, and by {LEAK} kB with every save");
}

fn onrecord(site: &Path, command: &str) -> Command {
    let mut program = Command::new(PROGRAM.get().expect("it is set at the start"));
    program.args([command, "--as-of", "2026-06-01"]).current_dir(site);
    program
}

fn print_times(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{name:<22} {:>6.0} {:>6.0} {:>6.0}",
        at(50) * 1000.0,
        at(95) * 1000.0,
        at(100) * 1000.0
    );
}
