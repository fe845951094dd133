//! Regular expressions for a part of a word, which the folded words decide alone.
//!
//! Such an expression has letters, digits and what combines them: `colou?r`, `tax(es|ed)?`,
//! `gr[ae]y`, `\bgov\w+`. It is folded as the words are. An expression that can match a blank or a
//! sign, that has an accent, or that tells capital letters from small ones is none: the text decides
//! it as it stands.

use regex_syntax::{
    Parser, ParserBuilder,
    hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition},
};

use crate::text::{WordPlace, fold_word_char};

/// Maximum number of characters in a class whose characters are folded one by one.
const MAX_CLASS_CHARS: u32 = 256;

/// Returns the folded form of an expression for a part of a word; `None` if the folded words do not
/// decide it.
pub(super) fn fold_word_expression(expression: &str) -> Option<Hir> {
    let ignoring_case = ParserBuilder::new().case_insensitive(true).build().parse(expression);
    if !ignores_case(&ignoring_case.ok()?) {
        return None;
    }
    // Parsed with their case, letters are single letters. Folding ignores it.
    let hir = Parser::new().parse(expression).ok()?;
    let has_letter = hir.properties().minimum_len() > Some(0);
    if has_letter { fold_word_hir(&hir) } else { None }
}

/// Returns true if the character is a letter that folding replaces by another one, such as `é`.
pub(super) fn has_accent(c: char) -> bool {
    !c.is_ascii() && c.is_alphanumeric() && fold_plain_letter(c).is_none() && is_folded(c)
}

/// Returns true if folding changes `c` or leaves it out.
fn is_folded(c: char) -> bool {
    fold_word_char(c).is_none_or(|(folded, _)| !folded.chars().eq([c]))
}

/// Returns true if an expression, parsed with the flag that ignores case, has no part that a flag in
/// it has made sensitive to case.
fn ignores_case(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0)
            .is_ok_and(|text| text.chars().all(|c| ignores_class_case(&class_of_char(c)))),
        HirKind::Class(Class::Unicode(class)) => ignores_class_case(class),
        HirKind::Class(Class::Bytes(class)) => {
            let mut all_cases = class.clone();
            all_cases.case_fold_simple();
            all_cases == *class
        }
        HirKind::Repetition(repetition) => ignores_case(&repetition.sub),
        HirKind::Capture(capture) => ignores_case(&capture.sub),
        HirKind::Concat(hirs) | HirKind::Alternation(hirs) => hirs.iter().all(ignores_case),
    }
}

fn ignores_class_case(class: &ClassUnicode) -> bool {
    all_cases(class).as_ref() == Some(class)
}

/// Returns the characters of a class in any case.
fn all_cases(class: &ClassUnicode) -> Option<ClassUnicode> {
    let mut all_cases = class.clone();
    all_cases.try_case_fold_simple().ok()?;
    Some(all_cases)
}

fn class_of_char(c: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(c, c)])
}

/// Returns the folded form of `hir`, or `None` if it may match something else than a part of a word.
fn fold_word_hir(hir: &Hir) -> Option<Hir> {
    let fold_all = |hirs: &[Hir]| hirs.iter().map(fold_word_hir).collect::<Option<Vec<_>>>();
    match hir.kind() {
        HirKind::Empty => Some(Hir::empty()),
        HirKind::Look(look) => is_word_boundary(*look).then(|| Hir::look(*look)),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let folded: String = text.chars().map(fold_plain_letter).collect::<Option<_>>()?;
            Some(Hir::literal(folded.into_bytes()))
        }
        HirKind::Class(class) => fold_word_class(class),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(fold_word_hir(&repetition.sub)?);
            Some(Hir::repetition(Repetition { sub, ..repetition.clone() }))
        }
        HirKind::Capture(capture) => fold_word_hir(&capture.sub),
        HirKind::Concat(hirs) => fold_all(hirs).map(Hir::concat),
        HirKind::Alternation(hirs) => fold_all(hirs).map(Hir::alternation),
    }
}

/// Returns true for an assertion that needs to see nothing but the word.
fn is_word_boundary(look: Look) -> bool {
    !matches!(
        look,
        Look::Start | Look::End | Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF
    )
}

