-- What the last sync of an account failed of ('offline', 'password', 'certificate' or 'other'; NULL after a success), and
-- since when it has failed, in seconds since 1970.
ALTER TABLE accounts ADD COLUMN failure TEXT;
ALTER TABLE accounts ADD COLUMN failing_since INTEGER;
-- The fingerprint of the certificate that the user has accepted for the server, as 'SHA256:' and 64 hexadecimal digits.
ALTER TABLE accounts ADD COLUMN certificate TEXT;
