//! The writes of accounts: the library and the files with passwords change together.

use super::writer::WriterThread;
use crate::{
    app::{ChangeAction, Message},
    library::{clock::utc_now, delete_account, describe_removal, hide_samples, save_account},
    model::{Account, AccountDraft, AccountRemoval, Actor, CheckedAccount, Failure, FailureKind},
    store::StoreError,
};

impl WriterThread {
    /// Stores an account, and hides the samples.
    pub(super) fn save_account(
        &mut self,
        draft: &AccountDraft,
        checked: &CheckedAccount,
    ) -> Result<(), StoreError> {
        let ports = &mut self.ports;
        let saved = save_account(&mut ports.store, &ports.location, checked)?;
        if saved.is_ok() {
            let hidden = hide_samples(&mut ports.store, (&Actor::User, utc_now()))?;
            if hidden.is_some() {
                self.publish_change(ChangeAction::Applied, hidden);
            }
            self.notifier.notify();
        }
        let (draft, checked) = (Box::new(draft.clone()), Box::new(checked.clone()));
        self.send_message(Message::AccountSaved(draft, checked, saved));
        Ok(())
    }

    /// Removes an account, and says what became of its feeds.
    pub(super) fn remove_account(
        &mut self,
        account: &Account,
        removal: AccountRemoval,
    ) -> Result<(), StoreError> {
        let ports = &mut self.ports;
        let (released, forgotten) =
            delete_account(&mut ports.store, &ports.location, account, removal, utc_now())?;
        self.notifier.notify();
        let fate = describe_removal(removal, released);
        self.send_message(Message::Notified(format!("Removed {}{fate}", account.name)));
        if let Err(error) = forgotten {
            let sentence = format!("{}: {error}", account.name);
            let failure = Failure::new(FailureKind::File, sentence);
            self.send_message(Message::OperationFailed(failure));
        }
        Ok(())
    }
}
