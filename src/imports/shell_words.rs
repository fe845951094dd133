//! Command lines as programs of a shell write them.

/// Characters that mean something to a shell, so that a command line with one outside of quotes is no
/// list of words.
const SHELL_CHARS: [char; 13] = ['|', '&', ';', '<', '>', '$', '`', '(', ')', '*', '?', '~', '!'];

/// Splits a simple command line into words, without the `&` and the redirections at its end. Returns
/// `None` for one that only a shell understands.
pub(super) fn split_command_line(line: &str) -> Option<Vec<String>> {
    let line = strip_background(line);
    let (mut words, mut chars) = (Vec::new(), line.chars().peekable());
    let mut word: Option<String> = None;
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => read_double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            // A home folder is written so, and nothing else of the shell's is known here.
            '~' if word.is_none() && chars.peek() == Some(&'/') => {
                word.get_or_insert_default().push('~');
            }
            c if SHELL_CHARS.contains(&c) => return None,
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (!words.is_empty()).then_some(words)
}

fn read_double_quoted(chars: &mut impl Iterator<Item = char>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '"' => return Some(()),
            '$' | '`' => return None,
            '\\' => match chars.next()? {
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

/// Removes the signs by which a command runs in the background and without output.
fn strip_background(line: &str) -> &str {
    const SIGNS: [&str; 8] = [
        "&",
        "2>&1",
        "&>/dev/null",
        "&> /dev/null",
        "2>/dev/null",
        "2> /dev/null",
        ">/dev/null",
        "> /dev/null",
    ];
    let mut rest = line.trim();
    while let Some(shorter) = SIGNS.iter().find_map(|sign| rest.strip_suffix(sign)) {
        rest = shorter.trim_end();
    }
    // A file descriptor before a redirection: `1>/dev/null`.
    rest.strip_suffix(" 1").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::split_command_line;

    #[test]
    fn simple_command_lines_are_split_and_others_refused() {
        for (line, words) in [
            ("firefox %u", Some(&["firefox", "%u"][..])),
            ("mpv --title='a b' \"%u\" >/dev/null 2>&1 &", Some(&["mpv", "--title=a b", "%u"])),
            ("~/bin/open \"a \\\"b\\\" \\n\"", Some(&["~/bin/open", "a \"b\" \\n"])),
            ("a 1>/dev/null", Some(&["a"])),
            ("a\\ b c", Some(&["a b", "c"])),
            ("a | b", None),
            ("a $HOME", None),
            ("a \"$HOME\"", None),
            ("a `b`", None),
            ("a 'b", None),
            ("a; b", None),
            (" ", None),
        ] {
            let expected =
                words.map(|words| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
            assert_eq!(split_command_line(line), expected, "{line}");
        }
    }
}
