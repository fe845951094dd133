//! The settings and their values.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Everything the user can set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether letters filter or command.
    pub keys: Preset,
    /// The name of the theme.
    pub theme: String,
    /// How many colours the terminal shows.
    pub colors: Colors,
    /// Which marks and lines it shows.
    pub glyphs: Glyphs,
    /// How the terminal wants right-to-left text.
    pub bidi: Bidi,
    /// One pane, words, a calm cursor.
    pub accessible: bool,
    /// Who gets the mouse.
    pub mouse: Mouse,
    /// Milliseconds that the rest of a key may take.
    pub escape_ms: u64,
    /// The entry list.
    pub list: List,
    /// The article.
    pub article: Article,
    /// Refreshing feeds and folders.
    pub refresh: Refresh,
    /// How the network is reached.
    pub network: Network,
    /// Where the articles of sites are, for reading them from their pages.
    pub sites: Vec<Site>,
    /// The user's own programs that print feed documents, by name: what to start, with what arguments.
    pub programs: BTreeMap<String, Vec<String>>,
}

/// Settings of the entry list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Rows of an entry.
    pub density: Density,
}

/// Settings of the article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Columns of a line of text.
    pub measure: u16,
    /// What is taken out of the articles of feeds.
    pub tidy: Vec<Tidy>,
    /// Whether pictures are fetched and shown in the wide article.
    pub images: Switch,
    /// How pictures are shown.
    pub image_protocol: ImageProtocol,
    /// Whether the terminal is told of links, so that it can open them itself.
    pub hyperlinks: Hyperlinks,
    /// The program in which an article is read outside; empty for the one that the environment names.
    pub pager: Vec<String>,
    /// The program that prints an article, and its arguments; it gets the text as its input.
    pub print: Vec<String>,
}

/// Where the articles of a site are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
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
pub struct Refresh {
    /// Refresh what is due when the program starts.
    pub at_start: bool,
    /// Minutes between two refreshes of a feed; 0 refreshes on request only.
    pub every: u32,
}

/// Settings of the network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
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
    Preset {
        /// Every printable key filters the list.
        Type = "type",
        /// Letters are commands, `/` filters.
        Vim = "vim",
    }
    /// How many colours the terminal shows.
    Colors {
        /// As its environment says.
        Auto = "auto",
        /// None: bold, underline and reverse only.
        None = "none",
        /// The terminal's own sixteen.
        Sixteen = "16",
        /// The 256 of xterm.
        Many = "256",
        /// All of them.
        True = "true",
    }
    /// Which marks and lines the terminal shows.
    Glyphs {
        /// As its environment says.
        Auto = "auto",
        /// Any.
        Unicode = "unicode",
        /// ASCII only.
        Ascii = "ascii",
    }
    /// How the terminal wants right-to-left text.
    Bidi {
        /// As its environment says.
        Auto = "auto",
        /// Cell by cell as it is to be seen.
        Visual = "visual",
        /// Runs in their places, logical within.
        Runs = "runs",
        /// Words in their places, logical within.
        Words = "words",
        /// As it is stored.
        Logical = "logical",
    }
    /// Who gets the mouse.
    Mouse {
        /// The reader.
        Auto = "auto",
        /// The reader.
        On = "on",
        /// The terminal.
        Off = "off",
    }
    /// How pictures are shown.
    ImageProtocol {
        /// As the environment says.
        Auto = "auto",
        /// By the terminal, as kitty does.
        Kitty = "kitty",
        /// By the terminal, in sixels.
        Sixel = "sixel",
        /// By the terminal, as iTerm2 does.
        Iterm2 = "iterm2",
        /// In half blocks.
        Blocks = "blocks",
    }
    /// On or off.
    Switch {
        /// Yes.
        On = "on",
        /// No.
        Off = "off",
    }
    /// Whether the terminal is told of links.
    Hyperlinks {
        /// Unless it is one that shows the address as text.
        Auto = "auto",
        /// Yes.
        On = "on",
        /// No.
        Off = "off",
    }
    /// What is taken out of the articles of feeds.
    Tidy {
        /// Rows of links that share the article elsewhere.
        Share = "share",
        /// "Read more" at the end.
        ReadMore = "read-more",
        /// A picture that is there already.
        RepeatedImage = "repeated-image",
        /// The headline above the text.
        RepeatedTitle = "repeated-title",
    }
    /// Rows of an entry in the list.
    Density {
        /// By the height of the terminal.
        Auto = "auto",
        /// One.
        One = "one",
        /// Two.
        Two = "two",
    }
}

impl Mouse {
    /// Whether the reader gets the mouse.
    pub fn is_on(self) -> bool {
        self != Mouse::Off
    }
}
