-- Whether a sync has begun to send the mark, so that its server may know it. Until then, an act that takes the mark back
-- deletes it: nothing has changed for the server.
ALTER TABLE outbox ADD COLUMN tried INTEGER NOT NULL DEFAULT 0;
