-- The time, in seconds since 1970, before which the publisher wants no refresh after the last one that succeeded, and the hours
-- and days at which it never wants one (a bit for each): what the next refresh waits for besides the user's interval.
ALTER TABLE feeds ADD COLUMN publisher_next INTEGER;
ALTER TABLE feeds ADD COLUMN skips          INTEGER NOT NULL DEFAULT 0;
