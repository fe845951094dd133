-- Finds the articles whose text is not in the library: a backup has none, and `format` is then 'absent'.
CREATE INDEX bodies_absent ON bodies (entry) WHERE format = 'absent';
