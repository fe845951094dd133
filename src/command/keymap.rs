//! Keymaps: which keys run which command in which context, parsed from files that are checked line
//! by line.

use std::sync::LazyLock;

use toml::de::{DeTable, DeValue};

use super::{COMMANDS, Command, Key, KeyCode, KeyContext};
use crate::text::{LineNumbers, TomlSyntaxError, unknown_name_message, visit_lenient_toml};

const TYPE_PRESET: &str = include_str!("../../assets/keymap.toml");
const VIM_PRESET: &str = include_str!("../../assets/vim.toml");

/// Maximum number of rows of a keymap file: each is compared with the others, and at every key.
const MAX_ROWS: usize = 5_000;

/// Keys that open control sequences with Alt, as terminals send them: bound, they would swallow
/// other keys.
const ESCAPE_SEQUENCE_INTRODUCERS: &str = "[O]P_^X";

/// The beginning of the names of the user's own commands in keymap files.
const RUN_PREFIX: &str = "run:";

/// One row of a keymap file; `None` unbinds the keys.
type KeyBinding = (KeyContext, Vec<Key>, Option<Command>);

/// The keys of every command by context, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap {
    bindings: Vec<KeyBinding>,
    /// Names of the user's own commands, in order.
    programs: Vec<String>,
}

/// The result of looking up a sequence of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeymapLookup {
    /// The sequence runs this command.
    Command(Command),
    /// The sequence begins a longer binding.
    Prefix,
    /// No binding begins with the sequence.
    Unbound,
}

/// An error in a keymap file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct KeymapError {
    /// Line of the file, from 1.
    pub line: usize,
    /// Description of the error.
    pub problem: String,
}

impl Keymap {
    /// Returns the keys of the preset "type", in which letters filter.
    pub fn type_preset() -> Keymap {
        // The other preset is made from it as well.
        static PRESET: LazyLock<Keymap> = LazyLock::new(|| {
            Keymap::parse(TYPE_PRESET).expect("assets/keymap.toml is read by a test")
        });
        PRESET.clone()
    }

    /// Returns the keys of the preset "vim", in which letters are commands.
    pub fn vim_preset() -> Keymap {
        let vim = Keymap::parse(VIM_PRESET).expect("assets/vim.toml is read by a test");
        Keymap::type_preset().overridden_by(vim)
    }

    /// Parses `[context]` tables of `"key key" = "command"` rows, in which `"none"` unbinds.
    ///
    /// # Errors
    ///
    /// Returns the first error in the file.
    pub fn parse(text: &str) -> Result<Keymap, KeymapError> {
        let (keymap, mistakes) = Keymap::parse_lenient(text, &[]);
        mistakes.into_iter().next().map_or(Ok(keymap), Err)
    }

