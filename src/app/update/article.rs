//! Commands on the selected article: its links, copies and exports, and the reading pane.

use crate::{
    app::{
        Action, Actions, ArticlePane, ArticleView, Effect, Effects, ExportTarget, HitNumber,
        ImageKey, Notice, NoticeAction, TerminalRequest, overlays::find_text_matches,
    },
    command::Command,
    markup::{LinkTarget, ReservedImageRow},
    model::{Entry, Feed},
    query::Query,
};

use super::full_text::link_trust;

/// Opens the article's URL in the browser.
pub(super) fn open_in_browser(entry: Option<&Entry>) -> Actions {
    match article_link(entry) {
        Ok(link) => Effect::OpenUrl(link).into(),
        Err(notice) => notice.into(),
    }
}

/// Copies the article's URL.
pub(super) fn copy_link(entry: Option<&Entry>) -> Actions {
    match article_link(entry) {
        Ok(link) => Actions::from(Notice::info(format!("Copied {link}")))
            .and(TerminalRequest::CopyText(link)),
        Err(notice) => notice.into(),
    }
}

/// Returns the article's URL, or the notice that there is none.
fn article_link(entry: Option<&Entry>) -> Result<String, Notice> {
    let entry = entry.ok_or_else(Notice::no_article)?;
    entry.link.clone().ok_or_else(|| Notice::info("This article has no URL"))
}

/// Exports the article.
pub(super) fn export_article(entry: Option<&Entry>, target: ExportTarget) -> Actions {
    match entry {
        Some(entry) => Effect::ExportArticles(vec![entry.id], target).into(),
        None => Notice::no_article().into(),
    }
}

impl ArticlePane {
    /// Opens the link with this number in the browser.
    pub(in crate::app) fn open_link(&self, number: usize) -> Actions {
        let Some(view) = self.view() else { return Notice::no_article().into() };
        let links = view.links();
        match number.checked_sub(1).and_then(|index| links.get(index)) {
            Some(link) => Effect::OpenUrl(link.url.clone()).into(),
            None => Notice::info(format!("This article has no link {number}")).into(),
        }
    }

    /// Goes back to the position before the last jump, or says that there was none.
    pub(in crate::app) fn return_from_jump(&mut self) -> Actions {
        let returned = self.jump_back();
        (!returned).then(|| Notice::info("Nothing to jump back to in this article")).into()
    }

    /// Scrolls code to the right (positive) or left; left of its beginning, goes back.
    pub(in crate::app) fn scroll_code_or_leave(&mut self, step: i32) -> Actions {
        let stays = self.scroll_code(step) || step > 0;
        (!stays).then_some(Action::Run(Command::Back)).into()
    }

    /// Turns the reading ruler on or off.
    pub(in crate::app) fn switch_ruler(&mut self) -> Actions {
        const OFF: &[NoticeAction] = &[NoticeAction::new(Command::ToggleRuler, "turns it off")];
        if self.toggle_ruler() {
            Notice::info("Reading ruler on").offering(OFF).into()
        } else {
            Notice::info("Reading ruler off").into()
        }
    }

    /// Copies the paragraph in view as a quote.
    pub(in crate::app) fn copy_quote(&self, entry: Option<&Entry>) -> Actions {
        let paragraph = self.view().and_then(ArticleView::current_paragraph);
        let Some((paragraph, entry)) = paragraph.zip(entry) else {
            return Notice::info("No paragraph is in view").into();
        };
        let quote = format_quote(&paragraph, entry);
        Actions::from(Notice::info("Copied the paragraph as a quote"))
            .and(TerminalRequest::CopyText(quote))
    }

    /// Shows the first match of the filter when an article is opened, once for each that is;
    /// [`ArticlePane::jump_back`] leads back to where it was left. Returns its number and that of all.
    pub(in crate::app) fn show_first_match(
        &mut self,
        query: &Query,
        is_open: bool,
    ) -> Option<Notice> {
        let is_wanted = is_open && !query.is_empty();
        let opened_id = self.view().filter(|_| is_wanted).map(ArticleView::entry_id);
        if opened_id == std::mem::replace(&mut self.searched_id, opened_id) || !is_wanted {
            return None;
        }
        self.set_filter_hit(None);
        let flow = self.view()?.flow();
        let hits = find_text_matches(query, flow, flow.block_indexes());
        let first = hits.first().cloned()?;
        self.jump_to_match(first);
        let hit = HitNumber { index: 0, count: hits.len() };
        self.set_filter_hit(Some(hit));
        Some(hit_notice(hit))
    }

