-- Only the stories of the last days keep their terms: the others have none (`x'00'`), so that no index needs them.
DROP INDEX story_articles_by_date;
CREATE INDEX story_articles_with_terms ON story_articles (published) WHERE length(terms) > 1;
