-- Who made each change of the journal: 'user', 'import', 'refresh', 'sync' or 'rule:' and its name. So far it was the user.
ALTER TABLE journal ADD COLUMN actor TEXT NOT NULL DEFAULT 'user';

-- Every new change removes the undone ones, which would otherwise read the whole journal.
CREATE INDEX journal_undone ON journal (id) WHERE undone = 1;
