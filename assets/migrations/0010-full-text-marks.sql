-- 1 if the entry has a full text in `originals`. A damaged page hides rows without an error: by this mark, a full
-- text that is missing is noticed.
ALTER TABLE entries ADD COLUMN has_full_text INTEGER NOT NULL DEFAULT 0;
UPDATE entries SET has_full_text = 1 WHERE id IN (SELECT entry FROM originals);

CREATE TRIGGER full_text_marked AFTER INSERT ON originals BEGIN
    UPDATE entries SET has_full_text = 1 WHERE id = NEW.entry AND has_full_text = 0;
END;
CREATE TRIGGER full_text_unmarked AFTER DELETE ON originals BEGIN
    UPDATE entries SET has_full_text = 0 WHERE id = OLD.entry;
END;
