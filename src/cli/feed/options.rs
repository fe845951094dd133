//! How a feed is followed, as options of the command line.

use anyhow::bail;
use clap::Args as ClapArgs;

use crate::model::Subscription;

/// How a feed is followed. What is not named stays as it is; an empty text takes away.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Options {
    /// Your own name for it.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The folder it is in; `A / B` is a folder in a folder.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<String>,

    /// Words of your own for it, parted by commas.
    #[arg(long, value_name = "TAGS")]
    pub tags: Option<String>,

    /// Time between two refreshes: 30m, 6h, 2d, or `default`.
    #[arg(long, value_name = "TIME")]
    pub every: Option<String>,

    /// Do not refresh it (`--paused false` takes that back).
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub paused: Option<bool>,

    /// Let its articles come in read.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub muted: Option<bool>,

    /// What to call ourselves there.
    #[arg(long, value_name = "TEXT")]
    pub user_agent: Option<String>,

    /// One more header for it, `Name: value`; can be given several times.
    #[arg(long = "header", value_name = "HEADER")]
    pub headers: Vec<String>,

    /// The user name it asks for.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,

    /// Where the password is: `env:NAME`, or `file:PATH` of a file that only you can read.
    #[arg(long, value_name = "PLACE")]
    pub password: Option<String>,

    /// The largest document to read, in MiB [default: 16].
    #[arg(long, value_name = "N")]
    pub max_mib: Option<u32>,
}

impl Options {
    /// `subscription` with what these options change in it.
    pub fn over(&self, mut subscription: Subscription) -> anyhow::Result<Subscription> {
        set(&mut subscription.name, self.name.as_deref());
        set(&mut subscription.folder, self.folder.as_deref());
        if let Some(tags) = &self.tags {
            let tags = tags.split(',').map(|tag| tag.split_whitespace().collect::<Vec<_>>().join(" "));
            subscription.tags = tags.filter(|tag| !tag.is_empty()).collect();
        }
        if let Some(every) = &self.every {
            subscription.every = minutes(every)?;
        }
        subscription.paused = self.paused.unwrap_or(subscription.paused);
        subscription.muted = self.muted.unwrap_or(subscription.muted);
        let fetch = &mut subscription.fetch;
        set(&mut fetch.user_agent, self.user_agent.as_deref());
        set(&mut fetch.user, self.user.as_deref());
        set(&mut fetch.password, self.password.as_deref());
        fetch.max_mib = self.max_mib.or(fetch.max_mib);
        if let Some(wrong) = self.headers.iter().find(|header| !header.is_empty() && !header.contains(':')) {
            bail!("“{wrong}” is no header; write it as “Name: value”");
        }
        if !self.headers.is_empty() {
            fetch.headers = self.headers.iter().filter(|header| !header.is_empty()).cloned().collect();
        }
        Ok(subscription)
    }
}

fn set(value: &mut Option<String>, given: Option<&str>) {
    if let Some(given) = given {
        *value = Some(given.trim().to_owned()).filter(|given| !given.is_empty());
    }
}

/// Minutes in `30m`, `6h`, `2d`; `None` for the default of the settings.
pub fn minutes(text: &str) -> anyhow::Result<Option<u32>> {
    let text = text.trim();
    if text.is_empty() || text == "default" {
        return Ok(None);
    }
    let (number, factor) = match text.strip_suffix(['m', 'h', 'd']) {
        Some(number) if text.ends_with('h') => (number, 60),
        Some(number) if text.ends_with('d') => (number, 24 * 60),
        Some(number) => (number, 1),
        None => (text, 1),
    };
    match number.trim().parse::<u32>().ok().and_then(|number| number.checked_mul(factor)) {
        Some(minutes) if minutes > 0 => Ok(Some(minutes)),
        _ => bail!("“{text}” is no time; write 30m, 6h or 2d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in
            [("30m", Some(30)), ("6h", Some(360)), ("2d", Some(2880)), ("45", Some(45)), ("default", None)]
        {
            assert_eq!(minutes(text).unwrap(), expected, "{text}");
        }
        for text in ["soon", "0", "-1h", "99999999999d"] {
            assert!(minutes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_what_is_named_changes() {
        let before = Subscription { folder: Some("Tech".to_owned()), muted: true, ..Subscription::default() };
        let options = Options {
            name: Some("LWN".to_owned()),
            tags: Some("linux, kernel ,".to_owned()),
            ..Options::default()
        };
        let after = options.over(before.clone()).unwrap();
        assert_eq!((after.name.as_deref(), after.folder.as_deref()), (Some("LWN"), Some("Tech")));
        assert_eq!((after.tags, after.muted), (vec!["linux".to_owned(), "kernel".to_owned()], true));
        let none = Options { folder: Some(String::new()), ..Options::default() };
        assert_eq!(none.over(before).unwrap().folder, None);
    }
}
