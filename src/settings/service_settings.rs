//! Services to which articles are sent.

use serde::Deserialize;

/// The services. One whose settings are empty is not set up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of services")]
pub struct ServiceSettings {
    /// A wallabag server.
    pub wallabag: WallabagSettings,
    /// A linkding server.
    pub linkding: TokenServerSettings,
    /// A Readeck server.
    pub readeck: TokenServerSettings,
    /// A Karakeep server.
    pub karakeep: TokenServerSettings,
    /// Zotero on this computer.
    pub zotero: ZoteroSettings,
    /// Mail.
    pub mail: MailSettings,
    /// The bookmarks of buku.
    pub buku: BukuSettings,
    /// A list in a Markdown file.
    pub note: NoteSettings,
}

/// A server with a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with url and token")]
pub struct TokenServerSettings {
    /// Address of the server.
    pub url: String,
    /// Source of the token.
    pub token: String,
}

/// A wallabag server, with the user and the client that may ask for a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with url, user, password, client and client_secret"
)]
pub struct WallabagSettings {
    /// Address of the server.
    pub url: String,
    /// Name of the user.
    pub user: String,
    /// Source of the password.
    pub password: String,
    /// Id of the client.
    pub client: String,
    /// Source of the secret of the client.
    pub client_secret: String,
}

/// Zotero.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with url")]
pub struct ZoteroSettings {
    /// Address at which Zotero listens.
    pub url: String,
}

/// Mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with to and command")]
pub struct MailSettings {
    /// Address to which articles are sent.
    pub to: String,
    /// The program that sends a mail.
    pub command: Vec<String>,
}

/// The bookmarks of buku.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with command")]
pub struct BukuSettings {
    /// The program.
    pub command: Vec<String>,
}

/// A list in a Markdown file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with file")]
pub struct NoteSettings {
    /// Path of the file.
    pub file: String,
}
