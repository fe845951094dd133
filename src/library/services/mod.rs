//! Services to which articles are sent: servers that keep pages, a reference manager, mail, a note.
//!
//! A request to a server has a [shape](request_shape); this module sends it. Start with
//! [`ServiceSender::send`].

mod message;
mod request_shape;
mod sent_article;

use std::{fs, io::Write};

use self::{
    message::{format_mail, format_note, mail_draft_url},
    request_shape::{PageServer, karakeep_tags, parse_access_token, token_form},
    sent_article::SentArticle,
};
use super::{
    article_programs::run_program, password_source::make_source_absolute,
    readable::ReadableArticle, sync::read_account_password, user_files::expand_user_path,
};
use crate::{
    markup::ExportFormat,
    model::{Failure, FailureKind, PasswordSource, io_error_reason},
    net::{Fetch, FetchRequest, FetchResponse, FormBody},
    remote::{check_response, exchange},
    store::LibraryLocation,
    text::{fill_slots, url},
};

/// The names of the services, as in the settings.
pub const SERVICE_NAMES: [&str; 8] =
    ["wallabag", "linkding", "readeck", "karakeep", "zotero", "mail", "buku", "note"];

/// The slot in the command of mail for a draft as a `mailto:` URL.
const DRAFT_SLOT: &str = "{mailto}";

/// A service as the user has set it up; what it does not need is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceAccess {
    /// Address of the server.
    pub url: String,
    /// Source of the token, of the password for wallabag: `env:NAME`, `command:COMMAND` or `file:PATH`.
    pub secret: String,
    /// Name of the user, for wallabag.
    pub user: String,
    /// Id of the client, for wallabag.
    pub client: String,
    /// Source of the secret of the client, for wallabag.
    pub client_secret: String,
    /// Address that mails go to.
    pub to: String,
    /// The program of mail and buku, with arguments.
    pub command: Vec<String>,
    /// File of the note.
    pub file: String,
}

/// Sends articles to one service.
pub struct ServiceSender<'a> {
    name: &'a str,
    access: &'a ServiceAccess,
    http: &'a dyn Fetch,
    location: &'a LibraryLocation,
    variables: &'a [(String, String)],
    /// The token of the server, once it is known.
    token: Option<String>,
}

