-- Rust code queues new texts for stories and for the archive once per batch, as it does for the index (0011-counts.sql).
-- Texts are missing only after restoring and repairing, which make libraries without settled syncs.
DROP TRIGGER story_text_added;
DROP TRIGGER archive_text_added;
DROP TRIGGER sync_text_missing;
