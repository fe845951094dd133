//! Running text as Markdown: delimiters that nest, and characters escaped so that they stay text.
//!
//! Each change of style between the pieces of a text becomes a closing or opening token. Then the
//! tokens are joined, with help where CommonMark (§6.2) would not take a delimiter for one. Start
//! with [`render_inline`].

use super::{
    footnotes::Footnotes,
    inline_pieces::{InlinePiece, split_pieces},
};
use crate::markup::{DocumentLink, Emphasis, LinkTarget, RichText};

/// Maximum number of pieces that are looked ahead for the end of a style.
const MAX_LOOKAHEAD: usize = 64;

/// Ends a run of delimiters, and shows nothing.
const SEPARATOR: &str = "<!-- -->";

/// The form of a line break within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreakForm {
    /// A backslash before a line end (CommonMark §6.7).
    Backslash,
    /// A tag, in a heading or a cell, which have one line.
    Tag,
}

/// The document and the place of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct InlineContext<'a> {
    pub(super) links: &'a [DocumentLink],
    pub(super) footnotes: &'a Footnotes,
    pub(super) line_break: LineBreakForm,
    /// A check box at the start is one of GitHub's task lists.
    pub(super) has_check_box: bool,
}

/// Renders a text. In the result, `\n` stands only in line breaks.
pub(super) fn render_inline(text: &RichText, context: InlineContext<'_>) -> String {
    let pieces = split_pieces(&text.0);
    let mut writer = TokenWriter { context, tokens: Vec::new(), open: Vec::new() };
    let mut rest = pieces.as_slice();
    if let [first, after @ ..] = rest
        && context.has_check_box
        && first.emphasis.contains(Emphasis::CHECK_BOX)
    {
        writer.tokens.push(Token::Markup(first.text.clone()));
        rest = after;
    }
    for index in 0..rest.len() {
        writer.write_piece(&rest[index..]);
    }
    writer.close_until(0);
    join_tokens(writer.tokens)
}

/// A style that has a beginning and an end in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InlineStyle {
    Link(u32),
    Emphasis(Emphasis),
}

/// Styles with delimiters, and the delimiters.
const DELIMITERS: [(Emphasis, &str, &str); 4] = [
    (Emphasis::INSERTED, "<ins>", "</ins>"),
    (Emphasis::STRIKETHROUGH, "~~", "~~"),
    (Emphasis::STRONG, "**", "**"),
    (Emphasis::EMPHASIZED, "*", "*"),
];

/// A part of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Escaped text.
    Text(String),
    /// Markup that needs no help from its neighbours.
    Markup(String),
    Footnote(usize),
    Open(&'static str),
    Close(&'static str),
}

struct TokenWriter<'a> {
    context: InlineContext<'a>,
    tokens: Vec<Token>,
    /// Open styles, outermost first.
    open: Vec<InlineStyle>,
}

