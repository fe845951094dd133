//! The file of rules, as far as changes of the library reach into it.
//!
//! A change of a rule is a change of this file, which the journal records. The file is read and written
//! by the caller of the library, who knows where it is; it is written last before the transaction is
//! committed, and put back if that fails.

use std::{fmt, sync::Arc};

use super::write_transaction::WriteTransaction;
use crate::model::{AppliedChange, Change, RuleEdit, RuleText};

/// Access to the file of rules. Problems are parts of a sentence.
pub trait RuleFileAccess: fmt::Debug + Send + Sync {
    /// Reads the text of the file; empty if it does not exist.
    fn read_text(&self) -> Result<String, String>;

    /// Replaces the text of the file.
    fn write_text(&self, text: &str) -> Result<(), String>;

    /// Returns the change of `text` that an edit means.
    fn plan_edit(&self, text: &str, edit: &RuleEdit) -> Result<Change, String>;

    /// Returns `text` with the rule `before` as `after`.
    fn change_text(
        &self,
        text: &str,
        before: Option<&RuleText>,
        after: Option<&RuleText>,
    ) -> Result<String, String>;
}

/// The problem where the caller has given no file.
const NO_FILE: &str = "there is no file of rules here";

/// A reason why the file cannot be changed, on its way through the errors of SQLite.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct RuleFileError(String);

impl RuleFileError {
    /// Returns the problem with the file; `None` for another error.
    pub(super) fn describe(error: &rusqlite::Error) -> Option<String> {
        let rusqlite::Error::ToSqlConversionFailure(reason) = error else { return None };
        reason.downcast_ref::<RuleFileError>().map(RuleFileError::to_string)
    }
}

fn to_error(problem: String) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(RuleFileError(problem)))
}

/// The access to the file of rules, if the caller has given one.
#[derive(Debug, Default)]
pub(super) struct RuleFileSlot(Option<Arc<dyn RuleFileAccess>>);

impl RuleFileSlot {
    /// Puts an access into the slot.
    pub(super) fn set(&mut self, file: Arc<dyn RuleFileAccess>) {
        self.0 = Some(file);
    }

    /// Returns the access in the slot.
    pub(super) fn get(&self) -> Option<Arc<dyn RuleFileAccess>> {
        self.0.clone()
    }

    fn require(&self) -> rusqlite::Result<&dyn RuleFileAccess> {
        self.0.as_deref().ok_or_else(|| to_error(NO_FILE.to_owned()))
    }

    /// Returns the one change that several edits mean.
    pub(super) fn plan_edits(&self, edits: &[RuleEdit]) -> rusqlite::Result<Change> {
        let file = self.require()?;
        let mut text = file.read_text().map_err(to_error)?;
        let mut changes = Vec::with_capacity(edits.len());
        for edit in edits {
            let change = file.plan_edit(&text, edit).map_err(to_error)?;
            text = change_text(file, text, &change).map_err(to_error)?;
            changes.push(change);
        }
        Ok(if changes.len() == 1 { changes.remove(0) } else { Change::Many(changes) })
    }

    /// Begins changes of the file that are made together with a transaction.
    pub(super) fn begin(&self) -> RuleFileDraft<'_> {
        RuleFileDraft { slot: self, texts: None }
    }

    /// Makes the changes of rules in the file, and commits the transaction in which they are recorded.
    pub(super) fn commit_with(
        &self,
        transaction: WriteTransaction<'_>,
        applied: &[AppliedChange],
    ) -> rusqlite::Result<()> {
        let mut draft = self.begin();
        for AppliedChange { change, .. } in applied {
            draft.apply(change).map_err(to_error)?;
        }
        draft.commit(transaction)
    }
}

/// Changes of the file that wait for their transaction.
pub(super) struct RuleFileDraft<'s> {
    slot: &'s RuleFileSlot,
    /// The text before and after the changes, once there is one.
    texts: Option<(String, String)>,
}

impl RuleFileDraft<'_> {
    /// Makes the changes of rules that are parts of `change`. If one of them cannot be made, none is.
    ///
    /// # Errors
    ///
    /// Returns the problem with the file, as a part of a sentence.
    pub(super) fn apply(&mut self, change: &Change) -> Result<(), String> {
        if !change.affects_rules() {
            return Ok(());
        }
        let file = self.slot.0.as_deref().ok_or(NO_FILE)?;
        let (before, text) = match &self.texts {
            Some((before, text)) => (before.clone(), text.clone()),
            None => file.read_text().map(|text| (text.clone(), text))?,
        };
        self.texts = Some((before, change_text(file, text, change)?));
        Ok(())
    }

    /// Writes the file and commits the transaction; if that fails, the file gets its text back.
    pub(super) fn commit(self, transaction: WriteTransaction<'_>) -> rusqlite::Result<()> {
        let Some((before, text)) = self.texts.filter(|(before, text)| before != text) else {
            return transaction.commit();
        };
        let file = self.slot.require()?;
        file.write_text(&text).map_err(to_error)?;
        transaction.commit().inspect_err(|_| drop(file.write_text(&before)))
    }
}

/// Returns the text after the changes of rules that are parts of `change`.
fn change_text(file: &dyn RuleFileAccess, text: String, change: &Change) -> Result<String, String> {
    let mut changed = Ok(text);
    change.for_each(&mut |part| {
        if let (Change::Rule { before, after }, Ok(text)) = (part, &changed) {
            changed = file.change_text(text, before.as_deref(), after.as_deref());
        }
    });
    changed
}