    /// Parses like [`Keymap::parse`], but keeps every valid row and returns every error. `programs`
    /// are the names of the user's own commands, in order; `run:NAME` runs one.
    pub fn parse_lenient(text: &str, programs: &[&str]) -> (Keymap, Vec<KeymapError>) {
        let (lines, rows, mut mistakes) = visit_lenient_toml(text, |text, table, errors| {
            let mut mistakes = errors.into_iter().map(KeymapError::from).collect();
            let lines = LineNumbers::of(text);
            let rows = parse_rows((text, table), &lines, &mut mistakes);
            (lines, rows, mistakes)
        });
        let programs_of_user = programs.iter().map(|name| (*name).to_owned()).collect();
        let mut keymap = Keymap { bindings: Vec::new(), programs: programs_of_user };
        for (at, context, keys, command) in rows {
            let line = lines.at(at);
            match keymap.parse_binding(context, &keys, &command, programs, line) {
                Ok(binding) => keymap.bindings.push(binding),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        mistakes.sort_by_key(|mistake| mistake.line);
        (keymap, mistakes)
    }

    fn parse_binding(
        &self,
        context: KeyContext,
        keys: &str,
        command: &str,
        programs: &[&str],
        line: usize,
    ) -> Result<KeyBinding, KeymapError> {
        let keys = parse_key_sequence(keys, line)?;
        if self.bindings.iter().any(|(c, k, _)| *c == context && *k == keys) {
            let keys = format_keys(&keys);
            return Err(KeymapError {
                line,
                problem: format!("`{keys}` is bound in this table already"),
            });
        }
        Ok((context, keys, parse_command(command, programs, line)?))
    }

    /// Returns these bindings with `other`'s over them; hints show `other`'s first.
    #[must_use]
    pub fn overridden_by(mut self, mut other: Keymap) -> Keymap {
        self.bindings.retain(|(context, keys, _)| {
            !other.bindings.iter().any(|(c, k, _)| c == context && k == keys)
        });
        other.bindings.extend(self.bindings);
        if other.programs.is_empty() {
            other.programs = self.programs;
        }
        other
    }

    /// Returns a few words about a command; for one of the user's own, its name.
    pub fn title(&self, command: Command) -> &str {
        let own = match command {
            Command::RunProgram(index) => self.programs.get(usize::from(index)),
            _ => None,
        };
        own.map_or(command.spec().title, String::as_str)
    }

    /// Looks `keys` up in `contexts`, the innermost first.
    pub fn lookup(&self, contexts: &[KeyContext], keys: &[Key]) -> KeymapLookup {
        for context in contexts {
            let (mut prefix, mut unbound) = (false, false);
            for (_, bound, command) in self.bindings.iter().filter(|(bound, ..)| bound == context) {
                match command {
                    Some(command) if bound == keys => return KeymapLookup::Command(*command),
                    None if bound == keys => unbound = true,
                    Some(_) if bound.starts_with(keys) => prefix = true,
                    _ => {}
                }
            }
            if prefix {
                return KeymapLookup::Prefix;
            }
            if unbound {
                return KeymapLookup::Unbound;
            }
        }
        KeymapLookup::Unbound
    }

    /// Returns the keys that run `command` in `contexts`, as hints show them; the first is the one
    /// to show alone.
    pub fn key_hints_for(&self, command: Command, contexts: &[KeyContext]) -> Vec<String> {
        let of = |context: &KeyContext| {
            let context = *context;
            self.bindings
                .iter()
                .filter(move |(c, _, bound)| *c == context && *bound == Some(command))
        };
        let reachable =
            |keys: &[Key]| self.lookup(contexts, keys) == KeymapLookup::Command(command);
        let keys =
            contexts.iter().flat_map(of).map(|(_, keys, _)| keys).filter(|keys| reachable(keys));
        let mut found: Vec<String> = Vec::new();
        for keys in keys {
            let text = keys.iter().map(|key| key.hint()).collect::<Vec<_>>().join(" ");
            if !found.contains(&text) {
                found.push(text);
            }
        }
        found
    }

    /// Returns the shortest way to run `command` by keys in `contexts`: its own key, or else the
    /// key of the command menu and the command's letter in the menu; `None` if neither is bound.
    pub fn shortcut(&self, command: Command, contexts: &[KeyContext]) -> Option<String> {
        let own = self.key_hints_for(command, contexts).into_iter().next();
        own.or_else(|| self.menu_shortcut(command, contexts))
    }

    /// Returns the key of the command menu in `contexts` and the letter of `command` in the menu,
    /// as hints show them.
    pub fn menu_shortcut(&self, command: Command, contexts: &[KeyContext]) -> Option<String> {
        let leader = self.key_hints_for(Command::CommandMenu, contexts).into_iter().next()?;
        let letter = self.key_hints_for(command, &[KeyContext::Menu]).into_iter().next()?;
        Some(format!("{leader} {letter}"))
    }

    /// Returns every binding.
    pub fn iter(&self) -> impl Iterator<Item = (KeyContext, &[Key], Command)> {
        self.bindings
            .iter()
            .filter_map(|(context, keys, command)| Some((*context, keys.as_slice(), (*command)?)))
    }
}

/// Returns the rows of a keymap file in the order of the file, since hints show the first, each
/// with its byte offset. A mistake costs the row that it is in; lines with syntax errors are blank.
fn parse_rows(
    (text, file): (&str, &DeTable<'_>),
    lines: &LineNumbers,
    mistakes: &mut Vec<KeymapError>,
) -> Vec<(usize, KeyContext, String, String)> {
    let mut rows = Vec::new();
    for (context, keys) in file {
        let line = lines.at(context.span().start);
        match parse_table(context.get_ref(), keys.get_ref(), line) {
            Ok((context, keys)) => rows.extend(keys.iter().map(|(keys, command)| {
                (keys.span().start, context, keys.get_ref().to_string(), command)
            })),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    rows.sort_unstable_by_key(|(at, ..)| *at);
    if let Some((at, ..)) = rows.get(MAX_ROWS) {
        let problem = format!("there are more than {MAX_ROWS} rows; the rest is left out");
        mistakes.push(KeymapError { line: lines.at(*at), problem });
        rows.truncate(MAX_ROWS);
    }
    let mut named = Vec::new();
    for (at, context, keys, command) in rows {
        match command.get_ref().as_str() {
            Some(command) => named.push((at, context, keys, command.to_owned())),
            None => mistakes.push(KeymapError {
                line: lines.at(at),
                problem: format!(
                    "`{keys}` is {}; it must be the name of a command in quotation marks",
                    text.get(command.span()).unwrap_or_default()
                ),
            }),
        }
    }
    named
}

/// Returns the context and the rows of a table of a keymap file.
fn parse_table<'t>(
    name: &str,
    value: &'t DeValue<'t>,
    line: usize,
) -> Result<(KeyContext, &'t DeTable<'t>), KeymapError> {
    let Some(keys) = value.as_table() else {
        let problem = format!("`{name}` must stand below a context such as [list]");
        return Err(KeymapError { line, problem });
    };
    Ok((parse_context(name, line)?, keys))
}

fn parse_context(name: &str, line: usize) -> Result<KeyContext, KeymapError> {
    let found = KeyContext::ALL.into_iter().find(|context| context.name() == name);
    found.ok_or_else(|| {
        unknown_name_error(
            "context",
            name,
            KeyContext::ALL.iter().map(|context| context.name()),
            line,
        )
    })
}

fn parse_command(
    name: &str,
    programs: &[&str],
    line: usize,
) -> Result<Option<Command>, KeymapError> {
    if name == "none" {
        return Ok(None);
    }
    if let Some(program) = name.strip_prefix(RUN_PREFIX) {
        let index = programs.iter().position(|known| *known == program);
        let command = index.and_then(|index| u16::try_from(index).ok()).map(Command::RunProgram);
        return command.map(Some).ok_or_else(|| {
            unknown_name_error("command in [commands]", program, programs.iter().copied(), line)
        });
    }
    let found = Command::from_name(name).map(Some);
    found.ok_or_else(|| {
        unknown_name_error("command", name, COMMANDS.iter().map(|spec| spec.name), line)
    })
}

fn unknown_name_error<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    line: usize,
) -> KeymapError {
    KeymapError { line, problem: unknown_name_message(what, name, known) }
}

fn parse_key_sequence(text: &str, line: usize) -> Result<Vec<Key>, KeymapError> {
    let keys: Result<Vec<Key>, _> = text.split_whitespace().map(str::parse).collect();
    let keys = keys.map_err(|error| KeymapError { line, problem: error.to_string() })?;
    match keys.iter().find_map(|key| unbindable_reason(*key)) {
        _ if keys.is_empty() => {
            Err(KeymapError { line, problem: "there is no key between the quotes".to_owned() })
        }
        Some(reason) => {
            Err(KeymapError { line, problem: format!("`{text}` cannot be bound: {reason}") })
        }
        None => Ok(keys),
    }
}

/// Returns why a key cannot be bound: some terminals do not send it, or send it as something else.
fn unbindable_reason(key: Key) -> Option<&'static str> {
    match key.code {
        KeyCode::Char(c) if key.alt && ESCAPE_SEQUENCE_INTRODUCERS.contains(c) => {
            Some("with Alt it opens a control sequence")
        }
        KeyCode::Char('h') if key.ctrl => Some("terminals send the same as for Backspace"),
        KeyCode::Char('i') if key.ctrl => Some("terminals send the same as for Tab"),
        KeyCode::Char('m') if key.ctrl => Some("terminals send the same as for Enter"),
        KeyCode::Char('[') if key.ctrl => Some("terminals send the same as for Esc"),
        KeyCode::Char(c) if key.ctrl && c.is_ascii_uppercase() => {
            Some("terminals send the same for the small letter")
        }
        KeyCode::Char(c) if key.ctrl && c.is_ascii_digit() => {
            Some("terminals send something else for it")
        }
        KeyCode::Enter if key.ctrl => Some("terminals send the same as for Enter"),
        KeyCode::F(10 | 11) => Some("terminals keep it for themselves"),
        _ => None,
    }
}

fn format_keys(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

impl From<TomlSyntaxError> for KeymapError {
    fn from(error: TomlSyntaxError) -> KeymapError {
        KeymapError { line: error.line, problem: error.problem }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, KeyContext, Keymap, KeymapLookup, MAX_ROWS};

    fn parse_error_text(text: &str) -> String {
        Keymap::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn keymap_presets_parse() {
        assert!(Keymap::type_preset().iter().count() > 60);
        assert!(Keymap::vim_preset().iter().count() > 60);
    }

    #[test]
    fn keymap_error_names_line_and_suggestion() {
        assert_eq!(
            parse_error_text("[list]\n\"x\" = \"togle-star\"\n"),
            "line 2: there is no command `togle-star`; did you mean `toggle-star`?"
        );
        assert_eq!(
            parse_error_text("[lst]\n"),
            "line 1: there is no context `lst`; did you mean `list`?"
        );
        assert!(
            parse_error_text("[list]\n\"alt-[\" = \"quit\"")
                .starts_with("line 2: `alt-[` cannot be bound")
        );
        assert!(parse_error_text("[list]\n\"ctrl-i\" = \"quit\"").ends_with("the same as for Tab"));
        assert!(
            parse_error_text("[list]\n\"meta-x\" = \"quit\"")
                .starts_with("line 2: `meta-x` is not a key")
        );
        assert!(
            parse_error_text("[list]\n\"ctrl-s\" = \"quit\"\n\"C-s\" = \"open\"")
                .contains("already")
        );
        assert!(parse_error_text("[list\n").starts_with("line 1"));
    }

    #[test]
    fn keymap_error_costs_only_its_row() {
        let text = "\"y\" = \"quit\"\n[list]\n\"a\" = open\n\"b\" = 3\n\"c\" = \"open\"\n[lst]\n\"d\" = \"open\"\n";
        let (keymap, errors) = Keymap::parse_lenient(text, &[]);
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [1, 3, 4, 6], "{errors:?}");
        assert_eq!(errors[0].problem, "`y` must stand below a context such as [list]");
        assert_eq!(
            errors[2].problem,
            "`b` is 3; it must be the name of a command in quotation marks"
        );
        let keys: Vec<String> =
            keymap.iter().map(|(_, keys, _)| super::format_keys(keys)).collect();
        assert_eq!(keys, ["c"]);
    }

    #[test]
    fn keymap_rows_beyond_the_maximum_are_left_out_with_one_error() {
        let row = |n: usize| format!("\"{}\" = \"quit\"\n", format!("{n:013b}").replace("", " "));
        let text: String = (0..MAX_ROWS + 2).map(row).collect();
        let (keymap, errors) = Keymap::parse_lenient(&format!("[list]\n{text}"), &[]);
        assert_eq!(keymap.iter().count(), MAX_ROWS);
        let [error] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!(error.line, MAX_ROWS + 2);
        assert!(error.problem.ends_with("more than 5000 rows; the rest is left out"), "{error}");
    }

    #[test]
    fn keymap_line_without_value_costs_only_itself() {
        let text =
            "[list]\n\"a\" = \"open\"\n\"b\"\n\"c\" = \"quit\"\n[article]\n\"d\" = \"open\"\n";
        let (keymap, errors) = Keymap::parse_lenient(text, &[]);
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [3], "{errors:?}");
        let keys: Vec<String> =
            keymap.iter().map(|(_, keys, _)| super::format_keys(keys)).collect();
        assert_eq!(keys, ["a", "c", "d"]);
    }

    #[test]
    fn keymap_runs_commands_of_the_settings() {
        let text = "[article]\n\"M\" = \"run:mpv\"\n\"N\" = \"run:mvp\"\n";
        let (keymap, errors) = Keymap::parse_lenient(text, &["cat", "mpv"]);
        let key = "M".parse().unwrap();
        let found = keymap.lookup(&[KeyContext::Article], &[key]);
        assert_eq!(found, KeymapLookup::Command(Command::RunProgram(1)));
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            ["line 3: there is no command in [commands] `mvp`; did you mean `mpv`?"]
        );
    }

    #[test]
    fn keymap_lookup_unbound_key_can_start_sequence() {
        let vim = Keymap::vim_preset();
        let g = "g".parse().unwrap();
        let contexts = [KeyContext::Article, KeyContext::Global];
        assert_eq!(vim.lookup(&contexts, &[g]), KeymapLookup::Prefix);
        assert_eq!(vim.lookup(&contexts, &[g, g]), KeymapLookup::Command(Command::GoFirst));
    }

    #[test]
    fn keymap_none_unbinds_and_innermost_context_wins() {
        let user =
            Keymap::parse("[list]\n\"ctrl-r\" = \"none\"\n\"g g\" = \"go-first\"\n").unwrap();
        let keymap = Keymap::type_preset().overridden_by(user);
        let look = |text: &str| {
            let keys: Vec<_> = text.split(' ').map(|key| key.parse().unwrap()).collect();
            keymap.lookup(&[KeyContext::List, KeyContext::Global], &keys)
        };
        assert_eq!(look("ctrl-r"), KeymapLookup::Unbound);
        assert_eq!(look("g"), KeymapLookup::Prefix);
        assert_eq!(look("g g"), KeymapLookup::Command(Command::GoFirst));
        assert_eq!(look("ctrl-q"), KeymapLookup::Command(Command::Quit));
    }
}
