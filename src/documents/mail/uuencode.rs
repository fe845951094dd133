//! Files that old programs write into the text of a mail: uuencoded, from a line `begin 644 name` to
//! a line `end` (POSIX, `uuencode`).
//!
//! Start with [`name_uuencoded_files`].

use std::borrow::Cow;

use super::transfer_encoding::decode_base64;

/// Minimum number of whole lines of data in a file whose `end` is missing.
const MIN_LINES_WITHOUT_END: usize = 2;

/// Number of bytes in a whole line.
const WHOLE_LINE_BYTES: usize = 45;

/// An encoded file in a text.
#[derive(Debug, PartialEq, Eq)]
struct UuencodedFile<'a> {
    name: &'a str,
    content: Vec<u8>,
    /// Length of its lines in the text, in bytes and without the last line end.
    length: usize,
}

/// Replaces each encoded file in a text with the line that `describe` makes of its name and its size in
/// bytes.
///
/// It keeps no list of lines, which would take more memory than short lines themselves.
pub(super) fn name_uuencoded_files(text: &str, describe: impl Fn(&str, usize) -> String) -> String {
    if !text.contains("begin") {
        return text.to_owned();
    }
    let text = with_unix_line_ends(text);
    let mut named = String::with_capacity(text.len());
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if let Some(file) = read_file(rest) {
            named.push_str(&describe(file.name, file.content.len()));
            at += file.length;
        } else {
            let line = first_line(rest);
            named.push_str(line);
            at += line.len();
        }
        if at == text.len() {
            return named;
        }
        named.push('\n');
        at += 1;
    }
}

/// Decodes a body that a mail calls uuencoded; `None` if it has no file.
pub(super) fn decode_uuencoded(body: &[u8]) -> Option<Vec<u8>> {
    let text = with_unix_line_ends(str::from_utf8(body).ok()?);
    let line_starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    let mut starts = std::iter::once(0).chain(line_starts);
    let start = starts.find(|start| split_begin(first_line(&text[*start..])).is_some())?;
    read_file(&text[start..]).map(|file| file.content)
}

fn with_unix_line_ends(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut lines = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        lines.push_str(if index > 0 { "\n" } else { "" });
        lines.push_str(line.trim_end_matches('\r'));
    }
    Cow::Owned(lines)
}

fn first_line(text: &str) -> &str {
    &text[..memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len())]
}

/// Reads the file that begins with the first line of `text`; `None` if there is none.
fn read_file(text: &str) -> Option<UuencodedFile<'_>> {
    let first = first_line(text);
    let (name, is_base64) = split_begin(first)?;
    let last = if is_base64 { "====" } else { "end" };
    let decode = if is_base64 { decode_base64_line } else { decode_line };
    let mut file = UuencodedFile { name, content: Vec::new(), length: first.len() };
    let mut whole_lines = 0;
    for line in text[first.len()..].split('\n').skip(1) {
        let line_end = file.length + 1 + line.len();
        if line == last {
            return Some(UuencodedFile { length: line_end, ..file });
        }
        let Some(bytes) = decode(line) else { break };
        whole_lines += usize::from(bytes.len() >= WHOLE_LINE_BYTES);
        file.content.extend(bytes);
        file.length = line_end;
    }
    (whole_lines >= MIN_LINES_WITHOUT_END).then_some(file)
}

/// Returns the name in the first line of a file, and whether the rest is Base64.
fn split_begin(line: &str) -> Option<(&str, bool)> {
    let (rest, is_base64) = match line.strip_prefix("begin-base64 ") {
        Some(rest) => (rest, true),
        None => (line.strip_prefix("begin ")?, false),
    };
    let (mode, name) = rest.split_once(' ')?;
    let is_mode = (3..=4).contains(&mode.len()) && mode.bytes().all(|c| matches!(c, b'0'..=b'7'));
    let name = name.trim();
    (is_mode && !name.is_empty()).then_some((name, is_base64))
}

/// Decodes a line of data; `None` if it is none. Blanks at its end may be missing, and a check sum may
/// follow.
fn decode_line(line: &str) -> Option<Vec<u8>> {
    let Some((first, data)) = line.as_bytes().split_first() else { return Some(Vec::new()) };
    let is_data = |byte: &u8| matches!(byte, b' '..=b'`');
    if !is_data(first) || !data.iter().all(is_data) {
        return None;
    }
    let value = |byte: u8| (byte - b' ') & 63;
    let length = usize::from(value(*first));
    let encoded_length = length.div_ceil(3) * 4;
    if data.len() > encoded_length + 1 {
        return None;
    }
    let sextet = |at: usize| data.get(at).map_or(0, |byte| value(*byte));
    let mut bytes: Vec<u8> = (0..encoded_length / 4)
        .flat_map(|group| {
            let [a, b, c, d] = [0, 1, 2, 3].map(|offset| sextet(group * 4 + offset));
            [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
        })
        .collect();
    bytes.truncate(length);
    Some(bytes)
}

fn decode_base64_line(line: &str) -> Option<Vec<u8>> {
    let is_data = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    line.bytes().all(is_data).then(|| decode_base64(line.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn describe(name: &str, size: usize) -> String {
        format!("<{name} {size}>")
    }

    fn encode(content: &[u8]) -> String {
        let letter = |value: u8| char::from(if value == 0 { b'`' } else { value + b' ' });
        let mut out = String::new();
        for line in content.chunks(WHOLE_LINE_BYTES) {
            out.push(letter(u8::try_from(line.len()).expect("at most 45")));
            for group in line.chunks(3) {
                let byte = |at: usize| group.get(at).copied().unwrap_or(0);
                let bits = u32::from(byte(0)) << 16 | u32::from(byte(1)) << 8 | u32::from(byte(2));
                out.extend([18, 12, 6, 0].map(|shift| letter((bits >> shift & 63) as u8)));
            }
            out.push('\n');
        }
        out
    }

    #[test]
    fn name_uuencoded_files_names_files_and_keeps_words() {
        let data = encode(&[7; 100]);
        let cases = [
            (
                format!("See.\r\n\r\nbegin 644 a b.txt\n{data}`\nend\nBest, Ann"),
                "See.\n\n<a b.txt 100>\nBest, Ann",
            ),
            (format!("begin 0755 x\n{data} \nend\nbegin 644 y\n`\nend"), "<x 100>\n<y 0>"),
            (format!("begin 644 cut.zip\n{data}"), "<cut.zip 100>"),
            ("begin-base64 644 b.txt\naGVsbG8=\n====\nend".to_owned(), "<b.txt 5>\nend"),
            ("begin 644 words\nand so on\nend".to_owned(), "begin 644 words\nand so on\nend"),
            ("begin the day\nend".to_owned(), "begin the day\nend"),
        ];
        for (text, expected) in cases {
            assert_eq!(name_uuencoded_files(&text, describe), expected, "{text:?}");
        }
        let many = "begin 644 x\n#AAAA\n".repeat(50_000);
        assert_eq!(name_uuencoded_files(&many, describe), many);
    }

    proptest! {
        #[test]
        fn decode_uuencoded_inverts_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let body = format!("begin 644 x\n{}`\nend\n", encode(&bytes));
            prop_assert_eq!(decode_uuencoded(body.as_bytes()), Some(bytes));
        }
    }
}