impl<'a> ServiceSender<'a> {
    /// Creates a sender for the service `name`. `variables` are those of the environment.
    pub fn new(
        (name, access): (&'a str, &'a ServiceAccess),
        http: &'a dyn Fetch,
        location: &'a LibraryLocation,
        variables: &'a [(String, String)],
    ) -> ServiceSender<'a> {
        ServiceSender { name, access, http, location, variables, token: None }
    }

    /// Sends an article.
    ///
    /// # Errors
    ///
    /// Fails if the service is not set up, does not accept the article, or needs a URL that the article
    /// does not have.
    pub fn send(&mut self, article: &ReadableArticle<'_>) -> Result<(), Failure> {
        let sent = SentArticle::new(article);
        let name = self.name;
        self.send_article(&sent, article).map_err(|reason| {
            let sentence = format!("Cannot send “{}” to {name}: {reason}", sent.title);
            Failure::new(FailureKind::Desktop, sentence)
        })
    }

    fn send_article(
        &mut self,
        sent: &SentArticle<'_>,
        article: &ReadableArticle<'_>,
    ) -> Result<(), String> {
        if let Some(kind) = PageServer::from_name(self.name) {
            return self.send_to_server(kind, sent);
        }
        match self.name {
            "mail" => self.send_by_mail(sent, article),
            "buku" => run_program(&buku_argv(&self.access.command, sent)?, ""),
            "note" => append_note(self.required(&self.access.file, "file")?, &format_note(sent)),
            name => Err(format!("there is no service “{name}”")),
        }
    }

    /// Sends an article as a mail, or opens a draft of one in the program whose arguments have the slot.
    fn send_by_mail(
        &self,
        sent: &SentArticle<'_>,
        article: &ReadableArticle<'_>,
    ) -> Result<(), String> {
        let text = article.document.clone().export(&article.header, ExportFormat::PlainText);
        let ServiceAccess { to, command, .. } = self.access;
        if command.iter().any(|argument| argument.contains(DRAFT_SLOT)) {
            let draft = mail_draft_url(to, sent, &text);
            return run_program(&fill_slots(command, &[(DRAFT_SLOT, &draft)]), "");
        }
        let to = self.required(to, "to")?;
        run_program(command, &format_mail(to, &sent.title, &text))
    }

    /// Sends the URL of an article to a server.
    fn send_to_server(&mut self, kind: PageServer, sent: &SentArticle<'_>) -> Result<(), String> {
        let page = sent.url.as_deref().ok_or("it has no URL")?;
        let token = self.token_for(kind)?;
        let body = FormBody::json(&kind.body(page, sent));
        let headers = kind.headers(token.as_deref());
        let response = self.post(kind.path(), body, headers.clone())?;
        if kind != PageServer::Karakeep || sent.tags.is_empty() {
            return Ok(());
        }
        let tagging = karakeep_tags(&response.body, &sent.tags);
        let tagged = tagging
            .ok_or_else(|| "the server did not name the bookmark".to_owned())
            .and_then(|(path, tags)| self.post(&path, FormBody::json(&tags), headers));
        tagged.map(drop).map_err(|reason| format!("it is kept there without its tags: {reason}"))
    }

    /// Returns the token of a server, which is asked for it only once.
    fn token_for(&mut self, kind: PageServer) -> Result<Option<String>, String> {
        if self.token.is_none() {
            self.token = match kind {
                PageServer::Zotero => None,
                PageServer::Wallabag => Some(self.log_in_to_wallabag()?),
                _ => Some(self.read_secret(&self.access.secret, "token")?),
            };
        }
        Ok(self.token.clone())
    }

    /// Returns an access token of wallabag, for the user and the client (RFC 6749 §4.3).
    fn log_in_to_wallabag(&self) -> Result<String, String> {
        let ServiceAccess { user, client, secret, client_secret, .. } = self.access;
        let password = self.read_secret(secret, "password")?;
        let client_secret = self.read_secret(client_secret, "client_secret")?;
        let login = (self.required(user, "user")?, password.as_str());
        let form = token_form(login, (self.required(client, "client")?, &client_secret));
        let response = self.post("/oauth/v2/token", form, Vec::new())?;
        parse_access_token(&response.body).ok_or_else(|| "the server gave no token".to_owned())
    }

    fn read_secret(&self, source: &str, setting: &str) -> Result<String, String> {
        let source = make_source_absolute(self.required(source, setting)?);
        let source = PasswordSource::parse(&source).ok_or_else(|| {
            format!("`{setting}` must be written env:NAME, command:COMMAND or file:PATH")
        })?;
        let secret = read_account_password(self.location, self.name, &source, self.variables);
        secret.map(|secret| secret.expose().to_owned()).map_err(|error| error.to_string())
    }

    /// Returns a setting that must not be empty.
    fn required<'s>(&self, value: &'s str, setting: &str) -> Result<&'s str, String> {
        match value.trim() {
            "" => Err(format!("the setting `services.{}.{setting}` is empty", self.name)),
            value => Ok(value),
        }
    }

    /// Sends a request to the server. Its URL is the user's own, so that it may be in a private network.
    fn post(
        &self,
        path: &str,
        form: FormBody,
        headers: Vec<(String, String)>,
    ) -> Result<FetchResponse, String> {
        let server = self.required(&self.access.url, "url")?.trim_end_matches('/');
        let address = format!("{server}{path}");
        if url::parse_web_url(&address).is_none() {
            return Err(format!("“{server}” is not the address of a server"));
        }
        let host = url::host(&address).to_owned();
        let request =
            FetchRequest { form: Some(form), headers, ..FetchRequest::user_supplied(address) };
        let response = exchange(self.http, &request).map_err(|error| error.to_string())?;
        check_response(host, "keep a page", response).map_err(|error| error.to_string())
    }
}

fn buku_argv(command: &[String], sent: &SentArticle<'_>) -> Result<Vec<String>, String> {
    let url = sent.url.clone().ok_or("it has no URL")?;
    let mut argv = command.to_vec();
    argv.extend(["--nostdin".to_owned(), "--add".to_owned(), url]);
    if !sent.tags.is_empty() {
        argv.push(sent.tags.join(","));
    }
    argv.push(format!("--title={}", sent.title));
    Ok(argv)
}

/// Appends a line to a file, which need not exist.
fn append_note(path: &str, line: &str) -> Result<(), String> {
    let path = expand_user_path(path)?;
    let opened = fs::OpenOptions::new().append(true).create(true).open(&path);
    let written = opened.and_then(|mut file| file.write_all(line.as_bytes()));
    written.map_err(|error| format!("cannot write {}: {}", path.display(), io_error_reason(&error)))
}