impl TokenWriter<'_> {
    /// Writes the first of `pieces`; the others say how long its styles go on.
    fn write_piece(&mut self, pieces: &[InlinePiece]) {
        let Some(piece) = pieces.first() else { return };
        let styles = self.styles_of(piece);
        let kept = self.open.iter().take_while(|style| styles.contains(style)).count();
        self.close_until(kept);
        // A delimiter before white space does not open a style: the next text opens it.
        let opens = |style: &InlineStyle| !piece.is_white() && !self.open.contains(style);
        let mut new: Vec<InlineStyle> = styles.into_iter().filter(opens).collect();
        // A stable sort: of styles that end together, a link is the outermost.
        new.sort_by_key(|style| std::cmp::Reverse(self.pieces_with(*style, pieces)));
        for style in new {
            self.open_style(style);
        }
        let footnote = self.context.footnotes.number_of_reference(&piece.text, piece.link);
        if let Some(number) = footnote {
            return self.tokens.push(Token::Footnote(number));
        }
        let token = match piece.text.as_str() {
            "\n" if self.context.line_break == LineBreakForm::Tag => {
                Token::Markup("<br>".to_owned())
            }
            "\n" => Token::Markup("\\\n".to_owned()),
            // A bracket in a link could end it, or make it a definition; code cannot escape it.
            text if piece.emphasis.contains(Emphasis::CODE)
                && piece.link.is_some()
                && text.contains(']') =>
            {
                Token::Markup(format!("<code>{}</code>", escape_markdown(text)))
            }
            text if piece.emphasis.contains(Emphasis::CODE) => Token::Markup(code_span(text)),
            text => Token::Text(escape_markdown(text)),
        };
        self.tokens.push(token);
    }

    fn styles_of(&self, piece: &InlinePiece) -> Vec<InlineStyle> {
        let link = piece.link.and_then(LinkTarget::link_id).map(|id| id.0);
        let link = link.filter(|id| self.context.links.get(*id as usize).is_some());
        let emphasis = DELIMITERS.iter().map(|(style, ..)| *style);
        let emphasis = emphasis.filter(|style| piece.emphasis.contains(*style));
        link.map(InlineStyle::Link).into_iter().chain(emphasis.map(InlineStyle::Emphasis)).collect()
    }

    /// Returns the number of pieces from the first on that have a style.
    fn pieces_with(&self, style: InlineStyle, pieces: &[InlinePiece]) -> usize {
        let has_style = |piece: &&InlinePiece| self.styles_of(piece).contains(&style);
        pieces.iter().take(MAX_LOOKAHEAD).take_while(has_style).count()
    }

    fn open_style(&mut self, style: InlineStyle) {
        self.open.push(style);
        self.tokens.push(match style {
            InlineStyle::Link(_) => Token::Open("["),
            InlineStyle::Emphasis(emphasis) => Token::Open(delimiter(emphasis).0),
        });
    }

    /// Closes the innermost styles until `count` are open.
    fn close_until(&mut self, count: usize) {
        for style in self.open.drain(count..).rev() {
            self.tokens.push(match style {
                InlineStyle::Link(id) => {
                    let url =
                        self.context.links.get(id as usize).map_or("", |link| link.url.as_str());
                    Token::Markup(format!("]({})", link_destination(url)))
                }
                InlineStyle::Emphasis(emphasis) => Token::Close(delimiter(emphasis).1),
            });
        }
    }
}

fn delimiter(emphasis: Emphasis) -> (&'static str, &'static str) {
    let found = DELIMITERS.iter().find(|(style, ..)| *style == emphasis);
    found.map_or(("", ""), |(_, open, close)| (open, close))
}

/// Joins the tokens.
fn join_tokens(tokens: Vec<Token>) -> String {
    let mut joiner = TokenJoiner::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match &token {
            Token::Text(text) if std::mem::take(&mut joiner.encodes_next) => {
                joiner.out.push_str(&encode_first_char(text));
            }
            // After a reference, a colon would define the footnote, and a parenthesis make it a link.
            Token::Text(text)
                if matches!(joiner.before, Some(Token::Footnote(_)))
                    && text.starts_with([':', '(']) =>
            {
                joiner.out.extend(["\\", text]);
            }
            Token::Text(text) | Token::Markup(text) => joiner.out.push_str(text),
            Token::Footnote(number) => joiner.push_footnote(*number),
            Token::Open("[") => joiner.open_link(),
            Token::Open(delimiter) => {
                let inside = first_char_after(tokens.clone(), delimiter);
                joiner.open_delimiter(delimiter, inside);
            }
            Token::Close(delimiter) => joiner.close_delimiter(delimiter, tokens.peek()),
        }
        joiner.before = Some(token);
    }
    joiner.out
}

/// The state of joining tokens.
///
/// Where a delimiter stands between a letter and a punctuation mark, on the wrong side, the letter
/// is written as a reference, which ends in a punctuation mark.
#[derive(Default)]
struct TokenJoiner {
    out: String,
    before: Option<Token>,
    /// Open delimiters, and the end tags of those that are written as tags.
    open: Vec<&'static str>,
    /// True if the next text begins with a reference.
    encodes_next: bool,
}

impl TokenJoiner {
    /// Adds a reference to a footnote, with the exclamation mark before it escaped.
    fn push_footnote(&mut self, number: usize) {
        self.open_link();
        self.out.extend(["^", &number.to_string(), "]"]);
    }

    /// Opens a link; an exclamation mark before it would make it an image.
    fn open_link(&mut self) {
        if self.out.ends_with('!') {
            self.out.insert(self.out.len() - 1, '\\');
        }
        self.out.push('[');
    }

