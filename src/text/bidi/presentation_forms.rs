//! Presentation forms of Arabic letters, for terminals that do not join letters.

/// Length of every form in UTF-8.
const FORM_BYTES: usize = 3;

/// The sides on which a letter joins its neighbours.
#[derive(Clone, Copy)]
pub(super) struct LetterJoining {
    pub(super) with_previous: bool,
    pub(super) with_next: bool,
}

/// Returns the form of `letter` with these joins; `None` for letters without forms in Unicode.
pub(super) fn lookup_form(letter: char, joined: LetterJoining) -> Option<&'static str> {
    let row = PRESENTATION_FORMS.binary_search_by_key(&letter, |(letter, _)| *letter).ok()?;
    let start =
        FORM_BYTES * (usize::from(joined.with_previous) + 2 * usize::from(joined.with_next));
    PRESENTATION_FORMS[row].1.get(start..start + FORM_BYTES)
}

/// The letters with their forms: isolated, joined to the previous letter, to the next one, to both.
///
/// Two letters lack forms of their own and borrow them: noon ghunna (6ba) those of the dotless
/// tooth, ae (6d5) the shape of heh.
const PRESENTATION_FORMS: &[(char, &str)] = &[
    ('\u{621}', "\u{fe80}"),
    ('\u{622}', "\u{fe81}\u{fe82}"),
    ('\u{623}', "\u{fe83}\u{fe84}"),
    ('\u{624}', "\u{fe85}\u{fe86}"),
    ('\u{625}', "\u{fe87}\u{fe88}"),
    ('\u{626}', "\u{fe89}\u{fe8a}\u{fe8b}\u{fe8c}"),
    ('\u{627}', "\u{fe8d}\u{fe8e}"),
    ('\u{628}', "\u{fe8f}\u{fe90}\u{fe91}\u{fe92}"),
    ('\u{629}', "\u{fe93}\u{fe94}"),
    ('\u{62a}', "\u{fe95}\u{fe96}\u{fe97}\u{fe98}"),
    ('\u{62b}', "\u{fe99}\u{fe9a}\u{fe9b}\u{fe9c}"),
    ('\u{62c}', "\u{fe9d}\u{fe9e}\u{fe9f}\u{fea0}"),
    ('\u{62d}', "\u{fea1}\u{fea2}\u{fea3}\u{fea4}"),
    ('\u{62e}', "\u{fea5}\u{fea6}\u{fea7}\u{fea8}"),
    ('\u{62f}', "\u{fea9}\u{feaa}"),
    ('\u{630}', "\u{feab}\u{feac}"),
    ('\u{631}', "\u{fead}\u{feae}"),
    ('\u{632}', "\u{feaf}\u{feb0}"),
    ('\u{633}', "\u{feb1}\u{feb2}\u{feb3}\u{feb4}"),
    ('\u{634}', "\u{feb5}\u{feb6}\u{feb7}\u{feb8}"),
    ('\u{635}', "\u{feb9}\u{feba}\u{febb}\u{febc}"),
    ('\u{636}', "\u{febd}\u{febe}\u{febf}\u{fec0}"),
    ('\u{637}', "\u{fec1}\u{fec2}\u{fec3}\u{fec4}"),
    ('\u{638}', "\u{fec5}\u{fec6}\u{fec7}\u{fec8}"),
    ('\u{639}', "\u{fec9}\u{feca}\u{fecb}\u{fecc}"),
    ('\u{63a}', "\u{fecd}\u{fece}\u{fecf}\u{fed0}"),
    ('\u{641}', "\u{fed1}\u{fed2}\u{fed3}\u{fed4}"),
    ('\u{642}', "\u{fed5}\u{fed6}\u{fed7}\u{fed8}"),
    ('\u{643}', "\u{fed9}\u{feda}\u{fedb}\u{fedc}"),
    ('\u{644}', "\u{fedd}\u{fede}\u{fedf}\u{fee0}"),
    ('\u{645}', "\u{fee1}\u{fee2}\u{fee3}\u{fee4}"),
    ('\u{646}', "\u{fee5}\u{fee6}\u{fee7}\u{fee8}"),
    ('\u{647}', "\u{fee9}\u{feea}\u{feeb}\u{feec}"),
    ('\u{648}', "\u{feed}\u{feee}"),
    ('\u{649}', "\u{feef}\u{fef0}\u{fbe8}\u{fbe9}"),
    ('\u{64a}', "\u{fef1}\u{fef2}\u{fef3}\u{fef4}"),
    ('\u{671}', "\u{fb50}\u{fb51}"),
    ('\u{677}', "\u{fbdd}"),
    ('\u{679}', "\u{fb66}\u{fb67}\u{fb68}\u{fb69}"),
    ('\u{67a}', "\u{fb5e}\u{fb5f}\u{fb60}\u{fb61}"),
    ('\u{67b}', "\u{fb52}\u{fb53}\u{fb54}\u{fb55}"),
    ('\u{67e}', "\u{fb56}\u{fb57}\u{fb58}\u{fb59}"),
    ('\u{67f}', "\u{fb62}\u{fb63}\u{fb64}\u{fb65}"),
    ('\u{680}', "\u{fb5a}\u{fb5b}\u{fb5c}\u{fb5d}"),
    ('\u{683}', "\u{fb76}\u{fb77}\u{fb78}\u{fb79}"),
    ('\u{684}', "\u{fb72}\u{fb73}\u{fb74}\u{fb75}"),
    ('\u{686}', "\u{fb7a}\u{fb7b}\u{fb7c}\u{fb7d}"),
    ('\u{687}', "\u{fb7e}\u{fb7f}\u{fb80}\u{fb81}"),
    ('\u{688}', "\u{fb88}\u{fb89}"),
    ('\u{68c}', "\u{fb84}\u{fb85}"),
    ('\u{68d}', "\u{fb82}\u{fb83}"),
    ('\u{68e}', "\u{fb86}\u{fb87}"),
    ('\u{691}', "\u{fb8c}\u{fb8d}"),
    ('\u{698}', "\u{fb8a}\u{fb8b}"),
    ('\u{6a4}', "\u{fb6a}\u{fb6b}\u{fb6c}\u{fb6d}"),
    ('\u{6a6}', "\u{fb6e}\u{fb6f}\u{fb70}\u{fb71}"),
    ('\u{6a9}', "\u{fb8e}\u{fb8f}\u{fb90}\u{fb91}"),
    ('\u{6ad}', "\u{fbd3}\u{fbd4}\u{fbd5}\u{fbd6}"),
    ('\u{6af}', "\u{fb92}\u{fb93}\u{fb94}\u{fb95}"),
    ('\u{6b1}', "\u{fb9a}\u{fb9b}\u{fb9c}\u{fb9d}"),
    ('\u{6b3}', "\u{fb96}\u{fb97}\u{fb98}\u{fb99}"),
    ('\u{6ba}', "\u{fb9e}\u{fb9f}\u{fbe8}\u{fbe9}"),
    ('\u{6bb}', "\u{fba0}\u{fba1}\u{fba2}\u{fba3}"),
    ('\u{6be}', "\u{fbaa}\u{fbab}\u{fbac}\u{fbad}"),
    ('\u{6c0}', "\u{fba4}\u{fba5}"),
    ('\u{6c1}', "\u{fba6}\u{fba7}\u{fba8}\u{fba9}"),
    ('\u{6c5}', "\u{fbe0}\u{fbe1}"),
    ('\u{6c6}', "\u{fbd9}\u{fbda}"),
    ('\u{6c7}', "\u{fbd7}\u{fbd8}"),
    ('\u{6c8}', "\u{fbdb}\u{fbdc}"),
    ('\u{6c9}', "\u{fbe2}\u{fbe3}"),
    ('\u{6cb}', "\u{fbde}\u{fbdf}"),
    ('\u{6cc}', "\u{fbfc}\u{fbfd}\u{fbfe}\u{fbff}"),
    ('\u{6d0}', "\u{fbe4}\u{fbe5}\u{fbe6}\u{fbe7}"),
    ('\u{6d2}', "\u{fbae}\u{fbaf}"),
    ('\u{6d3}', "\u{fbb0}\u{fbb1}"),
    ('\u{6d5}', "\u{fee9}\u{feea}"),
];

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn presentation_forms_are_sorted() {
        assert!(PRESENTATION_FORMS.is_sorted_by(|(one, _), (next, _)| one < next));
        assert!(
            PRESENTATION_FORMS
                .iter()
                .all(|(_, forms)| [1, 2, 4].map(|n| n * FORM_BYTES).contains(&forms.len()))
        );
    }

    #[test]
    fn presentation_forms_normalize_to_their_letters() {
        let means =
            |form: char, letter: char| [form].into_iter().nfkc().eq([letter].into_iter().nfkc());
        let odd: Vec<(char, char)> = PRESENTATION_FORMS
            .iter()
            .flat_map(|(letter, forms)| forms.chars().map(move |form| (*letter, form)))
            .filter(|(letter, form)| !means(*form, *letter))
            .collect();
        assert_eq!(
            odd,
            [
                ('\u{6ba}', '\u{fbe8}'),
                ('\u{6ba}', '\u{fbe9}'),
                ('\u{6d5}', '\u{fee9}'),
                ('\u{6d5}', '\u{feea}'),
            ]
        );
    }

    #[test]
    fn presentation_forms_keep_width() {
        for (letter, forms) in PRESENTATION_FORMS {
            for form in forms.chars() {
                assert_eq!(
                    crate::text::width(&form.to_string()),
                    crate::text::width(&letter.to_string())
                );
            }
        }
    }
}
