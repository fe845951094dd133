//! Passwords that the library stores.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A password that was part of the address of a feed. It is stored with the subscription, and never
/// shown, logged or exported without being asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredPassword(String);

impl StoredPassword {
    /// Takes a password that is to be stored.
    pub fn new(password: String) -> StoredPassword {
        StoredPassword(password)
    }

    /// Returns the password, to send it to its server.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPassword")
    }
}

/// The choice between an export with the stored passwords of feeds and one without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordExport {
    /// The passwords are left out.
    LeaveOut,
    /// The passwords are part of it.
    Include,
}
