//! The acts of rules on entries: applying them, each once per version of an entry, and remembering
//! them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, acting_rules::find_or_add_rule,
    applied_change::applied_change, journal, preferences, readable_rows::lossy_text, tags,
    write_transaction::WriteTransaction,
};
use crate::model::{
    AppliedChange, Change, EntryId, HidingRules, RecordedAct, RuleAct, RuleActions, RuleMark,
    RuleNotification, TagId,
};

/// An act on an entry that is being stored.
pub(super) struct PendingAct {
    /// The act of the rule.
    pub(super) act: Arc<RuleAct>,
    /// The entry.
    pub(super) entry: EntryId,
    /// The digest of the entry.
    pub(super) version: u64,
}

/// An act of a rule on entries that are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActOnStored {
    /// The act of the rule.
    pub act: Arc<RuleAct>,
    /// The entries.
    pub ids: Vec<EntryId>,
}

/// The entries on which a rule has acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActsOfRule {
    /// The act of the rule.
    pub act: Arc<RuleAct>,
    /// The entries on which the rule acted, whether or not they had the marks already.
    pub ids: Vec<EntryId>,
    /// The reason why it could not act: a limit of tags.
    pub refusal: Option<String>,
    /// The notification that the rule sends about those on which it had not acted before.
    pub notification: Option<RuleNotification>,
}

impl ActsOfRule {
    fn has_no_effect(&self) -> bool {
        self.ids.is_empty() && self.refusal.is_none()
    }
}

