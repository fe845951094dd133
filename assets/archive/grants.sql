-- What the group of readers may do, applied at every `newsreader archive init`. READERS is the name of the group, quoted.
-- Readers may add and correct articles, which they also do for each other; they may neither delete nor define anything.
REVOKE ALL ON SCHEMA newsreader FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA newsreader FROM PUBLIC;
GRANT USAGE ON SCHEMA newsreader TO READERS;
GRANT SELECT ON newsreader.schema_version TO READERS;
GRANT SELECT, INSERT, UPDATE ON newsreader.feed, newsreader.seen, newsreader.article, newsreader.mark TO READERS;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA newsreader TO READERS;
GRANT EXECUTE ON FUNCTION newsreader.ensure_month(timestamptz) TO READERS;
