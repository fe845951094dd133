//! The settings and their values.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Everything the user can set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether letters filter or command.
    pub keys: KeyPreset,
    /// The name of the theme.
    pub theme: String,
    /// How many colours the terminal shows.
    pub colors: ColorDepth,
    /// Which marks and lines it shows.
    pub glyphs: GlyphMode,
    /// How the terminal wants right-to-left text.
    pub bidi: BidiSetting,
    /// One pane, words, a calm cursor.
    pub accessible: bool,
    /// Who gets the mouse.
    pub mouse: MouseCapture,
    /// Milliseconds that the rest of a key may take.
    pub escape_ms: u64,
    /// The entry list.
    pub list: ListSettings,
    /// The article.
    pub article: ArticleSettings,
    /// Refreshing feeds and folders.
    pub refresh: RefreshSettings,
    /// How the network is reached.
    pub network: NetworkSettings,
    /// Where the articles of sites are, for reading them from their pages.
    pub sites: Vec<SiteSettings>,
    /// The user's own programs that print feed documents, by name: what to start, with what arguments.
    pub programs: BTreeMap<String, Vec<String>>,
}

/// Settings of the entry list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {
    /// Rows of an entry.
    pub density: ListDensity,
}

/// Settings of the article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleSettings {
    /// Columns of a line of text.
    pub measure: u16,
    /// What is taken out of the articles of feeds.
    pub tidy: Vec<TidyOption>,
    /// Whether pictures are fetched and shown in the wide article.
    pub images: OnOff,
    /// How pictures are shown.
    pub image_protocol: ImageProtocolSetting,
    /// Whether the terminal is told of links, so that it can open them itself.
    pub hyperlinks: HyperlinkMode,
    /// The program in which an article is read outside; empty for the one that the environment names.
    pub pager: Vec<String>,
    /// The program that prints an article, and its arguments; it gets the text as its input.
    pub print: Vec<String>,
}

/// Where the articles of a site are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSettings {
    /// The host, for itself and its subdomains.
    pub host: String,
    /// CSS selectors of the article; without any, it is looked for.
    #[serde(default)]
    pub keep: Vec<String>,
    /// CSS selectors of what is not part of it.
    #[serde(default)]
    pub drop: Vec<String>,
}

/// Settings of refreshing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefreshSettings {
    /// Refresh what is due when the program starts.
    pub at_start: bool,
    /// Minutes between two refreshes of a feed; 0 refreshes on request only.
    pub every: u32,
}

/// Settings of the network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSettings {
    /// The address of a proxy; empty for the one the environment names.
    pub proxy: String,
}

macro_rules! choices {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident = $text:literal,)+ })+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        pub enum $name { $($(#[doc = $variant_doc])+ #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Its name in settings files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }
    )+ };
}

choices! {
    /// Whether letters filter or command.
    KeyPreset {
        /// Every printable key filters the list.
        Type = "type",
        /// Letters are commands, `/` filters.
        Vim = "vim",
    }
    /// How many colours the terminal shows.
    ColorDepth {
        /// As its environment says.
        Auto = "auto",
        /// None: bold, underline and reverse only.
        Monochrome = "none",
        /// The terminal's own sixteen.
        Ansi16 = "16",
        /// The 256 of xterm.
        Ansi256 = "256",
        /// All of them.
        TrueColor = "true",
    }
    /// Which marks and lines the terminal shows.
    GlyphMode {
        /// As its environment says.
        Auto = "auto",
        /// Any.
        Unicode = "unicode",
        /// ASCII only.
        Ascii = "ascii",
    }
    /// How the terminal wants right-to-left text.
    BidiSetting {
        /// As its environment says.
        Auto = "auto",
        /// Cell by cell as it is to be seen.
        Visual = "visual",
        /// Runs in their places, logical within.
        LogicalRuns = "runs",
        /// Words in their places, logical within.
        LogicalWords = "words",
        /// As it is stored.
        Logical = "logical",
    }
    /// Who gets the mouse.
    MouseCapture {
        /// The reader.
        Auto = "auto",
        /// The reader.
        On = "on",
        /// The terminal.
        Off = "off",
    }
    /// How pictures are shown.
    ImageProtocolSetting {
        /// As the environment says.
        Auto = "auto",
        /// By the terminal, as kitty does.
        Kitty = "kitty",
        /// By the terminal, in sixels.
        Sixel = "sixel",
        /// By the terminal, as iTerm2 does.
        Iterm2 = "iterm2",
        /// In half blocks.
        HalfBlocks = "blocks",
    }
    /// On or off.
    OnOff {
        /// Yes.
        On = "on",
        /// No.
        Off = "off",
    }
    /// Whether the terminal is told of links.
    HyperlinkMode {
        /// Unless it is one that shows the address as text.
        Auto = "auto",
        /// Yes.
        On = "on",
        /// No.
        Off = "off",
    }
    /// What is taken out of the articles of feeds.
    TidyOption {
        /// Rows of links that share the article elsewhere.
        ShareLinks = "share",
        /// "Read more" at the end.
        ReadMore = "read-more",
        /// A picture that is there already.
        RepeatedImage = "repeated-image",
        /// The headline above the text.
        RepeatedTitle = "repeated-title",
    }
    /// Rows of an entry in the list.
    ListDensity {
        /// By the height of the terminal.
        Auto = "auto",
        /// One.
        OneLine = "one",
        /// Two.
        TwoLines = "two",
    }
}

impl MouseCapture {
    /// Whether the reader gets the mouse.
    pub fn is_enabled(self) -> bool {
        self != MouseCapture::Off
    }
}
