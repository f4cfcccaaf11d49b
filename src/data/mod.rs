//! The record as data: files that no template makes.
//!
//! All of them are made from the same [plain entities](record), or from a
//! feed's view; one file here for each form. What may not be published is on no
//! site, and so in none of them.

pub mod annotations;
pub mod feed;
pub mod follow_the_money;
pub mod geojson;
pub mod record;
pub mod relations;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod tables;

use schemars::generate::SchemaSettings;
use serde::Serialize;

use crate::plan::data::DataFile;
use crate::resolve::site::Site;
use record::Record;

/// Appends a file of data to `out`. The bytes depend on the site alone.
///
/// # Errors
///
/// What keeps it from being made, in words.
pub fn write(site: &Site, file: DataFile, out: &mut Vec<u8>) -> Result<(), String> {
    match file {
        DataFile::Feed(of) => feed::write(site, of, out),
        DataFile::Annotations(briefing) => annotations::write(site, briefing, out),
        DataFile::Record => line(&record::record(site), out),
        DataFile::Schema => line(&schema(), out),
        DataFile::Lines => record::entities(site).for_each(|entity| line(&entity, out)),
        DataFile::Table(table) => tables::write(site, table, out)?,
        DataFile::Package => tables::package(site, out),
        #[cfg(feature = "sqlite")]
        DataFile::Sqlite => sqlite::write(site, out)?,
        #[cfg(not(feature = "sqlite"))]
        DataFile::Sqlite => return Err("this program was built without SQLite".to_owned()),
        DataFile::FollowTheMoney => follow_the_money::write(site, out),
        DataFile::Territories => geojson::write(site, out),
        DataFile::Relations => relations::write(site, out)?,
    }
    Ok(())
}

/// The JSON Schema (2020-12) of `data/record.json`, made from the structs that
/// are written there.
fn schema() -> schemars::Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Record>()
}

/// Appends a value as JSON, and ends the line.
fn line<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, value).expect("texts and numbers have a JSON form");
    out.push(b'\n');
}

/// One of a few words, as it is written: `factual`, `disputes`.
fn word<T: Serialize>(word: &T) -> String {
    let value = serde_json::to_value(word).expect("a word has a JSON form");
    value.as_str().unwrap_or_default().to_owned()
}
