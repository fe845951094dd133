-- What rules have added to the weights of entries, by which lists can be sorted.
CREATE TABLE entry_weights (
    entry  INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    rule   INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    PRIMARY KEY (entry, rule)
) STRICT, WITHOUT ROWID;
