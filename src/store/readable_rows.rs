//! Rows with damaged values. One row that cannot be read must not take the others away.
//!
//! Texts that are only shown are read with U+FFFD in place of the damaged letters. Rows whose exact
//! texts matter, such as those for the index, are skipped, and the caller counts them.

use rusqlite::{
    Error, ErrorCode, Row,
    types::{FromSql, FromSqlError, FromSqlResult, ValueRef},
};

/// A text in which bytes that are not UTF-8 are replaced by U+FFFD.
struct LossyText(String);

impl FromSql for LossyText {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<LossyText> {
        match value {
            ValueRef::Text(bytes) => Ok(LossyText(String::from_utf8_lossy(bytes).into_owned())),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

/// Reads the text in a column; damaged letters are replaced.
pub(super) fn lossy_text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    row.get(column).map(|LossyText(text)| text)
}

/// Reads the text in a column that may be NULL; damaged letters are replaced.
pub(super) fn lossy_optional_text(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<String>> {
    row.get(column).map(|text: Option<LossyText>| text.map(|LossyText(text)| text))
}

/// Returns true if a value of the row is damaged.
fn is_damaged_value(error: &Error) -> bool {
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::InvalidColumnType(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..)
    )
}

/// Returns true if one row was asked for, and its values or its pages are damaged.
pub(super) fn is_unreadable_row(error: &Error) -> bool {
    is_damaged_value(error) || error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}

/// Collects the rows that can be read. A damaged page ends the query and is an error, because the
/// rows after it are missing too.
pub(super) fn collect_readable<T, C: FromIterator<T>>(
    rows: impl Iterator<Item = rusqlite::Result<T>>,
) -> rusqlite::Result<C> {
    rows.filter(|row| !row.as_ref().is_err_and(is_damaged_value)).collect()
}

/// Returns `None` for a row that cannot be read.
pub(super) fn readable_row<T>(row: rusqlite::Result<Option<T>>) -> rusqlite::Result<Option<T>> {
    match row {
        Err(error) if is_unreadable_row(&error) => Ok(None),
        row => row,
    }
}
