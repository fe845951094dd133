-- Whether a feed is one that only a user who shares it can fetch: others have its articles from here.
ALTER TABLE newsreader.feed ADD COLUMN private boolean NOT NULL DEFAULT false;
