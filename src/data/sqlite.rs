//! The record as a SQLite file: the [tables](super::tables) with their keys, and
//! full-text search over briefings and claims. The only place that knows rusqlite.

use std::fmt::Write;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::record::{KINDS, of_kind};
use super::tables::{Cell, Column, Content, described, made_of, rows};
use crate::plan::data::Table;
use crate::resolve::site::Site;

/// The tables that can be searched, and their columns for that.
const SEARCHED: [(&str, &str); 2] =
    [("briefings", "title, summary, text"), ("claims", "text, attribution")];

/// Appends the file to `out`. The same rows make the same bytes.
///
/// # Errors
///
/// What SQLite says.
pub fn write(site: &Site, out: &mut Vec<u8>) -> Result<(), String> {
    fill(site, out).map_err(|error| error.to_string())
}

fn fill(site: &Site, out: &mut Vec<u8>) -> rusqlite::Result<()> {
    let mut connection = Connection::open_in_memory()?;
    // Tables refer to later ones; all of them are there in the end.
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = connection.transaction()?;
    for table in Table::ALL {
        transaction.execute(&create(table), [])?;
    }
    // Each entity is made once for all tables that tell of it.
    for kind in KINDS {
        let tables: Vec<Table> =
            Table::ALL.into_iter().filter(|table| made_of(*table) == kind).collect();
        let prepared = tables.iter().map(|table| transaction.prepare(&insert(*table)));
        let mut inserts = prepared.collect::<rusqlite::Result<Vec<_>>>()?;
        for entity in of_kind(site, kind) {
            for (table, insert) in tables.iter().zip(&mut inserts) {
                for row in rows(*table, &entity) {
                    insert.execute(params_from_iter(row))?;
                }
            }
        }
    }
    for table in Table::ALL {
        let (_, columns) = described(table);
        for column in columns.iter().filter(|column| matches!(column.content, Content::To(_))) {
            let (table, column) = (table.name(), column.name);
            let index = format!("CREATE INDEX \"{table}_{column}\" ON \"{table}\" (\"{column}\")");
            transaction.execute(&index, [])?;
        }
    }
    for (table, columns) in SEARCHED {
        transaction.execute_batch(&format!(
            "CREATE VIRTUAL TABLE {table}_fts USING fts5({columns}, content=\"{table}\", \
             tokenize='unicode61 remove_diacritics 2');\n\
             INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild');"
        ))?;
    }
    transaction.commit()?;
    out.extend_from_slice(&connection.serialize("main")?);
    Ok(())
}

/// The statement that makes a table.
fn create(table: Table) -> String {
    let (_, columns) = described(table);
    let mut sql = format!("CREATE TABLE \"{}\" (", table.name());
    for (n, column) in columns.iter().enumerate() {
        let _ =
            write!(sql, "{}\"{}\" {}", if n > 0 { ", " } else { "" }, column.name, kind(column));
    }
    sql.push(')');
    sql
}

/// The statement that adds a row to a table.
fn insert(table: Table) -> String {
    let places = vec!["?"; described(table).1.len()].join(", ");
    format!("INSERT INTO \"{}\" VALUES ({places})", table.name())
}

fn kind(column: &Column) -> String {
    match column.content {
        Content::Key => "TEXT PRIMARY KEY NOT NULL".to_owned(),
        Content::To(table) => format!("TEXT REFERENCES \"{}\" (\"id\")", table.name()),
        Content::Text | Content::Address => "TEXT".to_owned(),
        Content::Whole | Content::Flag => "INTEGER".to_owned(),
        Content::Number => "REAL".to_owned(),
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Empty => Ok(ToSqlOutput::Owned(rusqlite::types::Value::Null)),
            Self::Text(text) => text.to_sql(),
            Self::Whole(number) => number.to_sql(),
            Self::Number(number) => number.to_sql(),
            Self::Flag(flag) => flag.to_sql(),
        }
    }
}
