-- The rules that have acted on entries. Their names are stored once.
CREATE TABLE acting_rules (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- What rules did: once per version of an entry, so that no rule does again what the user took back. `version` is
-- the digest of the entry at that time, `actions` what was done, in words.
CREATE TABLE rule_acts (
    rule    INTEGER NOT NULL REFERENCES acting_rules(id),
    entry   INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    actions TEXT    NOT NULL,
    PRIMARY KEY (rule, entry, version)
) STRICT, WITHOUT ROWID;