    /// Opens a style whose text begins with the character `inside`.
    fn open_delimiter(&mut self, delimiter: &'static str, inside: Option<char>) {
        let mark = &delimiter[..1];
        if matches!(&self.before, Some(Token::Close(other)) if other.starts_with(mark)) {
            self.out.push_str(SEPARATOR);
        }
        let continues = self.out.ends_with(mark)
            && matches!(&self.before, Some(Token::Open(other)) if other.starts_with(mark));
        // Within a style of the same mark, a delimiter that could close it does.
        let is_within_same = !continues && self.open.iter().any(|open| open.starts_with(mark));
        let needs_boundary = !continues && (is_within_same || !is_safe_side(inside));
        let is_ambiguous = is_within_same && !is_safe_side(inside);
        if is_ambiguous || (needs_boundary && self.is_last_char_inside_delimiter()) {
            let (open, close) = style_tags(delimiter);
            self.open.push(close);
            return self.out.push_str(open);
        }
        if needs_boundary {
            encode_last_char(&mut self.out);
        }
        self.open.push(delimiter);
        self.out.push_str(delimiter);
    }

    /// Returns true if only one character stands between the end and a delimiter, which would be
    /// misread if that character became a reference.
    fn is_last_char_inside_delimiter(&self) -> bool {
        matches!(self.out.chars().rev().nth(1), Some('*' | '~' | '>'))
    }

    /// Closes the innermost style; `next` is the token after it.
    fn close_delimiter(&mut self, delimiter: &'static str, next: Option<&Token>) {
        let written = self.open.pop().filter(|open| open.starts_with("</")).unwrap_or(delimiter);
        let inside = self.out.trim_end_matches(&written[..1]).chars().next_back();
        let is_before_letter =
            matches!(next, Some(Token::Text(text)) if !text.starts_with(is_sure_boundary));
        self.encodes_next = is_before_letter && !is_safe_side(inside);
        self.out.push_str(written);
    }
}

/// Returns the tags that stand for a delimiter where it would be ambiguous.
fn style_tags(delimiter: &str) -> (&'static str, &'static str) {
    match delimiter {
        "**" => ("<strong>", "</strong>"),
        "*" => ("<em>", "</em>"),
        "~~" => ("<s>", "</s>"),
        _ => ("<ins>", "</ins>"),
    }
}

/// Returns true for a character inside of a delimiter that needs no help: a letter or digit.
fn is_safe_side(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Returns the first character after the run of delimiters that `delimiter` begins.
fn first_char_after(tokens: impl Iterator<Item = Token>, delimiter: &str) -> Option<char> {
    let is_run =
        |token: &Token| matches!(token, Token::Open(other) if other.starts_with(&delimiter[..1]));
    let next = { tokens }.find(|token| !is_run(token))?;
    match next {
        Token::Footnote(_) => Some('['),
        Token::Text(text) | Token::Markup(text) => text.chars().next(),
        Token::Open(text) | Token::Close(text) => text.chars().next(),
    }
}

/// Writes the last character of `out` as a reference if it is a letter or digit.
fn encode_last_char(out: &mut String) {
    if let Some(last) = out.chars().next_back().filter(|c| !is_sure_boundary(*c)) {
        out.truncate(out.len() - last.len_utf8());
        out.extend(["&#", &u32::from(last).to_string(), ";"]);
    }
}

/// Returns true for characters that CommonMark certainly takes for white space or punctuation.
fn is_sure_boundary(c: char) -> bool {
    c.is_ascii_punctuation() || c.is_whitespace()
}

fn encode_first_char(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| format!("&#{};{}", u32::from(first), rest.as_str()))
}

/// Returns `text` between backticks that do not occur in it (CommonMark §6.1).
fn code_span(text: &str) -> String {
    let longest_run = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let runs: Vec<usize> =
        text.split(|c| c != '`').map(str::len).filter(|length| *length > 0).collect();
    let length = (1..=longest_run + 1).find(|length| !runs.contains(length)).unwrap_or(1);
    let fence = "`".repeat(length);
    let padding = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{padding}{text}{padding}{fence}")
}

/// Returns `url` as a link destination, in angle brackets if a space or parenthesis would end it.
pub(super) fn link_destination(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for c in url.chars() {
        if matches!(c, '\\' | '<' | '>' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    if url.contains([' ', '(', ')']) { format!("<{escaped}>") } else { escaped }
}

/// Escapes the characters of `text` that are inline markup.
pub(super) fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '^') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
