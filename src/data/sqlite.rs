//! The record as a SQLite file: the [tables](super::tables) with their keys, and
//! full-text search over briefings and claims. The only place that knows rusqlite.

use std::fmt::Write;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};

use super::tables::{Cell, Column, Kind, Table, table};
use crate::plan::data::TABLES;
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
    for n in 0..TABLES.len() {
        let table = table(site, n);
        transaction.execute(&create(&table), [])?;
        let places = vec!["?"; table.columns.len()].join(", ");
        let insert = format!("INSERT INTO \"{}\" VALUES ({places})", table.name);
        let mut insert = transaction.prepare(&insert)?;
        for row in &table.rows {
            insert.execute(params_from_iter(row))?;
        }
        for column in table.columns.iter().filter(|column| matches!(column.kind, Kind::To(_))) {
            let (table, column) = (table.name, column.name);
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
fn create(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE \"{}\" (", table.name);
    for (n, column) in table.columns.iter().enumerate() {
        let _ =
            write!(sql, "{}\"{}\" {}", if n > 0 { ", " } else { "" }, column.name, kind(column));
    }
    sql.push(')');
    sql
}

fn kind(column: &Column) -> String {
    match column.kind {
        Kind::Key => "TEXT PRIMARY KEY NOT NULL".to_owned(),
        Kind::To(table) => format!("TEXT REFERENCES \"{table}\" (\"id\")"),
        Kind::Text | Kind::Address => "TEXT".to_owned(),
        Kind::Whole | Kind::Flag => "INTEGER".to_owned(),
        Kind::Number => "REAL".to_owned(),
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
