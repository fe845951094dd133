-- The network in which the feed was when the user subscribed to it: an origin (scheme, host and port) of the
-- private network, an empty text for the public internet, NULL while it is not known. The next refresh finds
-- it out for the feeds of earlier versions.
ALTER TABLE feeds ADD COLUMN network TEXT;
