//! How long a build takes, beside the least that writing the same files can
//! take and, where it is there, beside Hugo. See benches/README.md.
//!
//!     cargo bench --bench building -- --briefings 1000 [--seed 1] [--runs 3] [--hugo PROGRAM]
//!     cargo bench --bench building -- --floor FROM TO
//!
//! The second writes the files below a folder, which it has read before, into
//! another, and prints the seconds that the writing took.

mod corpus;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What is measured of one run of a program.
struct Run {
    seconds: f64,
    /// The most that it held at once, in MB.
    memory: u64,
}

/// A row of the table: what was run, and what came of it.
struct Row {
    name: String,
    runs: Vec<Run>,
    files: usize,
    bytes: u64,
}

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).filter(|a| a != "--bench");
    let (mut briefings, mut seed, mut runs, mut hugo) = (None, 1, 3, None);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} of what?"));
        let number = |text: String| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
        match argument.as_str() {
            "--briefings" => briefings = Some(number(value())),
            "--seed" => seed = number(value()) as u64,
            "--runs" => runs = number(value()),
            "--hugo" => hugo = Some(PathBuf::from(value())),
            "--floor" => return floor(Path::new(&value()), Path::new(&value())),
            _ => panic!("there is no {argument}"),
        }
    }
    if let Some(briefings) = briefings {
        return measure(briefings, seed, runs, hugo.as_deref());
    }
    // `cargo bench` and `cargo test` run every benchmark; this one needs a size.
    println!("say --briefings NUMBER");
    Ok(())
}

fn measure(briefings: usize, seed: u64, runs: usize, hugo: Option<&Path>) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let record = corpus::Corpus::new(briefings, seed);
    for site in ["default", "plain"] {
        record.write_to(&at(site))?;
    }
    copy(&here.join("plain"), &at("plain/templates"))?;
    if hugo.is_some() {
        copy(&here.join("hugo"), &at("hugo"))?;
        record.write_for_hugo(&at("hugo"))?;
    }
    drop(record);

    let ours = |command: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        program.args([command, "--as-of", "2026-06-01"]);
        program
    };
    let mut table: Vec<Row> = Vec::new();
    let mut note = |name: String, run: Run, out: Option<&Path>| -> io::Result<()> {
        let at = table.iter().position(|row| row.name == name).unwrap_or_else(|| {
            table.push(Row { name, runs: Vec::new(), files: 0, bytes: 0 });
            table.len() - 1
        });
        if let Some(out) = out {
            (table[at].files, table[at].bytes) = weigh(out)?;
        }
        table[at].runs.push(run);
        Ok(())
    };
    // One after the other, over and over, so that what the machine does besides
    // falls on all of them.
    for _ in 0..runs {
        for (site, name) in [("default", "default theme"), ("plain", "plain templates")] {
            let (site, out) = (at(site), at(site).join("public"));
            clear(&out)?;
            note(format!("{name}: build"), run(ours("build").current_dir(&site))?, Some(&out))?;
            note(format!("{name}: build again"), run(ours("build").current_dir(&site))?, None)?;
            note(format!("{name}: check"), run(ours("check").current_dir(&site))?, None)?;
            let copy = at("floor");
            clear(&copy)?;
            let mut least = Command::new(std::env::current_exe()?);
            let said = least.arg("--floor").args([&out, &copy]).output()?;
            let seconds = String::from_utf8_lossy(&said.stdout).trim().parse();
            let seconds = seconds.map_err(|_| io::Error::other("the floor says no time"))?;
            note(format!("{name}: only writing"), Run { seconds, memory: 0 }, Some(&copy))?;
            clear(&copy)?;
        }
        if let Some(hugo) = hugo {
            let (site, out) = (at("hugo"), at("hugo/public"));
            clear(&out)?;
            let run = run(Command::new(hugo).arg("build").current_dir(&site))?;
            note("Hugo".to_owned(), run, Some(&out))?;
        }
    }

    println!("{briefings} briefings, seed {seed}, medians of {runs} runs");
    println!("{:<28} {:>8} {:>8} {:>8} {:>9}", "", "s", "MB held", "files", "MB");
    for row in &mut table {
        row.runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let memory = row.runs.iter().map(|run| run.memory).max().unwrap_or_default();
        let held = if memory == 0 { String::new() } else { memory.to_string() };
        let (files, size) = match row.files {
            0 => (String::new(), String::new()),
            files => (files.to_string(), (row.bytes / 1_000_000).to_string()),
        };
        let seconds = row.runs[row.runs.len() / 2].seconds;
        println!("{:<28} {seconds:>8.3} {held:>8} {files:>8} {size:>9}", row.name);
    }
    Ok(())
}

/// Runs a program to its end.
fn run(command: &mut Command) -> io::Result<Run> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    // What a program holds at most is told while it runs, and it only grows.
    let memory = thread::spawn(move || {
        let mut most = 0;
        while let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let Some(line) = line else { break };
            let kilobytes = line.trim().split(' ').next().and_then(|n| n.parse::<u64>().ok());
            most = most.max(kilobytes.unwrap_or_default());
            thread::sleep(Duration::from_millis(5));
        }
        most / 1024
    });
    let said = io::read_to_string(child.stderr.take().expect("it is piped"))?;
    let is_fine = child.wait()?.success();
    let seconds = start.elapsed().as_secs_f64();
    if !is_fine {
        return Err(io::Error::other(said));
    }
    Ok(Run { seconds, memory: memory.join().expect("the observer ends") })
}

/// Reads every file below `from`, then writes them below `to` and says how long
/// the writing took.
fn floor(from: &Path, to: &Path) -> io::Result<()> {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry?;
        let path = to.join(entry.path().strip_prefix(from).expect("it lies below"));
        if entry.file_type().is_dir() {
            folders.push(path);
        } else {
            files.push((path, fs::read(entry.path())?));
        }
    }
    let start = Instant::now();
    for folder in folders {
        fs::create_dir(folder)?;
    }
    for (path, bytes) in &files {
        fs::write(path, bytes)?;
    }
    println!("{:.4}", start.elapsed().as_secs_f64());
    Ok(())
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

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let path = to.join(entry.path().strip_prefix(from).expect("it lies below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(path)?;
        } else {
            fs::copy(entry.path(), path)?;
        }
    }
    Ok(())
}

/// Takes a folder away if it is there.
fn clear(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
