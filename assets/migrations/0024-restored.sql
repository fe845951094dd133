-- Whether an article came back from the trash: it is not moved there again because of its age.
ALTER TABLE entries ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER entry_restored AFTER DELETE ON entry_tags WHEN OLD.tag = 3 BEGIN
    UPDATE entries SET restored = 1 WHERE id = OLD.entry;
END;