    /// Shows the next match of the filter, or the previous one for a negative step.
    pub(in crate::app) fn step_filter_match(&mut self, query: &Query, step: isize) -> Actions {
        const FIND: &[NoticeAction] = &[NoticeAction::new(Command::Find, "finds other words")];
        let Some(view) = self.view() else { return Actions::none() };
        let hits = find_text_matches(query, view.flow(), view.flow().block_indexes());
        let Some(last) = hits.len().checked_sub(1) else {
            return Notice::info("The filter matches nothing in this article")
                .offering(FIND)
                .into();
        };
        let current =
            view.current_match().and_then(|hit| hits.iter().position(|other| other == hit));
        let index = if let Some(current) = current {
            (current + hits.len()).saturating_add_signed(step) % hits.len()
        } else {
            let top = view.position().block;
            let below = hits.iter().position(|hit| hit.block >= top);
            let above = below.unwrap_or(hits.len()).checked_sub(1);
            if step > 0 { below.unwrap_or(0) } else { above.unwrap_or(last) }
        };
        self.show_match(hits.get(index).cloned());
        let hit = HitNumber { index, count: hits.len() };
        self.set_filter_hit(Some(hit));
        hit_notice(hit).into()
    }

    /// Turns pictures on or off; `fits` is false if they cannot be shown in the current layout.
    pub(in crate::app) fn switch_images(&mut self, fits: bool) -> Actions {
        const WIDE: &[NoticeAction] = &[NoticeAction::new(Command::ToggleWide, "opens it")];
        self.images.toggle();
        match (self.images.are_enabled(), fits) {
            (true, true) => Notice::info("Pictures on").into(),
            (true, false) => {
                Notice::info("Pictures are shown in the wide article").offering(WIDE).into()
            }
            (false, _) => Notice::info("Pictures off").into(),
        }
    }

    /// Redraws the screen, with its pictures loaded again.
    pub(in crate::app) fn redraw(&mut self) -> Actions {
        self.images.clear();
        TerminalRequest::Redraw.into()
    }

    /// Requests the pictures in view.
    pub(in crate::app) fn request_images(&mut self, entry: &Entry, feed: Option<&Feed>) -> Effects {
        let Some(view) = self.view().filter(|view| view.entry_id() == entry.id) else {
            return Effects::none();
        };
        let key = |row: ReservedImageRow| {
            let link = view.links().get(row.link.0 as usize)?;
            Some(ImageKey { url: link.url.clone(), columns: row.columns, rows: row.rows })
        };
        let rows = view.visible_lines().iter().filter_map(|line| line.picture);
        let mut keys: Vec<ImageKey> = rows.filter_map(key).collect();
        keys.dedup();
        keys.retain(|key| self.images.start_loading(key));
        keys.into_iter().fold(Effects::none(), |effects, key| {
            let trust = link_trust(feed, &key.url);
            effects.and(Effect::LoadImage(key, trust))
        })
    }

    /// Follows the link at a cell of the text, counted from the top left corner of the text.
    pub(in crate::app) fn click_text(&mut self, column: u16, row: u16) -> Actions {
        match self.view().and_then(|view| link_target_at(view, column, row)) {
            Some(LinkTarget::Anchor(id)) => {
                let block = self.view().and_then(|view| view.flow().anchor_block(id));
                if let Some(block) = block {
                    self.jump_to_block(block);
                }
                Actions::none()
            }
            Some(LinkTarget::Link(id)) => self.open_link(id.number() as usize),
            None => Actions::none(),
        }
    }
}

fn hit_notice(HitNumber { index, count }: HitNumber) -> Notice {
    const NEXT: &[NoticeAction] = &[NoticeAction::new(Command::NextHit, "next")];
    let notice = Notice::info(format!("Hit {} of {count}", index + 1));
    if count > 1 { notice.offering(NEXT) } else { notice }
}

/// Returns the target of the link at a cell of the text.
fn link_target_at(view: &ArticleView, column: u16, row: u16) -> Option<LinkTarget> {
    let line = row.checked_sub(view.head_rows() - view.hidden_head_rows())?;
    let mut left = usize::from(column);
    for span in &view.visible_lines().get(usize::from(line))?.spans {
        let columns = crate::text::width(&span.text);
        if left < columns {
            return span.link;
        }
        left -= columns;
    }
    None
}

/// Formats a paragraph as a Markdown quote with its source.
fn format_quote(paragraph: &str, entry: &Entry) -> String {
    let lines: Vec<String> = paragraph.lines().map(|line| format!("> {line}")).collect();
    let link = entry.link.as_deref().map_or(String::new(), |link| format!(", {link}"));
    format!("{}\n\n— {}{link}\n", lines.join("\n"), entry.title)
}
