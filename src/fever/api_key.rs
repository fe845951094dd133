//! The key by which a server knows the user.

use std::fmt;

use crate::model::ServerLogin;

/// The MD5 digest (RFC 1321) of the user name and the password. Whoever has it can do all that the
/// password allows there; it is made for each login, and is never stored or written to a log.
pub(super) struct ApiKey(String);

impl ApiKey {
    /// Computes the key of a login.
    pub(super) fn of(login: &ServerLogin) -> ApiKey {
        let text = format!("{}:{}", login.user, login.password.expose());
        ApiKey(format!("{:x}", md5::compute(text)))
    }

    /// Returns the key, as requests carry it: 32 hexadecimal digits.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StoredPassword;

    #[test]
    fn the_key_is_the_digest_of_user_and_password() {
        let login = ServerLogin {
            url: String::new(),
            user: "fv".to_owned(),
            password: StoredPassword::new("fvpass".to_owned()),
        };
        let key = ApiKey::of(&login);
        assert_eq!(key.expose(), "17ec2fcd7631240141f710fb51cdce84");
        assert_eq!(format!("{key:?}"), "ApiKey");
    }
}
