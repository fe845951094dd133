//! The form in which an account is added or edited. Its server is asked before anything is stored.

use super::{AccountField, AccountTable, FormField, FormFields, account_field::kind_of_protocol};
use crate::{
    app::TextInput,
    model::{
        Account, AccountDraft, AccountId, AccountRefusal, AccountRemedy, DraftPassword,
        StoredPassword,
    },
    text::{capitalize, redact_user_info},
};

/// Rows below the fields: a refusal names what was tried.
const FOOT_ROWS: u16 = 5;

/// Rows below the fields for a fingerprint, which has to be seen whole.
const CERTIFICATE_ROWS: u16 = 7;

/// The form in which an account is added or edited.
#[derive(Debug)]
pub struct AccountForm {
    /// The title of the form.
    pub title: String,
    /// The fields.
    pub form: FormFields,
    /// The account before the edit; `None` for one that is added.
    before: Option<Account>,
    /// The account that the server is being asked about, or that is being saved.
    pending: Option<AccountDraft>,
    /// The fingerprint of the certificate that was refused.
    refused_certificate: Option<String>,
    /// The table that the form was opened from.
    table: Option<AccountTable>,
}

impl AccountForm {
    /// Creates the form for a new account.
    pub(in crate::app) fn for_new(table: Option<AccountTable>) -> AccountForm {
        AccountForm::new("Add account".to_owned(), None, table)
    }

    /// Creates the form for an account.
    pub(in crate::app) fn for_account(
        account: &Account,
        table: Option<AccountTable>,
    ) -> AccountForm {
        AccountForm::new(format!("Account “{}”", account.name), Some(account.clone()), table)
    }

    fn new(title: String, before: Option<Account>, table: Option<AccountTable>) -> AccountForm {
        let has_certificate =
            before.as_ref().is_some_and(|account| account.login.certificate.is_some());
        let fields = AccountField::FIRST
            .into_iter()
            .chain(has_certificate.then_some(AccountField::Certificate))
            .map(|field| (FormField::Account(field), field.text_of(before.as_ref())));
        AccountForm {
            title,
            form: FormFields::new(fields).with_foot_rows(FOOT_ROWS, 1),
            before,
            pending: None,
            refused_certificate: None,
            table,
        }
    }

    /// Returns whether a field differs from the account that the form began with.
    pub(in crate::app) fn is_changed(&self) -> bool {
        let is_edited = |(field, line): &(FormField, TextInput)| match field {
            FormField::Account(field) => line.text() != field.text_of(self.before.as_ref()),
            _ => false,
        };
        self.form.fields.iter().any(is_edited)
    }

    /// Returns whether there is nothing to ask and nothing to store.
    pub(in crate::app) fn is_settled(&self) -> bool {
        let is_refused = |account: &Account| account.sync_state.is_refused();
        self.before.as_ref().is_some_and(|before| !is_refused(before)) && !self.is_changed()
    }

    /// Edits the focused line, unless the server is being asked about what is there. What was agreed to
    /// for one server does not hold for another.
    pub(in crate::app) fn edit_input(&mut self, edit: impl FnOnce(&mut TextInput)) {
        if self.pending.is_some() || self.form.is_choice_focused() {
            return;
        }
        edit(self.form.focused_input());
        self.form.error = None;
        if self.form.fields[self.form.focused_index].0 == FormField::Account(AccountField::Server) {
            self.refused_certificate = None;
            let is_consent = |field: &FormField| matches!(field, FormField::Account(field) if field.is_consent());
            self.form.fields.retain(|(field, _)| !is_consent(field));
        }
    }

    /// Changes the focused choice, unless the server is being asked.
    pub(in crate::app) fn choose_next(&mut self) {
        if self.pending.is_none() {
            self.form.choose_next();
        }
    }

    fn position(&self, field: AccountField) -> Option<usize> {
        self.form.fields.iter().position(|(known, _)| *known == FormField::Account(field))
    }

    fn text(&self, field: AccountField) -> &str {
        self.position(field).map_or("", |index| self.form.fields[index].1.text().trim())
    }

