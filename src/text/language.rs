//! Language detection by script and frequent words.
//!
//! It runs for every indexed article, so it has to cost next to nothing: it looks at the first
//! words, which are folded already. A text of a few words has a language only if its script has
//! just one.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::fold;

/// Maximum number of words that are examined.
const SAMPLE_WORDS: usize = 200;

/// Minimum number of frequent words for a result.
const MIN_FREQUENT_WORDS: u32 = 3;

/// Words that are frequent in one language and rarer in its neighbours; words that several
/// languages share are in each.
const FREQUENT_WORDS: [(&str, &str); 32] = [
    (
        "en",
        "the of and to in is that for was on with as it he his at by from are have has had they you were this which",
    ),
    (
        "de",
        "der die und das den von zu mit sich auf ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber",
    ),
    (
        "fr",
        "de la le les et des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ete aux cette ou mais leur nous elle",
    ),
    (
        "es",
        "de la que el en y a los del se las por un para con no una su al lo como mas pero sus le ya o este si porque esta entre cuando muy sobre tambien fue ha",
    ),
    (
        "pt",
        "de a o que e do da em um para e com nao uma os no se na por mais as dos como mas foi ao ele das tem seu sua ou ser quando muito ha nos ja esta tambem so pelo pela",
    ),
    (
        "it",
        "di e il la che in un a per non del una si con i le da della sono al come dei nel alla piu anche ha gli lo ma ed delle se nella dal stato questo era",
    ),
    (
        "nl",
        "de van het een en in is dat op te zijn met voor niet aan er om ook als door naar bij hij maar uit nog wordt tot heeft werd deze ze meer over dit",
    ),
    (
        "sv",
        "och i att det som en pa ar av for med till den har de inte om ett han men var jag sig fran vi kan nar ar efter eller nu vid ocksa sa",
    ),
    (
        "da",
        "og i at det er en til af pa for med den de som har ikke der et han om fra men var vi sig kan ogsa efter eller nar jeg over hvor blev",
    ),
    (
        "nb",
        "og i det er en til pa for av med som at den har ikke de et han om fra men var vi seg kan ogsa etter eller nar jeg ble etter hvor skal",
    ),
    (
        "fi",
        "ja on ei se etta oli han ovat joka mutta myos kun niin kuin mita sen olla hanen ole tai jos vain mukaan siita jo ollut voi sita",
    ),
    (
        "pl",
        "w i na z nie do sie to jest ze o jak za od po przez ale co dla tym jego czy tak tego byl oraz ktore ktory bylo sa",
    ),
    (
        "cs",
        "a se v na je ze z s do to o k i za by jako pro podle po jsou ale bylo byl jeho ktery ktera uz od nebo jeste pri si",
    ),
    (
        "sk",
        "a sa v na je ze z s do to o k i za by ako pre podla po su ale bolo bol jeho ktory ktora uz od alebo este pri si",
    ),
    (
        "hu",
        "a az es hogy nem is egy van de meg ez csak volt mar mint azt ha vagy meg el ki lesz pedig kell szerint nagyon akkor",
    ),
    (
        "ro",
        "si in de la a cu pe nu din care ca sa este un o au mai pentru fost fi prin se dar al ale cele sunt lui despre dupa",
    ),
    (
        "tr",
        "ve bir bu da de icin ile olarak cok en olan daha ne gibi kadar sonra ise var ancak o her oldu oldugunu yeni iki turkiye degil",
    ),
    (
        "id",
        "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena ada oleh tersebut mereka kami bisa sudah saya telah atau",
    ),
    (
        "vi",
        "cua va la co cho trong duoc mot nhung voi khong nay cac nguoi da den de khi ve tai o nam theo cung",
    ),
    (
        "ru",
        "и в не на что с по это как а из но к у он то за его от для о же был все она так они еще или если при до бы",
    ),
    (
        "uk",
        "и в не на що з та до за у про як від а це але його був для що і є які через після який або також вона він під",
    ),
    (
        "bg",
        "и на да се за от в че е са по не с като ще до това при но или а бе си този който които може още след която",
    ),
    (
        "sr",
        "и у је да се на за од су са не о као што али би то из по који или ће које само која није",
    ),
    (
        "ar",
        "في من على الي ان عن مع التي هذا ما هذه كان الذي بعد قال لا بين او قد كما ذلك كل حيث وقد خلال هو",
    ),
    (
        "fa",
        "و در به از كه اين را با است براي آن يك خود تا شد بر هم نيز وي مي شده كرد اما ان سال ها پس",
    ),
    ("ur", "كے كي ميں نے كا ہے سے كو اور كه اس پر يه ہيں نہيں كيا بهي ايك تها گيا ان جو"),
    ("he", "של את על לא עמ זה הוא כי גמ או כל היא אבל אמ יש היה אני רק יותר אחרי ביו לפי"),
    (
        "el",
        "και το να του η της με που για την στο των οι απο τα τον σε δεν στη θα στην τους ειναι οτι",
    ),
    ("hi", "के में की है और से को का ने पर कि यह हैं नहीं एक ही भी इस था लिए"),
    (
        "ca",
        "de la el que i a les en del per un els amb una no es al mes com pel son han aquest aquesta tambe",
    ),
    (
        "hr",
        "i u je se na da za su od sa koji ne s o kao sto ali bi to iz po ili ce koje samo koja nije te",
    ),
    (
        "lt",
        "ir kad i is su buvo yra o bet ne tai kaip uz apie po nuo del jau iki tik jis metu kurie",
    ),
];

