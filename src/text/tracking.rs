//! Parameters of URLs that tell a site where its reader comes from, and do not change the page.

/// Names of parameters that the identity of stored entries leaves out. Never changed: guids and link
/// keys were made with them.
const IDENTITY_NAMES: [&str; 10] = [
    "fbclid",
    "gclid",
    "mc_cid",
    "mc_eid",
    "ref",
    "source",
    "src",
    "cmpid",
    "sessionid",
    "phpsessid",
];

/// Beginnings of names of parameters that the identity of stored entries leaves out.
const IDENTITY_PREFIXES: [&str; 2] = ["utm_", "at_"];

/// More names that matter only where URLs of different feeds are compared.
const OTHER_NAMES: [&str; 25] = [
    "__twitter_impression",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "cmp",
    "dclid",
    "gbraid",
    "igsh",
    "igshid",
    "li_fat_id",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "s_cid",
    "smid",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "xtor",
    "yclid",
];

/// More beginnings of such names.
const OTHER_PREFIXES: [&str; 4] = ["hsa_", "mtm_", "piwik_", "pk_"];

/// Returns whether a parameter, as `name=value`, is left out of the identity of an entry in its feed.
pub fn is_tracking_parameter(pair: &str) -> bool {
    is_listed(&parameter_name(pair), &IDENTITY_NAMES, &IDENTITY_PREFIXES)
}

/// Returns whether a parameter, as `name=value`, is any that is known to be for tracking.
pub(super) fn is_any_tracking_parameter(pair: &str) -> bool {
    let name = parameter_name(pair);
    is_listed(&name, &IDENTITY_NAMES, &IDENTITY_PREFIXES)
        || is_listed(&name, &OTHER_NAMES, &OTHER_PREFIXES)
}

fn parameter_name(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().to_ascii_lowercase()
}

fn is_listed(name: &str, names: &[&str], prefixes: &[&str]) -> bool {
    names.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix))
}
