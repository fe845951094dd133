-- The shared archive. Everything is in a schema of its own, whose owner is the role that makes it; what readers may do is in
-- grants.sql. `arrived` and `changed` grow in the order of commits, because those who take numbers hold a lock until then.
CREATE SCHEMA newsreader;

CREATE TABLE newsreader.schema_version (version integer NOT NULL);

-- `lease_owner` is the reader that fetches the feed until `lease_until`; nobody does before `next_fetch`.
CREATE TABLE newsreader.feed (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url         text NOT NULL UNIQUE CHECK (octet_length(url) BETWEEN 1 AND 2000),
    title       text NOT NULL CHECK (octet_length(title) <= 4000),
    next_fetch  timestamptz NOT NULL DEFAULT '-infinity',
    lease_owner text CHECK (octet_length(lease_owner) <= 100),
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
);

CREATE SEQUENCE newsreader.article_id;
CREATE SEQUENCE newsreader.arrival;
CREATE SEQUENCE newsreader.change;

-- The articles that have ever been published, by what makes them unique, which cannot span the partitions of `article`.
-- `guid_hash` is the SHA-256 of the guid, which is too long for an index. Rows stay when partitions are pruned.
CREATE TABLE newsreader.seen (
    feed      bigint NOT NULL REFERENCES newsreader.feed,
    guid_hash bytea  NOT NULL CHECK (octet_length(guid_hash) = 32),
    guid      text   NOT NULL CHECK (octet_length(guid) <= 8192),
    article   bigint NOT NULL DEFAULT nextval('newsreader.article_id') UNIQUE,
    published timestamptz NOT NULL,
    digest    bigint NOT NULL,
    PRIMARY KEY (feed, guid_hash)
);

-- `published` is the date by which lists are sorted and partitions are made, `stated` what the source says, in seconds
-- since 1970, and `date_form` what that is: 0 an instant, 1 a day, 2 the arrival. `body` is Zstandard of the text in
-- `format`. `words` has the folded words of the reader, and those of single fields with a mark in front.
CREATE TABLE newsreader.article (
    id           bigint      NOT NULL,
    feed         bigint      NOT NULL,
    published    timestamptz NOT NULL,
    stated       bigint      NOT NULL,
    date_form    smallint    NOT NULL,
    arrived      bigint      NOT NULL DEFAULT nextval('newsreader.arrival'),
    digest       bigint      NOT NULL,
    title        text        NOT NULL CHECK (octet_length(title) <= 65536),
    author       text        CHECK (octet_length(author) <= 65536),
    link         text        CHECK (octet_length(link) <= 8192),
    categories   text        NOT NULL CHECK (octet_length(categories) <= 1048576),
    attachments  text        NOT NULL CHECK (octet_length(attachments) <= 1048576),
    format       text        NOT NULL,
    body         bytea       NOT NULL CHECK (octet_length(body) <= 16777216),
    words        tsvector    NOT NULL,
    published_by name        NOT NULL DEFAULT current_user,
    PRIMARY KEY (published, id)
) PARTITION BY RANGE (published);
-- Compressed by the reader.
ALTER TABLE newsreader.article ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX article_by_arrival ON newsreader.article (arrived);
CREATE INDEX article_by_feed    ON newsreader.article (feed, published DESC);
CREATE INDEX article_by_words   ON newsreader.article USING gin (words);

-- What users have done to articles. `owner` is the role of the user, or empty for tags that all share. `mark` is 'read',
-- 'starred', or 'tag:' and the name of a tag.
CREATE TABLE newsreader.mark (
    owner   name    NOT NULL DEFAULT current_user,
    article bigint  NOT NULL REFERENCES newsreader.seen (article),
    mark    text    NOT NULL CHECK (octet_length(mark) BETWEEN 1 AND 400),
    wanted  boolean NOT NULL,
    changed bigint  NOT NULL DEFAULT nextval('newsreader.change'),
    PRIMARY KEY (owner, article, mark)
);
CREATE INDEX mark_by_change ON newsreader.mark (owner, changed);
ALTER TABLE newsreader.mark ENABLE ROW LEVEL SECURITY;
CREATE POLICY mark_of_its_owner ON newsreader.mark
    USING (owner = current_user OR (owner = '' AND mark LIKE 'tag:team:%'))
    WITH CHECK (owner = current_user OR (owner = '' AND mark LIKE 'tag:team:%'));

-- Makes the partition of a month (UTC), which readers have no right to. Attached rather than created in place, because
-- that locks out nobody who reads or publishes.
CREATE FUNCTION newsreader.ensure_month(day timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first     timestamp := date_trunc('month', day AT TIME ZONE 'UTC');
    partition text := 'article_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('newsreader.' || partition) IS NOT NULL THEN
        RETURN;
    END IF;
    IF first < '1990-01-01' OR first > now() AT TIME ZONE 'UTC' + interval '14 months' THEN
        RAISE EXCEPTION 'no partition is made for %', day;
    END IF;
    PERFORM pg_advisory_xact_lock(7236723, 1);
    -- Another reader may have made it. to_regclass would still answer from this session's cache.
    IF EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'newsreader' AND c.relname = partition) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE newsreader.%I (LIKE newsreader.article INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE newsreader.article ATTACH PARTITION newsreader.%I FOR VALUES FROM (%L) TO (%L)', partition,
        first AT TIME ZONE 'UTC', (first + interval '1 month') AT TIME ZONE 'UTC');
END
$$;
