//! How long builds, checks and edits take, beside the least that writing the
//! same files can take and, where they are there, beside Hugo and Zola. See
//! benches/README.md.

mod corpus;
#[path = "building/maker.rs"]
mod maker;
#[allow(dead_code, reason = "others measure more")]
mod measure;
#[path = "building/table.rs"]
mod table;

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use maker::{Action, Maker, Programs};
use measure::edits::{id, times, until_it_differs};
use measure::preview::{Preview, get};
use measure::program::{Run, Running, run};
use table::{Table, growth};

/// Measure builds, checks and edits of made-up records
#[derive(Parser)]
#[command(bin_name = "cargo bench --bench building --")]
struct Arguments {
    /// The sizes to measure at, such as 1000,10000
    #[arg(long, value_delimiter = ',', value_name = "N,...")]
    briefings: Vec<usize>,

    /// Another seed makes another record
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,

    /// How often each is run; the table has the medians
    #[arg(long, default_value_t = 3, value_name = "N")]
    runs: usize,

    /// How often a file is saved for `watch` and then for `serve`; 0 leaves them out
    #[arg(long, default_value_t = 20, value_name = "N")]
    edits: usize,

    /// Where the records and sites are put while it runs; by default the system's temporary folder
    #[arg(long = "in", value_name = "FOLDER")]
    within: Option<PathBuf>,

    /// Only with the default theme, or only with plain templates
    #[arg(long)]
    only: Option<Maker>,

    #[command(flatten)]
    programs: Programs,

    /// The largest size to measure those at, as they take gigabytes and minutes
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    peers_up_to: usize,

    /// Only write a record of the one size to a new or empty folder
    #[arg(long, value_name = "FOLDER")]
    make: Option<PathBuf>,

    /// Have our program make a search index too
    #[arg(long)]
    search: bool,

    /// For whom `--make` writes it
    #[arg(long = "for", default_value = "default")]
    maker: Maker,

    /// Only write a folder like FROM to TO, which is not there yet, and say how long that took
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    floor: Vec<PathBuf>,
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse_from(std::env::args().filter(|a| a != "--bench"));
    match (&arguments.floor[..], &arguments.make, &arguments.briefings[..]) {
        ([from, to], ..) => {
            let (seconds, processor) = measure::floor::floor(from, to)?;
            println!("{seconds:.4} {processor:.4}");
        }
        (_, Some(folder), &[briefings]) => {
            let mut record = corpus::Corpus::new(briefings, arguments.seed);
            record.search = arguments.search;
            arguments.maker.make(folder, &record)?;
        }
        (_, Some(_), _) => println!("say --briefings NUMBER"),
        // `cargo bench` and `cargo test` run every benchmark; this one needs a size.
        (_, None, []) => println!("say --briefings NUMBER; --help says what else there is"),
        (_, None, sizes) => {
            let mut last: Option<(usize, Table)> = None;
            for &briefings in sizes {
                let table = measure(&arguments, briefings)?;
                println!("{briefings} briefings, seed {}", arguments.seed);
                println!("medians of {} runs\n{table}", arguments.runs);
                if let Some((fewer, before)) = &last {
                    println!("from {fewer} to {briefings} briefings\n{}", growth(before, &table));
                }
                last = Some((briefings, table));
            }
        }
    }
    Ok(())
}

/// Measures everything at one size.
fn measure(arguments: &Arguments, briefings: usize) -> io::Result<Table> {
    let folder = match &arguments.within {
        Some(within) => tempfile::tempdir_in(within)?,
        None => tempfile::tempdir()?,
    };
    let at = |maker: Maker| folder.path().join(maker.id());
    let makers: Vec<Maker> = Maker::value_variants()
        .iter()
        .copied()
        .filter(|maker| match maker.program(&arguments.programs) {
            None => false,
            Some(_) if maker.is_ours() => arguments.only.is_none_or(|only| only == *maker),
            Some(_) => briefings <= arguments.peers_up_to,
        })
        .collect();
    for maker in &makers {
        // In a program of its own, so that this one stays small; see `run`.
        let mut make = Command::new(std::env::current_exe()?);
        make.arg("--make").arg(at(*maker)).args(["--for", maker.id()]);
        make.args(arguments.search.then_some("--search"));
        make.args(["--briefings", &briefings.to_string(), "--seed", &arguments.seed.to_string()]);
        run(&mut make)?;
    }
    let mut table = Table::default();
    // One after the other, over and over, so that what the machine does besides
    // falls on all of them.
    let out = |maker: Maker| at(maker).join("public");
    for _ in 0..arguments.runs {
        for maker in &makers {
            clear(&out(*maker), folder.path())?;
        }
        forget(folder.path())?;
        for maker in &makers {
            let (site, copy) = (at(*maker), folder.path().join("floor"));
            let out = out(*maker);
            for action in [Action::Build, Action::Again, Action::Check] {
                let Some(mut command) = maker.command(action, &arguments.programs) else {
                    continue;
                };
                settle(&site)?;
                let (run, said) = run(command.current_dir(&site))?;
                let is_first = action == Action::Build;
                let tree = if is_first { Some(weigh(&out)?) } else { None };
                table.note(*maker, action, run, tree);
                if is_first && maker.is_ours() {
                    table.note_stages(*maker, &said);
                }
            }
            settle(&site)?;
            let mut least = Command::new(std::env::current_exe()?);
            let (_, said) = run(least.arg("--floor").args([&out, &copy]))?;
            let mut said = said.split_whitespace().filter_map(|n| n.parse().ok());
            let (Some(seconds), Some(processor)) = (said.next(), said.next()) else {
                return Err(io::Error::other("the floor says no time"));
            };
            let tree = weigh(&copy)?;
            assert_eq!(tree, weigh(&out)?, "the floor writes the same");
            table.note(
                *maker,
                Action::Writing,
                Run { seconds, processor, memory: None },
                Some(tree),
            );
            clear(&copy, folder.path())?;
        }
    }
    if arguments.edits > 0 {
        for maker in &makers {
            measure_edits(*maker, &at(*maker), arguments, &mut table);
        }
    }
    Ok(table)
}