/// Returns the folded form of a class of letters and digits: `\w`, `\d`, or a list of letters.
fn fold_word_class(class: &Class) -> Option<Hir> {
    let class = match class {
        Class::Unicode(class) => class.clone(),
        Class::Bytes(class) => class.to_unicode_class()?,
    };
    if is_perl_class(&class) {
        return Some(Hir::class(Class::Unicode(class)));
    }
    let size = |range: &ClassUnicodeRange| u32::from(range.end()) - u32::from(range.start()) + 1;
    if class.iter().map(size).sum::<u32>() > MAX_CLASS_CHARS {
        return None;
    }
    let chars = class.iter().flat_map(|range| range.start()..=range.end());
    let folded = chars.map(|c| fold_plain_letter(c).map(|folded| (folded, folded)));
    let folded: Vec<(char, char)> = folded.collect::<Option<_>>()?;
    let ranges = folded.into_iter().map(|(start, end)| ClassUnicodeRange::new(start, end));
    Some(Hir::class(Class::Unicode(ClassUnicode::new(ranges))))
}

/// Returns true for the classes of all letters and of all digits.
fn is_perl_class(class: &ClassUnicode) -> bool {
    let is_class = |name: &str| {
        let parsed = Parser::new().parse(name);
        parsed.is_ok_and(|hir| *hir.kind() == HirKind::Class(Class::Unicode(class.clone())))
    };
    is_class(r"\w") || is_class(r"\d")
}

/// Returns the folded form of a letter or digit if folding changes nothing but its case.
fn fold_plain_letter(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    let (folded, place) = fold_word_char(c)?;
    let mut chars = folded.chars();
    let folded = chars.next()?;
    let is_letter = place == WordPlace::Letter && chars.next().is_none();
    let in_any_case = || all_cases(&class_of_char(c)).is_some_and(|all| class_has(&all, folded));
    (is_letter && in_any_case()).then_some(folded)
}

fn class_has(class: &ClassUnicode, c: char) -> bool {
    class.iter().any(|range| (range.start()..=range.end()).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::{fold_word_expression, has_accent};

    #[test]
    fn word_expressions_are_folded() {
        let folded = |expression: &str| fold_word_expression(expression).map(|hir| hir.to_string());
        assert_eq!(folded("COLOU?R").as_deref(), Some("(?:(?:colo)u?r)"));
        assert_eq!(folded("gr[AE]y").as_deref(), Some("(?:(?:gr)[ae]y)"));
        assert_eq!(folded("Новост[ьи]").as_deref(), Some("(?:(?:новост)[иь])"));
        assert_eq!(folded("(?i)ruST").as_deref(), Some("(?:rust)"));
        assert_eq!(folded("Σίσυφο[σς]"), None, "ί has an accent");
        assert_eq!(folded("λόγος|λογος"), None);
        assert_eq!(folded("λογο[σς]").as_deref(), Some("(?:λογοσ)"));
        for expression in ["tax(es|ed)?", r"\bgov\w+", r"\d{4}", "k", "20[0-9]{2}s", "(a|b)+c*"] {
            assert!(folded(expression).is_some(), "{expression}");
        }
        for expression in [
            "",
            "a*",
            "night train",
            ".",
            "n.ght",
            "[^a]b",
            "caf[eé]",
            "(?-i:K)elvin",
            "[(?-i)]a",
            "(?-i)linux",
            "^the",
            "end$",
            r"c\+\+",
            "a-b",
            "it's",
            r"\s",
            r"\W",
            r"a\Wb",
            "東京",
            "ß",
            "한국",
            "x_y",
            r"[\w-]+",
            "[a&&b]",
            "(?-u:\\w)",
        ] {
            assert_eq!(folded(expression), None, "{expression}");
        }
    }

    #[test]
    fn accents_are_told_from_letters_of_other_scripts() {
        assert!("éÉßøñİώёأ한ﬁ".chars().all(has_accent));
        assert!(!"eEſKяЯσςΣשبक東カ1 .".chars().any(has_accent));
    }
}
