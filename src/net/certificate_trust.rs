//! The certificates that a request accepts besides those that authorities vouch for.

use std::fmt;

/// The SHA-256 fingerprint of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateFingerprint(pub(super) [u8; 32]);

/// Begins the text of a fingerprint.
const PREFIX: &str = "SHA256:";

impl CertificateFingerprint {
    /// Parses 64 hexadecimal digits, as browsers and OpenSSL show them: with or without colons between
    /// the bytes and `SHA256:` before the first.
    pub fn parse(text: &str) -> Option<CertificateFingerprint> {
        let text = text.trim();
        let has_prefix =
            text.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
        let digits = if has_prefix { &text[PREFIX.len()..] } else { text };
        let mut digits = digits.chars().filter(|c| !matches!(c, ':' | ' '));
        let mut bytes = [0; 32];
        for byte in &mut bytes {
            let high = digits.next()?.to_digit(16)?;
            let low = digits.next()?.to_digit(16)?;
            *byte = u8::try_from(high * 16 + low).ok()?;
        }
        digits.next().is_none().then_some(CertificateFingerprint(bytes))
    }
}

impl fmt::Display for CertificateFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CertificateFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The certificates that a request accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CertificateTrust {
    /// Those that authorities vouch for.
    #[default]
    Authorities,
    /// The same; the failure about another one has its fingerprint, so that the user can accept it.
    Named,
    /// This one only, whoever vouches for it: the user has accepted it.
    Accepted(CertificateFingerprint),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_is_parsed_in_every_usual_form() {
        let plain = "0123456789abcdef".repeat(4);
        let fingerprint = CertificateFingerprint::parse(&plain).unwrap();
        assert_eq!(fingerprint.to_string(), format!("SHA256:{plain}"));
        let upper = plain.to_uppercase();
        let pairs: Vec<&str> = (0..32).map(|byte| &upper[2 * byte..2 * byte + 2]).collect();
        for text in [
            fingerprint.to_string(),
            pairs.join(":"),
            format!(" sha256:{} ", pairs.join(":")),
            pairs.join(" "),
        ] {
            assert_eq!(CertificateFingerprint::parse(&text), Some(fingerprint), "{text}");
        }
        for text in ["", "SHA256:", &plain[1..], &format!("{plain}0"), &plain.replace('a', "g")] {
            assert_eq!(CertificateFingerprint::parse(text), None, "{text}");
        }
    }
}
