//! A site in memory.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;

/// The files of a site, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What `make` hands on, each file once, and what it says itself.
pub fn collected<T>(
    make: impl FnOnce(&(dyn Fn(&str, &[u8]) -> io::Result<()> + Sync)) -> io::Result<T>,
) -> (Files, T) {
    let files = Mutex::new(Files::new());
    let sink = |path: &str, bytes: &[u8]| {
        let before = files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        assert_eq!(before, None, "{path} is written twice");
        Ok(())
    };
    let said = make(&sink).expect("memory does not fail");
    (files.into_inner().unwrap(), said)
}
