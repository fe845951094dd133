//! The settings and their values, as they are deserialized.
//!
//! The defaults and the explanations for users are in `assets/settings.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    hook_settings::HookSettings,
    podcast_settings::PodcastSettings,
    service_settings::ServiceSettings,
    user_command::{UserCommand, deserialize_commands},
};
use crate::text::nearest_word;

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Settings {
    /// The key preset.
    pub keys: KeyPreset,
    /// The name of the theme.
    pub theme: String,
    /// Number of colours.
    pub colors: ColorDepth,
    /// Set of characters for marks and lines.
    pub glyphs: GlyphMode,
    /// The form in which the terminal expects right-to-left text.
    pub bidi: BidiSetting,
    /// Accessible mode for screen readers: one pane, words instead of marks, a steady cursor.
    pub accessible: bool,
    /// Mouse support.
    pub mouse: MouseCapture,
    /// The way in which the notifications of rules are shown.
    pub notifications: NotificationSetting,
    /// The terminal is tmux, which hands some sequences to the terminal around it only where they are
    /// wrapped; detected from the environment.
    #[serde(skip)]
    pub is_in_tmux: bool,
    /// Time to wait for the rest of an escape sequence, in milliseconds.
    pub escape_ms: u64,
    /// The web browser and its arguments; empty for `$BROWSER`, or the desktop's without it.
    pub browser: Vec<String>,
    /// Settings of the entry list.
    pub list: ListSettings,
    /// Settings of the article pane.
    pub article: ArticleSettings,
    /// Settings of refreshing.
    pub refresh: RefreshSettings,
    /// Settings of podcasts and films.
    pub podcasts: PodcastSettings,
    /// Settings of the library.
    pub library: LibrarySettings,
    /// Settings of the network.
    pub network: NetworkSettings,
    /// The address of the shared archive; empty for none.
    pub archive: String,
    /// The source of the password for the archive; empty for none.
    pub archive_password: String,
    /// Number of the articles that a library takes when it joins the archive: those that were published last.
    pub archive_newest: u32,
    /// Rules for extracting full text, one per site.
    pub sites: Vec<SiteSettings>,
    /// Services to which articles are sent.
    pub services: ServiceSettings,
    /// Programs that run when something has happened.
    pub hooks: HookSettings,
    /// The user's programs that print feed documents: the command line of each, by name.
    pub programs: BTreeMap<String, Vec<String>>,
    /// The user's programs that get the selected article, by name.
    #[serde(deserialize_with = "deserialize_commands")]
    pub commands: BTreeMap<String, UserCommand>,
}

/// Settings of the entry list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of list settings")]
pub struct ListSettings {
    /// Rows per entry.
    pub density: ListDensity,
    /// One row for an article that several feeds have brought, or one for each.
    pub copies: CopySetting,
}

/// Settings of the article pane.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of article settings")]
pub struct ArticleSettings {
    /// Maximum width of a line of text, in columns.
    pub measure: u16,
    /// Seconds after which an article in view is marked as read, at most 3,600; 0 never does.
    pub mark_read_after: u32,
    /// Mark the other articles of a story as read with the one that is opened.
    pub read_story: OnOff,
    /// Kinds of boilerplate to remove from the articles of feeds.
    pub tidy: Vec<TidyOption>,
    /// Fetch images and show them while the article fills the screen.
    pub images: OnOff,
    /// The protocol for showing images.
    pub image_protocol: ImageProtocolSetting,
    /// Send links to the terminal (OSC 8), so that it can open them itself.
    pub hyperlinks: HyperlinkMode,
    /// The pager and its arguments; empty for `$PAGER`, or `less` without it.
    pub pager: Vec<String>,
    /// The print program and its arguments; the article is its standard input.
    pub print: Vec<String>,
}

/// A rule for extracting the articles of a site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of site settings (host, keep, drop)")]
pub struct SiteSettings {
    /// The host to which the rule applies, including its subdomains.
    pub host: String,
    /// CSS selectors of the article; if empty, the article is detected automatically.
    #[serde(default)]
    pub keep: Vec<String>,
    /// CSS selectors of the elements to remove.
    #[serde(default)]
    pub drop: Vec<String>,
}

/// Settings of refreshing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of refresh settings")]
pub struct RefreshSettings {
    /// Refresh due feeds when the program starts.
    pub at_start: bool,
    /// Minutes between two refreshes of a feed, at most 10,080; 0 refreshes only on request.
    pub every: u32,
}

/// Settings of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of library settings")]
pub struct LibrarySettings {
    /// Days after which a read article moves to the trash, at most 36,500; 0 keeps all articles.
    pub keep: u32,
}

/// Settings of the network.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of network settings")]
pub struct NetworkSettings {
    /// The URL of a proxy; empty for the proxy that the environment names.
    pub proxy: String,
}