    /// Begins to ask the server about the account as it is typed, and returns it; shows the mistake and
    /// returns `None` if a field is wrong. Does nothing while the server is being asked.
    pub(in crate::app) fn start_check(&mut self) -> Option<AccountDraft> {
        if self.pending.is_some() {
            return None;
        }
        let Some(password) = self.password() else {
            let index = self.position(AccountField::Source).unwrap_or_default();
            self.form.reject(index, "Give the password or its source, not both".to_owned());
            return None;
        };
        let accepts = self.text(AccountField::AcceptCertificate) == "yes";
        let known = Some(self.text(AccountField::Certificate)).filter(|text| !text.is_empty());
        let refused = self.refused_certificate.as_deref().filter(|_| accepts);
        let draft = AccountDraft {
            server: self.text(AccountField::Server).to_owned(),
            kind: kind_of_protocol(self.text(AccountField::Protocol)),
            user: self.text(AccountField::User).to_owned(),
            password,
            name: self.text(AccountField::Name).to_owned(),
            certificate: refused.or(known).map(str::to_owned),
            allows_plain_http: self.text(AccountField::SendUnencrypted) == "yes",
            before: self.before.clone(),
        };
        self.form.error = None;
        self.pending = Some(draft.clone());
        Some(draft)
    }

    /// Returns the password as it is typed; `None` if there are two of them.
    fn password(&self) -> Option<DraftPassword> {
        // Blanks may be part of a password.
        let typed = self.position(AccountField::Password);
        let typed = typed.map_or("", |index| self.form.fields[index].1.text());
        let source = self.text(AccountField::Source);
        let is_source_new = source != AccountField::Source.text_of(self.before.as_ref());
        match (typed.is_empty(), source.is_empty() || !is_source_new) {
            (false, true) => Some(DraftPassword::Typed(StoredPassword::new(typed.to_owned()))),
            (false, false) => None,
            (true, false) => Some(DraftPassword::Source(source.to_owned())),
            (true, true) if self.before.is_some() => Some(DraftPassword::AsBefore),
            (true, true) => Some(DraftPassword::Typed(StoredPassword::new(String::new()))),
        }
    }

    /// Returns whether the form waits for the outcome of this account.
    pub(in crate::app) fn waits_for(&self, draft: &AccountDraft) -> bool {
        self.pending.as_ref() == Some(draft)
    }

    /// Returns whether the server is being asked, or the account is being saved.
    pub fn is_waiting(&self) -> bool {
        self.pending.is_some()
    }

    /// Returns what the form waits for, in words.
    pub fn waiting_text(&self) -> Option<String> {
        let draft = self.pending.as_ref()?;
        Some(format!("Asking {}…", redact_user_info(&draft.server)))
    }

    /// Shows why the account was refused; what was typed stays to be corrected. What the user can agree to
    /// becomes a field.
    pub(in crate::app) fn refuse(&mut self, refusal: AccountRefusal) {
        self.pending = None;
        let AccountRefusal { problem, remedy } = refusal;
        let field = match remedy {
            AccountRemedy::Correct(part) => Some(AccountField::of_part(part)),
            AccountRemedy::AcceptCertificate(fingerprint) => {
                self.form.set_foot_rows(CERTIFICATE_ROWS);
                self.refused_certificate = Some(fingerprint);
                Some(self.offer(AccountField::AcceptCertificate))
            }
            AccountRemedy::SendUnencrypted => Some(self.offer(AccountField::SendUnencrypted)),
            AccountRemedy::SeeProblem => None,
        };
        let position = field.and_then(|field| self.position(field));
        self.form.reject(position.unwrap_or(self.form.focused_index), capitalize(&problem));
    }

    /// Adds a choice that the user has not made yet.
    fn offer(&mut self, field: AccountField) -> AccountField {
        let mut line = TextInput::default();
        line.set_text("no");
        match self.position(field) {
            Some(index) => self.form.fields[index].1 = line,
            None => self.form.fields.push((FormField::Account(field), line)),
        }
        field
    }

    /// Returns the table that the form was opened from, with an account selected.
    pub(in crate::app) fn take_table(
        &mut self,
        selected: Option<AccountId>,
    ) -> Option<AccountTable> {
        let mut table = self.table.take()?;
        if let Some(account) = selected {
            table.select(account);
        }
        Some(table)
    }
}
