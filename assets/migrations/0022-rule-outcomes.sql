-- Why the last step on a change was refused: the file of rules had been edited since.
ALTER TABLE journal ADD COLUMN refusal TEXT;

-- Whether what a rule did was undone, which the journal forgets once the change can no longer be redone.
ALTER TABLE rule_acts ADD COLUMN undone INTEGER NOT NULL DEFAULT 0;
UPDATE rule_acts SET undone = 1 WHERE (rule, entry) IN (
    SELECT r.id, t.value
    FROM journal j
    JOIN acting_rules r ON j.actor = 'rule:' || r.name
    JOIN json_tree(iif(json_valid(j.change), j.change, 'null')) t ON t.path LIKE '%.ids'
    WHERE j.undone = 1 AND t.type = 'integer'
);