/// The languages of each frequent word, as a set of bits.
static LANGUAGES_BY_WORD: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let mut languages: HashMap<String, u32> = HashMap::new();
    for ((_, words), bit) in FREQUENT_WORDS.iter().zip(0..) {
        for word in words.split(' ') {
            *languages.entry(fold(word).trim().to_owned()).or_default() |= 1 << bit;
        }
    }
    languages
});

/// Returns the language of a [folded](super::fold()) text as an ISO 639-1 code, if it is certain.
pub fn detect_language(folded: &str) -> Option<&'static str> {
    let running = folded.split('\n').next().unwrap_or_default();
    let words = running.split(' ').filter(|word| !word.is_empty()).take(SAMPLE_WORDS);
    detect_by_script(words.clone()).or_else(|| detect_by_words(words))
}

/// Detects languages with a script of their own; kana tells Japanese from Chinese.
fn detect_by_script<'w>(words: impl Iterator<Item = &'w str>) -> Option<&'static str> {
    let (mut all, mut han, mut kana, mut thai, mut hangul) = (0_usize, 0, 0, 0, 0);
    for c in words.filter_map(|word| word.chars().next()) {
        all += 1;
        match u32::from(c) {
            0x3040..=0x30FF => kana += 1,
            0x3400..=0x4DBF | 0x4E00..=0x9FFF => han += 1,
            0x0E00..=0x0E7F => thai += 1,
            0x1100..=0x11FF | 0xAC00..=0xD7AF => hangul += 1,
            _ => {}
        }
    }
    let is_majority = |count: usize| count * 2 > all;
    match () {
        () if is_majority(thai) => Some("th"),
        () if is_majority(hangul) => Some("ko"),
        () if is_majority(han + kana) && kana * 10 > han => Some("ja"),
        () if is_majority(han) => Some("zh"),
        () => None,
    }
}

fn detect_by_words<'w>(words: impl Iterator<Item = &'w str>) -> Option<&'static str> {
    let mut counts = [0_u32; FREQUENT_WORDS.len()];
    for word in words {
        let mut bits = LANGUAGES_BY_WORD.get(word).copied().unwrap_or(0);
        while bits != 0 {
            counts[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }
    let best = (0..counts.len()).max_by_key(|at| counts[*at])?;
    let second = (0..counts.len()).filter(|at| *at != best).map(|at| counts[at]).max().unwrap_or(0);
    // Related languages share many words, so a lead of a tenth is enough.
    let certain = counts[best] >= MIN_FREQUENT_WORDS && counts[best] * 10 > second * 11;
    certain.then(|| FREQUENT_WORDS[best].0)
}

#[cfg(test)]
mod tests {
    use super::{super::fold, detect_language};

    #[test]
    fn detect_language_by_script_and_frequent_words() {
        for (text, expected) in [
            (
                "The bridge was closed for a year, and nobody knew why it had been built.",
                Some("en"),
            ),
            (
                "Die Brücke wurde für ein Jahr geschlossen, und niemand weiß, wie es dazu kam.",
                Some("de"),
            ),
            ("Le pont est fermé pour un an, et personne ne sait qui en est la cause.", Some("fr")),
            ("El puente fue cerrado por un año y nadie sabe por qué se construyó.", Some("es")),
            ("A ponte foi fechada por um ano e não se sabe quem mandou fazer isso.", Some("pt")),
            (
                "Il ponte è stato chiuso per un anno, e non si sa come sia stato costruito.",
                Some("it"),
            ),
            (
                "De brug is voor een jaar gesloten en het is niet bekend wie er over gaat.",
                Some("nl"),
            ),
            ("Мост закрыли на год, и никто не знает, для чего его построили.", Some("ru")),
            (
                "Міст закрили на рік, і ніхто не знає, для чого його було збудовано та хто це зробив.",
                Some("uk"),
            ),
            ("東京の天気は晴れです", Some("ja")),
            ("中国人民银行今天宣布", Some("zh")),
            ("한국어 뉴스 기사", Some("ko")),
            ("ข่าววันนี้", Some("th")),
            ("الحكومة في بغداد قالت ان الذي حدث بعد ذلك كان من عمل", Some("ar")),
            ("בית המשפט קבע כי הוא לא היה שם, על פי עדותו של השכן", Some("he")),
            ("Lorem 12", None),
            ("", None),
        ] {
            assert_eq!(detect_language(&fold(text)), expected, "{text}");
        }
    }
}
