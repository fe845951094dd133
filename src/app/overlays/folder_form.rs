//! The form in which a folder is renamed.

use super::{FormField, FormFields};
use crate::model::{Change, Feed, rename_folder};

/// The form in which a folder is renamed.
#[derive(Debug)]
pub struct FolderForm {
    /// The title of the form.
    pub title: String,
    /// The fields: the name.
    pub form: FormFields,
    before: String,
}

impl FolderForm {
    /// Creates the form for a folder.
    pub fn new(folder: &str) -> FolderForm {
        FolderForm {
            title: format!("Folder “{folder}”"),
            form: FormFields::new([(FormField::FolderName, folder.to_owned())]),
            before: folder.to_owned(),
        }
    }

    fn name(&self) -> &str {
        self.form.fields.first().map_or("", |(_, line)| line.text().trim())
    }

    /// Returns whether the name differs from that of the folder.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.name() != self.before
    }

    /// Returns the change that renames the folder; shows the mistake and returns `None` if the name is
    /// wrong.
    pub(in crate::app) fn validate(&mut self, feeds: &[Feed]) -> Option<Change> {
        match rename_folder(feeds, &self.before, self.name()) {
            Ok(change) => Some(change),
            Err(mistake) => {
                self.form.reject(0, mistake);
                None
            }
        }
    }
}
