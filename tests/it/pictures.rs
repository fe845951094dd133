//! Pictures in the wide article: asked for only where they are shown, and in their place from the beginning.

use std::{io::Cursor, sync::Arc};

use newsreader::{
    app::{Effect, ImageKey, Message, TerminalRequest},
    model::{Failure, FailureKind},
    picture::{DecodedImage, ImagePayload, RenderedImage},
    settings::{SettingsLayer, merge_layers},
};

use crate::support::{Stage, staged};

/// Forty pixels by twenty, the left half red, the right half blue.
fn picture() -> DecodedImage {
    let pixel =
        |x: u32, _: u32| if x < 20 { image::Rgb([255_u8, 0, 0]) } else { image::Rgb([0, 0, 255]) };
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_fn(40, 20, pixel).write_to(&mut png, image::ImageFormat::Png).unwrap();
    DecodedImage::decode(png.get_ref()).unwrap()
}

fn article(images: &str) -> Stage {
    with(&[("article.images", images)])
}

fn wide_with(values: &[(&str, &str)]) -> Stage {
    with(values).keys("right z")
}

fn with(values: &[(&str, &str)]) -> Stage {
    let values: Vec<_> =
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let mut settings = merge_layers(vec![SettingsLayer::from_values("a test", &values)]).0;
    settings.refresh.every = 0;
    staged(&["A picture"], settings, std::collections::BTreeMap::new())
        .html(
            1,
            "<p>Before.</p><img src='https://example.org/a.png' alt=Tree width=160 height=80><p>After.</p>",
        )
        .size(80, 24)
}

fn key() -> ImageKey {
    ImageKey { url: "https://example.org/a.png".to_owned(), columns: 20, rows: 5 }
}

fn asked(stage: &Stage) -> Vec<&ImageKey> {
    let mut keys = Vec::new();
    for effect in &stage.effects {
        if let Effect::LoadImage(key, _) = effect {
            keys.push(key);
        }
    }
    keys
}

#[test]
fn nothing_is_fetched_unless_it_is_wanted_and_shown() {
    let off = article("off").keys("right z");
    assert!(asked(&off).is_empty() && off.screen().contains("[image: Tree · 160×80]"));
    let narrow = article("on").keys("right");
    assert!(asked(&narrow).is_empty(), "the article is not wide");
    let wide = narrow.keys("z");
    assert_eq!(asked(&wide), [&key()]);
    let again = wide.keys("down up");
    assert!(asked(&again).is_empty(), "it is on its way");
    let monochrome = [("article.images", "on"), ("colors", "none")];
    let shown = wide_with(&monochrome);
    assert!(asked(&shown).is_empty(), "there are no colours to show it in");
}

#[test]
fn a_picture_comes_into_the_place_that_is_kept_for_it() {
    let waiting = article("on").keys("right z");
    let before = waiting.find("After.");
    let drawing = Arc::new(RenderedImage::HalfBlocks(picture().to_half_blocks(20, 5)));
    let shown = waiting.send(Message::ImageLoaded(key(), Ok((drawing, ImagePayload::None))));
    assert_eq!(shown.find("After."), before, "nothing moves");
    assert!(shown.screen().contains("▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n"), "{}", shown.screen());
    let (_, top) = shown.find("▀");
    let looks = shown.looks();
    assert!(
        looks.contains(&format!(",{top} Rgb(255, 0, 0)"))
            && looks.contains(&format!(",{top} Rgb(0, 0, 255)")),
        "{looks}"
    );
    let words = shown.keys("i");
    assert!(!words.screen().contains('▀') && words.screen().contains("told in words"));
}

#[test]
fn a_terminal_that_keeps_pictures_is_sent_one_and_cells_name_it() {
    let (placed, png) = picture().to_kitty(0x01_02_03, 20, 5).unwrap();
    let sent = ImagePayload::KittyTransmission(png.into());
    let message =
        Message::ImageLoaded(key(), Ok((Arc::new(RenderedImage::Kitty(placed)), sent.clone())));
    let shown = article("on").keys("right z").send(message);
    assert_eq!(shown.effects, [Effect::Terminal(TerminalRequest::SendImage(sent))]);
    let (_, top) = shown.find("\u{10eeee}\u{305}\u{305}");
    assert!(shown.looks().contains(&format!(",{top} Rgb(1, 2, 3)")), "{}", shown.looks());
    let anew = shown.keys("ctrl-l");
    assert_eq!(asked(&anew), [&key()], "the terminal may have forgotten it");
}

#[test]
fn a_picture_that_cannot_be_had_says_why() {
    let failure =
        Failure::new(FailureKind::Feed, "No picture from example.org: the server answered 404");
    let failed = article("on").keys("right z").send(Message::ImageLoaded(key(), Err(failure)));
    assert!(failed.screen().contains("the server answered 404"));
    assert!(failed.screen().contains("[image: Tree"), "its words are always there");
}
