//! How a site was built, told beside it: what is added later is built the same way.
//!
//! What was left out, blacked out or masked is not told, only that something was: the list would tell the rest.

use std::path::Path;

use anyhow::{Context, Result, bail};
use maildex_build::build::{Attachments, BuildOptions};
use serde::{Deserialize, Serialize};

use crate::about::ABOUT;
use crate::plain;

/// The options of a build that decide what is in a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Made {
    html: bool,
    /// `keep`, `index` or `drop`.
    attachments: String,
    /// The words in attached documents are searched.
    documents: bool,
    originals: bool,
    bcc: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    crawlable: bool,
    feed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Something was left out, blacked out or masked.
    less: bool,
}

const ATTACHMENTS: [(&str, Attachments); 3] =
    [("keep", Attachments::Keep), ("index", Attachments::Index), ("drop", Attachments::Drop)];

impl Made {
    /// What a build is asked for.
    pub(crate) fn of(options: &BuildOptions, plain: &plain::Options) -> Made {
        let attachments = ATTACHMENTS.iter().find(|(_, own)| *own == options.attachments);
        Made {
            html: options.html,
            attachments: attachments.map_or("", |(name, _)| name).to_owned(),
            documents: options.reader.is_some(),
            originals: options.originals,
            bcc: options.keep_bcc,
            zone: options.zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned),
            crawlable: plain.pages,
            feed: plain.feed,
            url: plain.url.clone(),
            less: !options.exclude.is_empty() || options.redact.is_some() || options.masks.is_some(),
        }
    }

    /// What the site in a folder was built with; fails where it does not tell, or where nothing may be added.
    pub(crate) fn read(site: &Path) -> Result<Made> {
        let name = site.display();
        let text = std::fs::read_to_string(site.join(ABOUT)).unwrap_or_default();
        let about: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let made = about.get("made").and_then(|made| Made::deserialize(made).ok());
        let made = made.with_context(|| {
            format!("{name}/{ABOUT} does not tell how the site was built; build it anew, from all inputs")
        })?;
        if made.less {
            bail!(
                "cannot build upon {name}: it was built with --exclude, --redact or --mask-addresses, which look at all of its mail; build it anew, from all inputs"
            );
        }
        Ok(made)
    }

    /// Options that build in the same way; fails where they cannot be read.
    pub(crate) fn options(&self) -> Result<BuildOptions> {
        let attachments = ATTACHMENTS.iter().find(|(name, _)| *name == self.attachments);
        let (_, attachments) = attachments.context("expected keep, index or drop for attachments")?;
        let zone = self.zone.as_deref().map(jiff::tz::TimeZone::get).transpose();
        let reader = self.documents.then(std::env::current_exe).transpose();
        Ok(BuildOptions {
            html: self.html,
            attachments: *attachments,
            reader: reader.context("cannot find this program itself")?,
            originals: self.originals,
            keep_bcc: self.bcc,
            zone: zone.context("the site's time zone is not known here")?,
            ..BuildOptions::default()
        })
    }

    /// What is written beside the searchable page.
    pub(crate) fn plain(&self) -> plain::Options {
        plain::Options { pages: self.crawlable, feed: self.feed, url: self.url.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_site_tells_builds_the_same() {
        let options = BuildOptions {
            html: false,
            attachments: Attachments::Keep,
            originals: true,
            zone: jiff::tz::TimeZone::get("Asia/Tokyo").ok(),
            ..BuildOptions::default()
        };
        let plain = plain::Options { pages: true, feed: false, url: Some("https://a.example/".to_owned()) };
        let made = Made::of(&options, &plain);
        let again: Made = serde_json::from_str(&serde_json::to_string(&made).unwrap()).unwrap();
        assert_eq!(again, made);
        assert_eq!(Made::of(&again.options().unwrap(), &again.plain()), made);
    }

    #[test]
    fn what_was_left_out_is_not_told() {
        let options = BuildOptions { exclude: vec!["label:Secret".to_owned()], ..BuildOptions::default() };
        let json = serde_json::to_string(&Made::of(&options, &plain::Options::default())).unwrap();
        assert!(json.contains("\"less\":true") && !json.contains("Secret"), "{json}");
    }
}
