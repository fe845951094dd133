//! Commands on the article: its links, and ways to take it along.

use super::{App, Effect, Effects, ExportTarget, Pane, PathPurpose, TerminalRequest};
use crate::{markup::LinkTarget, model::Entry};

impl App {
    pub(super) fn open_in_browser(&mut self) -> Effects {
        match self.entry_list.selected_entry().and_then(|entry| entry.link.clone()) {
            Some(link) => Effect::OpenUrl(link).into(),
            None => self.notify("This article has no address."),
        }
    }

    pub(super) fn copy_link(&mut self) -> Effects {
        match self.entry_list.selected_entry().and_then(|entry| entry.link.clone()) {
            Some(link) => {
                self.notices.show_info(format!("Copied {link}"), self.current_time.at);
                TerminalRequest::CopyText(link).into()
            }
            None => self.notify("This article has no address."),
        }
    }

    pub(super) fn open_link_number(&mut self, number: usize) -> Effects {
        let link = self.article_pane.view().and_then(|shown| shown.links().get(number - 1));
        match link {
            Some(link) => Effect::OpenUrl(link.url.clone()).into(),
            None => self.notify(format!("This article has no link {number}.")),
        }
    }

    pub(super) fn jump_back_in_article(&mut self) -> Effects {
        if self.article_pane.jump_back() {
            Effects::none()
        } else {
            self.notify("There was no jump in this article.")
        }
    }

    /// Scrolls code to the side; to the left of its beginning is the way back.
    pub(super) fn scroll_code(&mut self, step: i32) -> Effects {
        if self.article_pane.scroll_code(step) || step > 0 {
            Effects::none()
        } else {
            self.go_back()
        }
    }

    pub(super) fn toggle_ruler(&mut self) -> Effects {
        let on = self.article_pane.toggle_ruler();
        self.notify(if on {
            "Reading ruler: ↑ ↓ move it."
        } else {
            "The reading ruler is gone."
        })
    }

    pub(super) fn copy_article(&mut self) -> Effects {
        self.export_article(ExportTarget::Clipboard)
    }

    pub(super) fn print_article(&mut self) -> Effects {
        self.export_article(ExportTarget::Printer)
    }

    pub(super) fn open_export_prompt(&mut self) -> Effects {
        if self.entry_list.selected_entry().is_none() {
            return self.notify("There is no article to export.");
        }
        self.open_path_prompt(PathPurpose::ExportArticle)
    }

    /// Hands the selected article over.
    pub(super) fn export_article(&mut self, delivery: ExportTarget) -> Effects {
        match self.entry_list.selected_id() {
            Some(id) => Effect::ExportArticle(id, delivery).into(),
            None => self.notify("There is no article."),
        }
    }

    pub(super) fn copy_quote(&mut self) -> Effects {
        let paragraph = self.article_pane.view().and_then(super::ArticleView::current_paragraph);
        let (Some(paragraph), Some(entry)) = (paragraph, self.entry_list.selected_entry()) else {
            return self.notify("There is no paragraph in view.");
        };
        let quote = format_quote(&paragraph, entry);
        self.notices.show_info("Copied the paragraph as a quote", self.current_time.at);
        TerminalRequest::CopyText(quote).into()
    }

    /// A click in the article follows what is under it; the keys go there in any case.
    pub(super) fn click_article(&mut self, x: u16, y: u16) -> Effects {
        let focused = self.focus_pane(Pane::Article);
        let leads = match self.link_target_at(x, y) {
            Some(LinkTarget::Anchor(id)) => {
                if let Some(piece) =
                    self.article_pane.view().and_then(|shown| shown.flow().anchor_block(id))
                {
                    self.article_pane.jump_to_block(piece);
                }
                Effects::none()
            }
            Some(LinkTarget::Link(id)) => self.open_link_number(id.number() as usize),
            None => Effects::none(),
        };
        focused.and(leads)
    }

    /// What the words at a cell of the screen lead to.
    fn link_target_at(&self, x: u16, y: u16) -> Option<LinkTarget> {
        let area = self.pane_layout().text_area(self.ui.settings.article.measure)?;
        let shown = self.article_pane.view()?;
        let row =
            y.checked_sub(area.y)?.checked_sub(shown.head_rows() - shown.hidden_head_rows())?;
        let mut left = usize::from(x.checked_sub(area.x)?);
        for span in &shown.visible_lines().get(usize::from(row))?.spans {
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
fn format_quote(paragraph: &str, entry: &Entry) -> String {
    let lines: Vec<String> = paragraph.lines().map(|line| format!("> {line}")).collect();
    let link = entry.link.as_deref().map_or(String::new(), |link| format!(", {link}"));
    format!("{}\n\n— {}{link}\n", lines.join("\n"), entry.title)
}
