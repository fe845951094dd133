//! The dialogs about feeds: the one that adds a feed, the form, and the prompt for paths.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{
        AddFeedDialog, AddFeedStage, DiscoveredFeeds, FormField, FormFields, PaneLayout,
        PathPrompt, PathPurpose, PathStage, TextInput,
    },
    command::Command,
    markup::wrap_sentence,
    text::{count_noun, group_thousands, width as text_width},
};

/// The explanation in the dialog that adds a feed; three rows in 36 columns.
const ADD_FEED_HELP: &str = "The address of a site is enough: its feeds are found. A folder works \
                             too. A pasted address opens this dialog.";

/// Width of the labels of the options in the dialog that adds a feed.
const LABEL_COLUMNS: u16 = 16;

/// Columns of the prompt before the focused line of a form.
const PROMPT_COLUMNS: u16 = 2;

/// The rows below the fields of a form.
#[derive(Default)]
pub(super) struct FormFoot {
    /// A sentence above the help, where there is room for it.
    pub(super) note: Option<(String, Style)>,
    /// Text in place of the help of the focused field.
    pub(super) help: Option<String>,
}

impl ScreenPainter<'_> {
    pub(super) fn draw_add_feed(
        &self,
        adding: &AddFeedDialog,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let found = matches!(adding.stage, AddFeedStage::Choosing(_));
        let option_rows =
            if found { 0 } else { u16::try_from(adding.option_inputs.len()).unwrap_or(0) };
        let inner = self.draw_box(adding.layout(panes).frame, "Add feed", buffer);
        let row = |at: u16| Rect {
            y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
            height: 1,
            ..inner
        };
        let address = (&adding.url_input, "address of a site or feed, or path");
        let is_address_focused = !found && adding.focused_option.is_none();
        let mut caret = self.draw_text_field(address, is_address_focused, row(0), buffer);
        if !found {
            let lines = adding.option_inputs.iter().enumerate().zip(1..);
            for ((index, (field, input)), at) in lines {
                let line = row(at);
                let is_focused = adding.focused_option == Some(index);
                let theme = &self.style.theme;
                let style = if is_focused { theme.focus } else { theme.muted };
                RowPainter::new(buffer, line.x, line.y, line.width)
                    .put_truncated(field.label(), style);
                let columns = LABEL_COLUMNS.min(line.width);
                let line = Rect { x: line.x + columns, width: line.width - columns, ..line };
                let text = (input, field.help());
                let position = self.draw_text_field(text, is_focused, line, buffer);
                if is_focused {
                    caret = position;
                }
            }
        }
        let say = |buffer: &mut Buffer, at: u16, text: &str, style: Style| {
            let at = at + option_rows;
            if at < inner.height {
                RowPainter::new(buffer, inner.x, inner.y + at, inner.width)
                    .with_bidi_mode(self.app.ui.bidi_mode())
                    .put_truncated(text, style);
            }
        };
        let muted = self.style.theme.muted;
        match &adding.stage {
            AddFeedStage::Typing => {
                for (row, at) in wrap_sentence(ADD_FEED_HELP, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, muted);
                }
            }
            AddFeedStage::Completing(names) => {
                for (row, at) in candidate_rows(names, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, muted);
                }
            }
            AddFeedStage::Discovering => say(buffer, 2, "Looking…", muted),
            AddFeedStage::Failed(sentence) => {
                for (row, at) in wrap_sentence(sentence, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, self.style.theme.error);
                }
            }
            AddFeedStage::Choosing(found) => {
                return self.draw_found_feeds(adding, found, panes, buffer);
            }
        }
        caret
    }

    /// Draws a line of text with what stands in it while it is empty; only the focused one has a prompt.
    /// Returns the position of its caret.
    fn draw_text_field(
        &self,
        (input, placeholder): (&TextInput, &str),
        is_focused: bool,
        area: Rect,
        buffer: &mut Buffer,
    ) -> Position {
        if is_focused {
            return self.draw_input(input, placeholder, area, buffer);
        }
        let x = area.x + PROMPT_COLUMNS;
        let theme = &self.style.theme;
        let (text, style) = match input.text() {
            "" => (placeholder, theme.muted),
            text => (text, theme.text),
        };
        RowPainter::new(buffer, x, area.y, area.width.saturating_sub(PROMPT_COLUMNS))
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(text, style);
        Position::new(x, area.y)
    }

    fn draw_found_feeds(
        &self,
        adding: &AddFeedDialog,
        found: &DiscoveredFeeds,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let theme = &self.style.theme;
        let layout = adding.layout(panes);
        let (inner, rows) = (layout.inner, layout.list.height);
        let line = |at: u16| Rect {
            y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
            height: 1,
            ..inner
        };
        let count = found.feeds.len();
        let place = match adding.account() {
            Ok(Some((_, account))) => format!(" for {account}"),
            Ok(None) | Err(_) => String::new(),
        };
        let heading = format!("{} found{place}:", count_noun(count, "feed"));
        let heading = found.notes.iter().fold(heading, |text, note| format!("{text} {note}."));
        RowPainter::new(buffer, inner.x, line(1).y, inner.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&heading, theme.muted);
        let mut cursor = None;
        let top = found.window.top_index();
        for ((index, (feed, chosen)), at) in
            found.feeds.iter().enumerate().skip(top).zip(2..2 + rows)
        {
            let style = if index == found.selected_index { theme.selection } else { theme.text };
            buffer.set_style(line(at), style);
            if index == found.selected_index {
                cursor = Some(Position::new(inner.x, line(at).y));
            }
            let newest = feed
                .newest_published
                .map_or_else(|| "no dates".to_owned(), |newest| self.now.format_long_age(newest));
            let mark = self.tick_mark(*chosen);
            let subscribed = if feed.is_subscribed { "subscribed, " } else { "" };
            let noun = if feed.entry_count == 1 { "article" } else { "articles" };
            let text = format!(
                "{mark} {}  {subscribed}{}, {} {noun}, {newest}",
                feed.title,
                feed.format,
                group_thousands(feed.entry_count as u64)
            );
            RowPainter::new(buffer, inner.x, line(at).y, inner.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&text, style);
        }
        let titles = found
            .feeds
            .get(found.selected_index)
            .map(|(feed, _)| feed.entry_titles.as_slice())
            .unwrap_or_default();
        let below = 3 + rows.min(u16::try_from(count).unwrap_or(rows));
        for (title, at) in titles.iter().zip(below..inner.height.saturating_sub(2)) {
            RowPainter::new(buffer, inner.x + 4, line(at).y, inner.width.saturating_sub(4))
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(title, theme.muted);
        }
        let caret = self.draw_input(
            &adding.folder_input,
            "folder to put it in, if any",
            line(inner.height.saturating_sub(1)),
            buffer,
        );
        self.spoken_position(cursor).unwrap_or(caret)
    }

    pub(super) fn draw_path_prompt(
        &self,
        prompt: &PathPrompt,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let (title, placeholder) = match &prompt.purpose {
            PathPurpose::ImportFeeds => {
                ("Import", "path of an OPML file, or of newsboat's urls file")
            }
            PathPurpose::ExportFeeds => ("Export", "path of the OPML file to write"),
            PathPurpose::ExportArticles(ids) if ids.len() > 1 => {
                ("Export the articles", "path of the file: .md or .txt")
            }
            PathPurpose::ExportArticles(_) => {
                ("Export the article", "path of the file: .md, .html or .txt")
            }
        };
        let inner = self.draw_box(prompt.layout(panes).frame, title, buffer);
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let wrapped = |text: &str| wrap_sentence(text, below.width, below.height);
        let (muted, error) = (self.style.theme.muted, self.style.theme.error);
        let (rows, style) = match &prompt.stage {
            PathStage::Typing => (Vec::new(), muted),
            PathStage::Completing(names) => {
                (candidate_rows(names, below.width, below.height), muted)
            }
            PathStage::Working => (wrapped("Working…"), muted),
            PathStage::Failed(sentence) => (wrapped(sentence), error),
            PathStage::Exists => (wrapped(&self.overwrite_text()), error),
        };
        for (row, y) in rows.iter().zip(below.y..below.bottom()) {
            RowPainter::new(buffer, below.x, y, below.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(row, style);
        }
        self.draw_input(&prompt.input, placeholder, Rect { height: 1, ..inner }, buffer)
    }

    /// Returns the question whether an existing file is to be overwritten.
    fn overwrite_text(&self) -> String {
        let exists = "A file of that name exists";
        match self.shortcut(Command::Open) {
            Some(key) => {
                format!("{exists} {} {key} again overwrites it", self.style.glyphs.separator)
            }
            None => exists.to_owned(),
        }
    }

    /// Draws a form; returns the position of its caret.
    pub(super) fn draw_form(
        &self,
        title: &str,
        form: &FormFields,
        foot: &FormFoot,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let layout = form.layout(panes);
        let inner = self.draw_box(layout.frame, title, buffer);
        let theme = &self.style.theme;
        let label_room = 15.min(inner.width / 2);
        let top = form.window.top_index();
        let mut caret = Position::new(inner.x, inner.y);
        for ((index, (field, line)), y) in
            form.fields.iter().enumerate().skip(top).zip(inner.y..layout.list.bottom())
        {
            let selected = index == form.focused_index;
            let style = if selected { theme.focus } else { theme.muted };
            RowPainter::new(buffer, inner.x, y, label_room).put_truncated(field.label(), style);
            let place =
                Rect { x: inner.x + label_room, y, width: inner.width - label_room, height: 1 };
            if selected && field.choices().is_empty() {
                // Screen readers read the help in the last row, and would read it twice.
                let help = if self.app.ui.settings.accessible { "" } else { field.help() };
                let hidden = field.is_secret().then(|| line.hidden());
                caret = self.draw_input(hidden.as_ref().unwrap_or(line), help, place, buffer);
                continue;
            }
            if selected {
                caret = Position::new(place.x + PROMPT_COLUMNS, y);
            }
            let hidden = field.is_secret().then(|| line.hidden());
            let text = hidden.as_ref().unwrap_or(line).text();
            let room = place.width.saturating_sub(PROMPT_COLUMNS);
            RowPainter::new(buffer, place.x + PROMPT_COLUMNS, y, room)
                .put_truncated(self.choice_text(*field, text), theme.text);
        }
        let below = Rect {
            y: layout.list.bottom(),
            height: inner.bottom() - layout.list.bottom(),
            ..inner
        };
        self.draw_form_foot(form, foot, below, buffer);
        caret
    }

    /// Draws the mistake, or else the note and the help of the focused field.
    fn draw_form_foot(&self, form: &FormFields, foot: &FormFoot, area: Rect, buffer: &mut Buffer) {
        let theme = &self.style.theme;
        let last = area.bottom().saturating_sub(1);
        let mut draw = |y: u16, text: &str, style: Style| {
            RowPainter::new(buffer, area.x, y, area.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(text, style);
        };
        let field = form.fields[form.focused_index].0;
        match &form.error {
            Some(mistake) if area.height > 1 => {
                // A choice after a mistake is a way out of it, and says how it is made.
                let has_help = !field.choices().is_empty() && area.height > 4;
                let rows = area.height - u16::from(has_help);
                for (row, y) in wrap_sentence(mistake, area.width, rows).iter().zip(area.y..) {
                    draw(y, row, theme.error);
                }
                if has_help {
                    draw(last, field.help(), theme.muted);
                }
                return;
            }
            Some(mistake) => return draw(last, mistake, theme.error),
            None => {}
        }
        let mut free = area.height.saturating_sub(1);
        if let Some((note, style)) = &foot.note {
            let rows = wrap_sentence(note, area.width, free);
            for (row, y) in rows.iter().zip(area.y..last) {
                draw(y, row, *style);
            }
            free = free.saturating_sub(u16::try_from(rows.len()).unwrap_or(free));
        }
        let help = foot.help.as_deref().unwrap_or_else(|| field.help());
        if free == 0 {
            return draw(last, help, theme.muted);
        }
        let rows = wrap_sentence(help, area.width, free + 1);
        for (row, y) in rows.iter().rev().zip((area.y..=last).rev()) {
            draw(y, row, theme.muted);
        }
    }

    /// Returns the text of a field of the form as it is drawn without a caret.
    fn choice_text<'t>(&self, field: FormField, text: &'t str) -> &'t str {
        match field.choices() {
            ["no", "yes"] => self.tick_mark(text == "yes"),
            _ => text,
        }
    }

    fn tick_mark(&self, is_ticked: bool) -> &'static str {
        let [ticked, not_ticked] = self.style.glyphs.ticks;
        if is_ticked { ticked } else { not_ticked }
    }
}

/// Packs the names that complete a path into rows, each name whole. The last row ends with `…` if
/// there are more.
fn candidate_rows(names: &[String], columns: u16, max_rows: u16) -> Vec<String> {
    match names {
        [] => return vec!["No file or folder begins with that".to_owned()],
        [_] => return Vec::new(),
        _ => {}
    }
    let mut rows: Vec<String> = Vec::new();
    for name in names {
        match rows.last_mut() {
            Some(row) if text_width(row) + 2 + text_width(name) <= usize::from(columns) => {
                row.push_str("  ");
                row.push_str(name);
            }
            _ => rows.push(name.clone()),
        }
    }
    let has_more = rows.len() > usize::from(max_rows);
    rows.truncate(usize::from(max_rows));
    if let Some(last) = rows.last_mut().filter(|_| has_more) {
        last.push_str(" …");
    }
    rows
}