/// Applies acts within the caller's transaction, except on versions of entries on which the same rule
/// has acted. Each rule makes one change in the journal.
pub(super) fn apply_acts(
    db: &Connection,
    pending: &[PendingAct],
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<ActsOfRule>> {
    let mut by_rule: BTreeMap<&str, Vec<&PendingAct>> = BTreeMap::new();
    for act in pending {
        by_rule.entry(&act.act.rule).or_default().push(act);
    }
    let acts = by_rule.into_values().filter_map(|pending| {
        let entries: Vec<(EntryId, u64)> =
            pending.iter().map(|pending| (pending.entry, pending.version)).collect();
        Some(apply_act(db, &pending.first()?.act, &entries, now))
    });
    acts.filter(|acts| !matches!(acts, Ok(acts) if acts.has_no_effect())).collect()
}

/// Applies the act of one rule. If it would exceed a limit of tags, nothing of it is applied: one rule
/// must not keep articles from being stored.
fn apply_act(
    db: &Connection,
    act: &Arc<RuleAct>,
    entries: &[(EntryId, u64)],
    now: DateTime<Utc>,
) -> rusqlite::Result<ActsOfRule> {
    db.execute_batch("SAVEPOINT rule_act")?;
    let unmarked = list_unmarked(db, act, entries)?;
    let applied = record_acts(db, act, entries, now).and_then(|ids| {
        let change = without_hidden(db, marks_as_change(act, &unmarked, now))?;
        journal::apply_rule_change(db, (&act.rule, act.refresh_after), change, now)?;
        Ok((ids, build_notification(db, act, &unmarked)?))
    });
    let ((ids, notification), refusal) = match applied {
        Ok(acted) => (acted, None),
        Err(error) => {
            let reason = tags::describe_tag_limit(&error).ok_or(error)?;
            db.execute_batch("ROLLBACK TO rule_act")?;
            (Default::default(), Some(reason))
        }
    };
    db.execute_batch("RELEASE rule_act")?;
    Ok(ActsOfRule { act: Arc::clone(act), ids, refusal, notification })
}

/// Returns the notification of an act on entries on which its rule had not acted before.
fn build_notification(
    db: &Connection,
    act: &RuleAct,
    ids: &[EntryId],
) -> rusqlite::Result<Option<RuleNotification>> {
    let Some(last) = ids.last().filter(|_| act.notify) else { return Ok(None) };
    let mut title = db.prepare_cached("SELECT title FROM entries WHERE id = ?1")?;
    let title = title.query_row([last.0], |row| lossy_text(row, 0))?;
    Ok(Some(RuleNotification { rule: act.rule.clone(), count: ids.len(), title }))
}

/// Returns the marks of an act on entries as a change.
fn marks_as_change(act: &RuleAct, ids: &[EntryId], now: DateTime<Utc>) -> Change {
    let to_change = |mark: &RuleMark| match mark {
        RuleMark::Read => Change::set_read(ids, true),
        RuleMark::Starred => Change::set_starred(ids, true),
        RuleMark::Removed => Change::remove_entries(ids, now),
        RuleMark::Tagged(tag, mark) => Change::set_tag(ids, tag.clone(), *mark),
        RuleMark::Weight(after) => {
            Change::Weighted { rule: act.rule.clone(), ids: ids.to_vec(), before: 0, after: *after }
        }
    };
    Change::Many(act.marks.iter().map(to_change).collect())
}

/// Leaves out of a change that hides entries those that are hidden: they stay so until the time that they
/// have.
fn without_hidden(db: &Connection, mut change: Change) -> rusqlite::Result<Change> {
    match &mut change {
        Change::Tagged { tag, ids, .. } if tag.is_hidden() => {
            *ids = tags::without_tag(db, ids, TagId::HIDDEN)?;
        }
        Change::Many(parts) => {
            for part in parts {
                *part = without_hidden(db, part.clone())?;
            }
        }
        _ => {}
    }
    Ok(change)
}

/// Returns the entries on no version of which the rule has acted. Only they get its marks: after an
/// edit, a tag that the user took off would come back.
fn list_unmarked(
    db: &Connection,
    act: &RuleAct,
    entries: &[(EntryId, u64)],
) -> rusqlite::Result<Vec<EntryId>> {
    let sql = "SELECT count(*) FROM rule_acts JOIN acting_rules ON id = rule
               WHERE name = ?1 AND entry = ?2";
    let mut count = db.prepare_cached(sql)?;
    let mut unmarked = Vec::with_capacity(entries.len());
    for (id, _) in entries {
        if count.query_row(params![act.rule, id.0], |row| row.get::<_, i64>(0))? == 0 {
            unmarked.push(*id);
        }
    }
    Ok(unmarked)
}

/// Remembers acts, and returns the entries on whose version the rule had not acted before.
fn record_acts(
    db: &Connection,
    act: &RuleAct,
    entries: &[(EntryId, u64)],
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<EntryId>> {
    let rule = find_or_add_rule(db, &act.rule)?;
    let sql = "INSERT OR IGNORE INTO rule_acts (rule, entry, version, at, actions)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = db.prepare_cached(sql)?;
    let mut ids = Vec::with_capacity(entries.len());
    for (id, version) in entries {
        let version = version.cast_signed();
        if insert.execute(params![rule, id.0, version, now.timestamp(), act.description])? > 0 {
            ids.push(*id);
        }
    }
    Ok(ids)
}

/// Notes that the acts of a rule on the entries of its change are undone, or redone.
pub(super) fn note_undone(
    db: &Connection,
    name: &str,
    change: &Change,
    is_undone: bool,
) -> rusqlite::Result<()> {
    let sql = "UPDATE rule_acts SET undone = ?3
               WHERE rule = (SELECT id FROM acting_rules WHERE name = ?1) AND entry = ?2";
    let mut update = db.prepare_cached(sql)?;
    for id in change.all_entry_ids() {
        update.execute(params![name, id.0, is_undone])?;
    }
    Ok(())
}

/// Takes the acts on an entry for acts on its present version, in which only a counter is another.
pub(super) fn carry_over(db: &Connection, id: EntryId, version: u64) -> rusqlite::Result<usize> {
    let sql = "UPDATE OR REPLACE rule_acts SET version = ?2
               WHERE rule IN (SELECT id FROM acting_rules) AND entry = ?1";
    db.prepare_cached(sql)?.execute(params![id.0, version.cast_signed()])
}

impl WriteConnection {
    /// Applies acts of rules on stored entries in one transaction, except on versions of entries on
    /// which the same rule has acted.
    pub fn apply_rule_acts(
        &mut self,
        acts: &[ActOnStored],
        now: DateTime<Utc>,
    ) -> Result<Vec<ActsOfRule>, StoreError> {
        let mut run = || -> rusqlite::Result<Vec<ActsOfRule>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut pending = Vec::new();
            for ActOnStored { act, ids } in acts {
                pending.extend(pending_on_stored(&transaction, act, ids)?);
            }
            let applied = apply_acts(&transaction, &pending, now)?;
            if !applied.is_empty() {
                preferences::bump_generation(&transaction)?;
                transaction.commit()?;
            }
            Ok(applied)
        };
        run().map_err(StoreError::during("apply the rules"))
    }

    /// Applies a rule to stored entries because the user asked for it, also where it has acted before.
    /// Returns the part of the change that had an effect.
    ///
    /// # Errors
    ///
    /// Fails, and changes nothing, if the library cannot be written or a limit of tags is exceeded.
    pub fn run_rule(
        &mut self,
        ActOnStored { act, ids }: &ActOnStored,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let pending = pending_on_stored(&transaction, act, ids)?;
            let entries: Vec<(EntryId, u64)> =
                pending.iter().map(|pending| (pending.entry, pending.version)).collect();
            record_acts(&transaction, act, &entries, now)?;
            journal::forget_undone(&transaction)?;
            let change = without_hidden(&transaction, marks_as_change(act, ids, now))?;
            let applied = journal::apply_rule_change(&transaction, (&act.rule, None), change, now)?;
            note_undone(&transaction, &act.rule, &applied, false)?;
            let applied = applied_change(&transaction, applied)?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(applied)
        };
        run().map_err(StoreError::during("apply the rule"))
    }
}

