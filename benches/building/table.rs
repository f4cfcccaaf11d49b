//! What came of the measuring, as a table.

use std::fmt;

use super::maker::{Action, Maker};
use crate::measure::median;
use crate::measure::program::Run;

/// A row of the table: what was done by whom, and what came of it.
struct Row {
    maker: Maker,
    action: Action,
    seconds: Vec<f64>,
    /// Of the processor. Not known of edits.
    processor: Vec<f64>,
    /// The most of all runs, in MB.
    memory: Option<u32>,
    /// How many files were written, and their bytes.
    tree: Option<(usize, u64)>,
}

/// What came of one size.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    stages: Vec<(Maker, Stages)>,
}

/// The seconds of each stage and of all of them, by name, in order.
type Stages = Vec<(String, Vec<f64>)>;

impl Table {
    pub fn note(&mut self, maker: Maker, action: Action, run: Run, tree: Option<(usize, u64)>) {
        let is_it = |row: &Row| (row.maker, row.action) == (maker, action);
        let at = self.rows.iter().position(is_it).unwrap_or_else(|| {
            let (seconds, processor) = (Vec::new(), Vec::new());
            self.rows.push(Row { maker, action, seconds, processor, memory: None, tree });
            self.rows.len() - 1
        });
        let row = &mut self.rows[at];
        row.seconds.push(run.seconds);
        row.processor.push(run.processor);
        row.memory = row.memory.max(run.memory);
    }

    /// Notes how many seconds each edit took, and the most memory that was held.
    pub fn note_edits(&mut self, maker: Maker, action: Action, seconds: Vec<f64>, memory: u32) {
        let (processor, memory) = (Vec::new(), Some(memory));
        self.rows.push(Row { maker, action, seconds, processor, memory, tree: None });
    }

    /// Takes the seconds from what `build --timings` prints: a line for each
    /// stage and one for all, as `read        0.081 s`.
    pub fn note_stages(&mut self, maker: Maker, said: &str) {
        let lines = said.lines().filter_map(|line| {
            let (name, rest) = line.split_once("  ")?;
            let seconds = rest.trim_start().split_once(" s")?.0.parse().ok()?;
            Some((name.trim_end().to_owned(), seconds))
        });
        let at = self.stages.iter().position(|(of, _)| *of == maker).unwrap_or_else(|| {
            self.stages.push((maker, Vec::new()));
            self.stages.len() - 1
        });
        let stages = &mut self.stages[at].1;
        for (name, seconds) in lines {
            match stages.iter_mut().find(|(of, _)| *of == name) {
                Some((_, all)) => all.push(seconds),
                None => stages.push((name, vec![seconds])),
            }
        }
    }

    /// Each maker's rows together.
    fn rows(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| (row.maker, row.action));
        rows
    }

    fn seconds(&self, maker: Maker, action: Action) -> Option<f64> {
        let row = self.rows.iter().find(|row| (row.maker, row.action) == (maker, action))?;
        Some(median(&row.seconds))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peers: Vec<Maker> = [Maker::Hugo, Maker::Zola]
            .into_iter()
            .filter(|peer| self.seconds(*peer, Action::Build).is_some())
            .collect();
        write!(
            f,
            "{:<32} {:>9} {:>9} {:>8} {:>8} {:>7}",
            "", "s", "cpu s", "MB held", "files", "MB"
        )?;
        write!(f, " {:>8}", "/ floor")?;
        for peer in &peers {
            write!(f, " {:>8}", format!("/ {}", peer.name()))?;
        }
        writeln!(f)?;
        let or_empty = |text: Option<String>| text.unwrap_or_default();
        for row in self.rows() {
            let name = format!("{}: {}", row.maker.name(), row.action.name());
            let seconds = median(&row.seconds);
            let processor = (!row.processor.is_empty()).then(|| median(&row.processor));
            let is_build = matches!(row.action, Action::Build | Action::Again);
            let floor = self.seconds(row.maker, Action::Writing).filter(|_| is_build);
            write!(
                f,
                "{name:<32} {seconds:>9.3} {:>9} {:>8} {:>8} {:>7} {:>8}",
                or_empty(processor.map(|s| format!("{s:.3}"))),
                or_empty(row.memory.map(|m| m.to_string())),
                or_empty(row.tree.map(|(files, _)| files.to_string())),
                or_empty(row.tree.map(|(_, bytes)| format!("{}", bytes / 1_000_000))),
                or_empty(floor.map(|floor| format!("{:.2}", seconds / floor))),
            )?;
            // What the peer writes is another site.
            let is_compared = row.maker.is_ours() && row.action != Action::Writing;
            for peer in &peers {
                let theirs = self.seconds(*peer, row.action).filter(|_| is_compared);
                write!(f, " {:>8}", or_empty(theirs.map(|s| format!("{:.3}", seconds / s))))?;
            }
            writeln!(f)?;
        }
        if let Some((_, stages)) = self.stages.first() {
            write!(f, "\n{:<32}", "where the build's time goes, s")?;
            for (name, _) in stages {
                write!(f, " {name:>8}")?;
            }
            writeln!(f)?;
        }
        for (maker, stages) in &self.stages {
            write!(f, "{:<32}", maker.name())?;
            for (_, seconds) in stages {
                write!(f, " {:>8.3}", median(seconds))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// How many times the time and the memory of each row of `before` there are in
/// `now`.
pub fn growth(before: &Table, now: &Table) -> String {
    let mut text = format!("{:<32} {:>9} {:>9}\n", "", "time", "memory");
    for row in now.rows() {
        let is_it = |other: &&Row| (other.maker, other.action) == (row.maker, row.action);
        let Some(last) = before.rows.iter().find(is_it) else { continue };
        let name = format!("{}: {}", row.maker.name(), row.action.name());
        let time = median(&row.seconds) / median(&last.seconds);
        let memory =
            row.memory.zip(last.memory).map(|(now, last)| f64::from(now) / f64::from(last));
        let memory = memory.map(|times| format!("x {times:.1}")).unwrap_or_default();
        text.push_str(&format!("{name:<32} {:>9} {memory:>9}\n", format!("x {time:.1}")));
    }
    text
}
