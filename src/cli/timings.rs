//! How long each stage of a pass takes.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use onrecord::stage::{Observer, Stage};

thread_local! {
    /// What this thread is at, and since when.
    static AT: Cell<Option<(Stage, Instant)>> = const { Cell::new(None) };
}

/// The time that each stage has taken, of all threads together.
#[derive(Clone, Default)]
pub struct Timings(Arc<[AtomicU64; Stage::ALL.len()]>);

impl Timings {
    /// Adds up what it is told.
    pub fn observer(&self) -> Observer {
        let taken = Arc::clone(&self.0);
        Observer::new(move |next| {
            let now = Instant::now();
            if let Some((stage, since)) = AT.replace(next.map(|stage| (stage, now))) {
                let nanoseconds = u64::try_from((now - since).as_nanos()).unwrap_or(u64::MAX);
                taken[stage as usize].fetch_add(nanoseconds, Relaxed);
            }
        })
    }

    /// A line for each stage. What is done for each page is done on all threads
    /// at once, and their times are added up; the last line says how long it all
    /// took.
    pub fn table(&self, all: Duration, threads: usize) -> String {
        let mut table = String::new();
        for (stage, taken) in Stage::ALL.iter().zip(self.0.iter()) {
            let name = format!("{stage:?}").to_lowercase();
            let seconds = Duration::from_nanos(taken.load(Relaxed)).as_secs_f64();
            let is_shared = *stage as usize >= Stage::View as usize;
            let on = if is_shared { format!("  on {threads} threads") } else { String::new() };
            table.push_str(&format!("{name:<8} {seconds:>8.3} s{on}\n"));
        }
        table.push_str(&format!("{:<8} {:>8.3} s\n", "in all", all.as_secs_f64()));
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_between_two_calls_is_that_of_the_stage_that_began() {
        let timings = Timings::default();
        let observer = timings.observer();
        observer.begins(Stage::View);
        std::thread::sleep(Duration::from_millis(20));
        observer.begins(Stage::Render);
        observer.ends();
        std::thread::sleep(Duration::from_millis(20));
        observer.begins(Stage::Render);
        observer.ends();
        let taken = |stage: Stage| timings.0[stage as usize].load(Relaxed);
        assert!(taken(Stage::View) >= 20_000_000);
        assert!(taken(Stage::Render) < taken(Stage::View));
        let table = timings.table(Duration::from_millis(1500), 2);
        assert_eq!(table.lines().count(), 9);
        assert!(table.starts_with("read        0.000 s\n"), "{table}");
        assert!(table.ends_with("in all      1.500 s\n"), "{table}");
        assert!(table.lines().nth(4).unwrap().ends_with(" s  on 2 threads"), "{table}");
    }
}