/// Returns an act on stored entries with their versions. Entries that are gone are left out.
fn pending_on_stored(
    db: &Connection,
    act: &Arc<RuleAct>,
    ids: &[EntryId],
) -> rusqlite::Result<Vec<PendingAct>> {
    let mut load = db.prepare_cached("SELECT digest FROM entries WHERE id = ?1")?;
    let mut pending = Vec::with_capacity(ids.len());
    for id in ids {
        let digest: Option<i64> = load.query_row([id.0], |row| row.get(0)).optional()?;
        pending.extend(digest.map(|digest| PendingAct {
            act: Arc::clone(act),
            entry: *id,
            version: digest.cast_unsigned(),
        }));
    }
    Ok(pending)
}

impl ReadConnection {
    /// Returns the entries on whose present version the rule `name` has acted, in ascending order.
    pub fn list_entries_of_rule(&self, name: &str) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let sql =
                "SELECT entry FROM rule_acts JOIN entries e ON e.id = entry AND e.digest = version
                       WHERE rule = (SELECT id FROM acting_rules WHERE name = ?1) ORDER BY entry";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([name], |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("read the acts of the rule"))
    }

    /// Counts the rules that have hidden any of these entries.
    pub fn count_hiding_rules(&self, ids: &[EntryId]) -> Result<HidingRules, StoreError> {
        let read = || -> rusqlite::Result<HidingRules> {
            let sql = "SELECT r.id, a.actions FROM acting_rules r
                       JOIN rule_acts a ON a.rule = r.id AND a.entry = ?1 AND a.undone = 0";
            let mut statement = self.db.prepare_cached(sql)?;
            let (mut rules, mut articles) = (BTreeSet::new(), 0);
            for id in ids {
                let mut rows = statement.query([id.0])?;
                let mut is_hidden_by_rule = false;
                while let Some(row) = rows.next()? {
                    if RuleActions::hides(&lossy_text(row, 1)?) {
                        rules.insert(row.get::<_, i64>(0)?);
                        is_hidden_by_rule = true;
                    }
                }
                articles += usize::from(is_hidden_by_rule);
            }
            Ok(HidingRules { count: rules.len(), articles })
        };
        read().map_err(StoreError::during("read the acts of the rules"))
    }

    /// Returns the names of the rules that have acted, with the number of their acts that are not undone.
    pub fn count_rule_acts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(String, u64)>> {
            let sql = "SELECT name, (SELECT count(*) FROM rule_acts WHERE rule = id AND undone = 0)
                       FROM acting_rules";
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map([], |row| {
                let count: i64 = row.get(1)?;
                Ok((lossy_text(row, 0)?, count.cast_unsigned()))
            })?;
            rows.collect()
        };
        read().map_err(StoreError::during("count the acts of rules"))
    }

    /// Returns what rules have done to an entry, newest first.
    pub fn list_rule_acts(&self, id: EntryId) -> Result<Vec<RecordedAct>, StoreError> {
        let read = || -> rusqlite::Result<Vec<RecordedAct>> {
            let sql = "SELECT r.name, a.actions, a.at, a.version = e.digest, a.undone
                       FROM acting_rules r JOIN rule_acts a ON a.rule = r.id AND a.entry = ?1
                       JOIN entries e ON e.id = ?1 ORDER BY a.at DESC, r.name";
            let mut statement = self.db.prepare_cached(sql)?;
            let acts = statement.query_map([id.0], |row| {
                Ok(RecordedAct {
                    rule: lossy_text(row, 0)?,
                    actions: lossy_text(row, 1)?,
                    at: row.get(2)?,
                    is_current: row.get(3)?,
                    is_undone: row.get(4)?,
                })
            })?;
            acts.collect()
        };
        read().map_err(StoreError::during("read what rules did to the article"))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use crate::store::schema::MIGRATIONS;

    #[test]
    fn migration_marks_the_acts_that_are_undone_in_the_journal() {
        let db = Connection::open_in_memory().unwrap();
        for sql in &MIGRATIONS[..21] {
            db.execute_batch(sql).unwrap();
        }
        db.execute_batch(
            r#"INSERT INTO feeds (kind, url, title) VALUES ('web', 'https://a.example/', 'A');
               INSERT INTO entries (feed, guid, digest, size, modified, title, tags, published, day_only)
               VALUES (1, '1', 0, 0, 0, '', '', 0, 0), (1, '2', 0, 0, 0, '', '', 0, 0),
                      (1, '3', 0, 0, 0, '', '', 0, 0);
               INSERT INTO acting_rules (id, name) VALUES (7, 'Noise'), (8, 'Ships');
               INSERT INTO rule_acts (rule, entry, version, at, actions)
               VALUES (7, 1, 0, 0, 'hide'), (7, 2, 0, 0, 'hide'), (7, 3, 0, 0, 'hide'),
                      (8, 1, 0, 0, 'star');
               INSERT INTO journal (at, actor, undone, change) VALUES
               (0, 'rule:Noise', 1, '{"many":[{"tagged":{"tag":"hidden","ids":[1,2],"before":"off","after":"on"}}]}'),
               (0, 'rule:Noise', 0, '{"read":{"ids":[3],"read":true}}'),
               (0, 'rule:Noise', 1, '{"damaged'),
               (0, 'user', 1, '{"starred":{"ids":[3],"starred":true}}');"#,
        )
        .unwrap();
        db.execute_batch(MIGRATIONS[21]).unwrap();
        let mut sql = db.prepare("SELECT rule, entry FROM rule_acts WHERE undone = 1").unwrap();
        let undone = sql.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let undone: Vec<(i64, i64)> = undone.map(Result::unwrap).collect();
        assert_eq!(undone, [(7, 1), (7, 2)]);
    }
}
