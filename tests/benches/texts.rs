//! Articles made from the texts of a folder.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A title and its text.
pub struct SourceText {
    pub title: String,
    pub text: String,
}

/// The texts of a folder.
pub struct Texts {
    texts: Vec<SourceText>,
}

impl Texts {
    /// Loads the files of JSON lines in a folder, in the order of their names.
    pub fn load(folder: &Path) -> Texts {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.to_string_lossy().contains(".jsonl")).collect();
        files.sort();
        let texts = files.iter().flat_map(|file| read_texts(file)).collect();
        Texts { texts }
    }

    /// Returns the number of texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns the article with a number: one of the texts, from the second round on with other names and numbers.
    pub fn article(&self, number: usize) -> SourceText {
        // Neighbours in a file are of one kind; the step has no divisor in common with most numbers of texts.
        let step = number.wrapping_mul(7919) % self.texts.len();
        let (text, round) = (&self.texts[step], number / self.texts.len());
        SourceText { title: rename(&text.title, round), text: rename(&text.text, round) }
    }
}

/// Reads a file of JSON lines, which may be compressed.
fn read_texts(file: &Path) -> Vec<SourceText> {
    let is_compressed = file.extension().is_some_and(|extension| extension == "xz");
    let program = if is_compressed { "xzcat" } else { "cat" };
    let output = Command::new(program).arg(file).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let field = |value: &serde_json::Value, name: &str| value[name].as_str().map(str::to_owned);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter_map(|value| {
            let text = field(&value, "text")?;
            Some(SourceText { title: field(&value, "title").unwrap_or_default(), text })
        })
        .collect()
}

/// Gives the words with capital letters or digits other endings in each round.
fn rename(text: &str, round: usize) -> String {
    if round == 0 {
        return text.to_owned();
    }
    let mut renamed = String::with_capacity(text.len() * 5 / 4);
    for part in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        renamed.push_str(word);
        if word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()) && word.len() > 1 {
            let is_number = word.starts_with(char::is_numeric);
            let letters = if is_number { b"0123456789" } else { b"aeiounrstl" };
            renamed.push(char::from(letters[round % 10]));
            renamed.push(char::from(letters[round / 10 % 10]));
        }
        renamed.push_str(&part[word.len()..]);
    }
    renamed
}
