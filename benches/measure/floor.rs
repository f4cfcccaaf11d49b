//! The least that a generator can take which writes the same files: folders and
//! files of the same names and sizes, and nothing worked out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::time::{ClockId, clock_gettime};

/// Files that one thread writes one after the other into one folder.
const AT_A_TIME: usize = 128;

/// A folder, below the one that everything is written to, and its files.
struct Folder {
    path: PathBuf,
    files: Vec<(PathBuf, usize)>,
}

/// Writes a folder like `from` to `to`, which is not there yet. Gives the
/// seconds that it took and those of the processor, without those for looking
/// at `from`.
///
/// This is the fastest way we know: all threads write, each folder is made once
/// and its files are named within it, so that the system walks no path twice.
/// All bytes are those of the largest file; a generator, too, has the page that
/// it writes at hand, in the nearest memory.
pub fn floor(from: &Path, to: &Path) -> io::Result<(f64, f64)> {
    let (folders, bytes) = look(from, to)?;
    let start = (Instant::now(), processor());
    // A folder stands before those in it.
    for folder in &folders {
        fs::create_dir(&folder.path)?;
    }
    folders
        .par_iter()
        .flat_map(|folder| folder.files.par_chunks(AT_A_TIME).map(move |files| (folder, files)))
        .try_for_each(|(folder, files)| {
            let within =
                openat(CWD, &folder.path, OFlags::PATH | OFlags::DIRECTORY, Mode::empty())?;
            for (name, size) in files {
                let new = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
                let file = openat(&within, name, new, Mode::from_raw_mode(0o666))?;
                let mut rest = &bytes[..*size];
                while !rest.is_empty() {
                    rest = &rest[rustix::io::write(&file, rest)?..];
                }
            }
            io::Result::Ok(())
        })?;
    Ok((start.0.elapsed().as_secs_f64(), processor() - start.1))
}

/// The folders below `from`, as they are to be below `to`, and the bytes of the
/// largest file.
fn look(from: &Path, to: &Path) -> io::Result<(Vec<Folder>, Vec<u8>)> {
    let mut folders: Vec<Folder> = Vec::new();
    let mut largest = (0, PathBuf::new());
    // The files of a folder come before the folders in it.
    let in_order = walkdir::WalkDir::new(from).sort_by(|a, b| {
        (a.file_type().is_dir(), a.file_name()).cmp(&(b.file_type().is_dir(), b.file_name()))
    });
    for entry in in_order {
        let entry = entry?;
        if entry.file_type().is_dir() {
            let below = entry.path().strip_prefix(from).expect("it lies below");
            folders.push(Folder { path: to.join(below), files: Vec::new() });
        } else {
            let size = usize::try_from(entry.metadata()?.len()).expect("it fits into memory");
            if size >= largest.0 {
                largest = (size, entry.path().to_owned());
            }
            let folder = folders.last_mut().expect("its folder comes first");
            folder.files.push((entry.file_name().into(), size));
        }
    }
    Ok((folders, fs::read(largest.1)?))
}

/// Seconds of the processor that this program has used.
fn processor() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("it has passed").as_secs_f64()
}