/// Describes a string that is not one of the known values of a setting.
fn unknown_value_message(text: &str, known: &[&str]) -> String {
    let quoted: Vec<String> = known.iter().map(|name| format!("\"{name}\"")).collect();
    let nearest = nearest_word(text, known.iter().copied());
    let hint = nearest.map_or_else(String::new, |known| format!("; did you mean \"{known}\"?"));
    format!("\"{text}\" is not one of {}{hint}", quoted.join(", "))
}

/// Defines enums of named values: `Variant = "name in settings files"`.
macro_rules! choices {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $variant_doc:literal])+ $variant:ident = $text:literal,)+ })+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub enum $name { $($(#[doc = $variant_doc])+ $variant,)+ }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<$name, String> {
                match text.as_str() {
                    $($text => Ok($name::$variant),)+
                    _ => Err(unknown_value_message(&text, &[$($text),+])),
                }
            }
        }

        impl $name {
            /// The names of all values in settings files.
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// Returns the name of the value in settings files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }
    )+ };
}

choices! {
    /// The key preset.
    KeyPreset {
        /// Printable keys type into the filter bar.
        Type = "type",
        /// Letters are commands; `/` opens the filter bar.
        Vim = "vim",
    }
    /// Number of colours that the terminal shows.
    ColorDepth {
        /// Detected from the environment.
        Auto = "auto",
        /// No colours: only bold, underline and reverse.
        Monochrome = "none",
        /// The 16 colours of the terminal's palette.
        Ansi16 = "16",
        /// The 256 colours of xterm.
        Ansi256 = "256",
        /// 24-bit colours.
        TrueColor = "true",
    }
    /// Set of characters for marks and lines.
    GlyphMode {
        /// Detected from the environment.
        Auto = "auto",
        /// All Unicode characters.
        Unicode = "unicode",
        /// ASCII only.
        Ascii = "ascii",
    }
    /// The form in which the terminal expects right-to-left text.
    BidiSetting {
        /// Detected from the environment.
        Auto = "auto",
        /// Visual order, cell by cell; for terminals that reorder nothing.
        Visual = "visual",
        /// Runs in visual order, their characters in logical order.
        LogicalRuns = "runs",
        /// Words in visual order, their characters in logical order.
        LogicalWords = "words",
        /// Logical order, as stored.
        Logical = "logical",
    }
    /// Mouse support.
    MouseCapture {
        /// The same as `On`.
        Auto = "auto",
        /// The program receives mouse events.
        On = "on",
        /// The terminal keeps the mouse, for selecting text.
        Off = "off",
    }
    /// The way in which notifications are shown.
    NotificationSetting {
        /// Detected from the environment.
        Auto = "auto",
        /// OSC 9, as iTerm2 understands it.
        Osc9 = "osc9",
        /// OSC 99, as kitty understands it.
        Osc99 = "osc99",
        /// OSC 777, as urxvt understands it.
        Osc777 = "osc777",
        /// The service of the desktop, in a program that was built with it.
        Desktop = "desktop",
        /// The terminal's bell.
        Bell = "bell",
        /// No notifications.
        Off = "off",
    }
    /// The protocol for showing images.
    ImageProtocolSetting {
        /// Detected from the environment.
        Auto = "auto",
        /// The kitty graphics protocol.
        Kitty = "kitty",
        /// Sixel graphics.
        Sixel = "sixel",
        /// The inline image protocol of iTerm2.
        Iterm2 = "iterm2",
        /// Half-block characters, on any terminal with colours.
        HalfBlocks = "blocks",
    }
    /// A setting with the values on and off.
    OnOff {
        /// On.
        On = "on",
        /// Off.
        Off = "off",
    }
    /// Sending links to the terminal (OSC 8).
    HyperlinkMode {
        /// On, except on terminals that would print the escape sequence.
        Auto = "auto",
        /// Links are sent.
        On = "on",
        /// Links are not sent.
        Off = "off",
    }
    /// A kind of boilerplate to remove from the articles of feeds.
    TidyOption {
        /// Rows of links for sharing the article.
        ShareLinks = "share",
        /// "Read more" links at the end.
        ReadMore = "read-more",
        /// An image that occurs a second time.
        RepeatedImage = "repeated-image",
        /// The title repeated above the text.
        RepeatedTitle = "repeated-title",
    }
    /// The rows of an article that several feeds have brought.
    CopySetting {
        /// One row, with the names of the feeds.
        Fold = "fold",
        /// A row for each feed.
        Show = "show",
    }
    /// Rows per entry in the list.
    ListDensity {
        /// One or two, depending on the height of the terminal.
        Auto = "auto",
        /// One row.
        OneLine = "one",
        /// Two rows.
        TwoLines = "two",
    }
}

impl MouseCapture {
    /// Returns whether the program receives mouse events.
    pub fn is_enabled(self) -> bool {
        self != MouseCapture::Off
    }
}
