-- Whether the archive has been offered the marks from before the library took part in it.
ALTER TABLE archive_state ADD COLUMN marks_offered INTEGER NOT NULL DEFAULT 0;