/// Measures how long edits take to be written and to be served.
fn measure_edits(maker: Maker, site: &Path, arguments: &Arguments, table: &mut Table) {
    for action in [Action::Watch, Action::Serve] {
        let Some(mut command) = maker.command(action, &arguments.programs) else { continue };
        command.current_dir(site);
        let (seconds, running) = match (action, maker.is_ours()) {
            (Action::Serve, true) => {
                let preview = Preview::start(&mut command);
                preview.running.wait_until_idle();
                let times = times(site, arguments.edits, |file, text| preview.time(file, text));
                (times, preview.running)
            }
            (Action::Serve, false) => {
                let port = free_port();
                let running = Running::start(command.args(["--port", &port.to_string()]));
                let page = |file: &Path| get(port, &format!("briefings/{}/", id(file)));
                let any = &measure::edits::briefings(site)[0];
                while !page(any).starts_with(b"HTTP/1.1 200") {
                    thread::sleep(Duration::from_millis(100));
                }
                running.wait_until_idle();
                let times = times(site, arguments.edits.min(PEERS_EDITS), |file, text| {
                    until_it_differs(file, text, || page(file))
                });
                (times, running)
            }
            _ => {
                let running = Running::start(&mut command);
                running.line();
                running.wait_until_idle();
                let end = if maker.is_ours() { ".html" } else { "/index.html" };
                let edits = if maker.is_ours() { arguments.edits } else { PEERS_EDITS };
                let times = times(site, edits.min(arguments.edits), |file, text| {
                    let page = site.join(format!("public/briefings/{}{end}", id(file)));
                    until_it_differs(file, text, || fs::read(&page).unwrap_or_default())
                });
                (times, running)
            }
        };
        table.note_edits(maker, action, seconds, running.most_memory() / 1024);
    }
}

/// How often a file is saved for a peer, which may take seconds each time.
const PEERS_EDITS: usize = 6;

/// A port that nobody listens at.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}

/// How many files there are below a folder, and their bytes.
fn weigh(folder: &Path) -> io::Result<(usize, u64)> {
    let mut sum = (0, 0);
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            sum = (sum.0 + 1, sum.1 + entry.metadata()?.len());
        }
    }
    Ok(sum)
}

/// Waits until what was written is on the disk that a folder lies on, so that
/// the next program need not.
fn settle(folder: &Path) -> io::Result<()> {
    rustix::fs::syncfs(fs::File::open(folder)?)?;
    Ok(())
}

/// Takes a folder away if it is there. On a disk it is only moved, as ext4 looks,
/// for a minute after files were deleted, at each of them before it has room for a
/// new one, so that builds would take several times as long.
fn clear(folder: &Path, all: &Path) -> io::Result<()> {
    const TMPFS: i64 = 0x0102_1994;
    if !folder.exists() {
        return Ok(());
    }
    if rustix::fs::statfs(all)?.f_type as i64 == TMPFS {
        return fs::remove_dir_all(folder);
    }
    let old = all.join(OLD);
    fs::create_dir_all(&old)?;
    let before = fs::read_dir(&old)?.count();
    fs::rename(folder, old.join(before.to_string()))
}

/// Deletes what was moved out of the way, and waits until that is forgotten.
fn forget(all: &Path) -> io::Result<()> {
    let old = all.join(OLD);
    if old.exists() {
        fs::remove_dir_all(old)?;
        settle(all)?;
        thread::sleep(Duration::from_secs(61));
    }
    Ok(())
}

/// Where it is moved to.
const OLD: &str = "old";
