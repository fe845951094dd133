//! Commands on the article: its links, and ways to take it along.

use super::{App, Delivery, Effect, Effects, Pane, PathFor, TerminalRequest};
use crate::{markup::Target, model::Entry};

impl App {
    pub(super) fn open_in_browser(&mut self) -> Effects {
        match self.entries.selected().and_then(|entry| entry.link.clone()) {
            Some(link) => Effect::Open(link).into(),
            None => self.say("This article has no address."),
        }
    }

    pub(super) fn copy_link(&mut self) -> Effects {
        match self.entries.selected().and_then(|entry| entry.link.clone()) {
            Some(link) => {
                self.notices.say(format!("Copied {link}"), self.moment.at);
                TerminalRequest::Copy(link).into()
            }
            None => self.say("This article has no address."),
        }
    }

    pub(super) fn open_link(&mut self, number: usize) -> Effects {
        let link = self.reader.shown().and_then(|shown| shown.links().get(number - 1));
        match link {
            Some(link) => Effect::Open(link.url.clone()).into(),
            None => self.say(format!("This article has no link {number}.")),
        }
    }

    pub(super) fn jump_back(&mut self) -> Effects {
        if self.reader.jump_back() { Effects::none() } else { self.say("There was no jump in this article.") }
    }

    /// Scrolls code to the side; to the left of its beginning is the way back.
    pub(super) fn sideways(&mut self, step: i32) -> Effects {
        if self.reader.scroll_sideways(step) || step > 0 { Effects::none() } else { self.back() }
    }

    pub(super) fn toggle_ruler(&mut self) -> Effects {
        let on = self.reader.toggle_ruler();
        self.say(if on { "Reading ruler: ↑ ↓ move it." } else { "The reading ruler is gone." })
    }

    pub(super) fn copy_article(&mut self) -> Effects {
        self.deliver(Delivery::Clipboard)
    }

    pub(super) fn print_article(&mut self) -> Effects {
        self.deliver(Delivery::Print)
    }

    pub(super) fn ask_for_export(&mut self) -> Effects {
        if self.entries.selected().is_none() {
            return self.say("There is no article to export.");
        }
        self.show_path(PathFor::Article)
    }

    /// Hands the selected article over.
    pub(super) fn deliver(&mut self, delivery: Delivery) -> Effects {
        match self.entries.selected_id() {
            Some(id) => Effect::Deliver(id, delivery).into(),
            None => self.say("There is no article."),
        }
    }

    pub(super) fn copy_quote(&mut self) -> Effects {
        let paragraph = self.reader.shown().and_then(super::Shown::paragraph);
        let (Some(paragraph), Some(entry)) = (paragraph, self.entries.selected()) else {
            return self.say("There is no paragraph in view.");
        };
        let quote = quote(&paragraph, entry);
        self.notices.say("Copied the paragraph as a quote", self.moment.at);
        TerminalRequest::Copy(quote).into()
    }

    /// A click in the article follows what is under it; the keys go there in any case.
    pub(super) fn press_article(&mut self, x: u16, y: u16) -> Effects {
        let focused = self.focus(Pane::Article);
        let leads = match self.target_at(x, y) {
            Some(Target::Anchor(id)) => {
                if let Some(piece) = self.reader.shown().and_then(|shown| shown.flow().anchor(id)) {
                    self.reader.jump(piece);
                }
                Effects::none()
            }
            Some(Target::Link(id)) => self.open_link(id.number() as usize),
            None => Effects::none(),
        };
        focused.and(leads)
    }

    /// What the words at a cell of the screen lead to.
    fn target_at(&self, x: u16, y: u16) -> Option<Target> {
        let area = self.panes().text(self.look.settings.article.measure)?;
        let shown = self.reader.shown()?;
        let row = y.checked_sub(area.y)?.checked_sub(shown.head_rows() - shown.head_gone())?;
        let mut left = usize::from(x.checked_sub(area.x)?);
        for span in &shown.page().get(usize::from(row))?.spans {
            let columns = crate::text::width(&span.text);
            if left < columns {
                return span.link;
            }
            left -= columns;
        }
        None
    }
}

/// A paragraph, marked as another's words, and whose they are.
fn quote(paragraph: &str, entry: &Entry) -> String {
    let lines: Vec<String> = paragraph.lines().map(|line| format!("> {line}")).collect();
    let link = entry.link.as_deref().map_or(String::new(), |link| format!(", {link}"));
    format!("{}\n\n— {}{link}\n", lines.join("\n"), entry.title)
}
