//! The reading pane: headline, byline, and the lines of text in view.

use std::{borrow::Cow, ops::Range};

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    ScreenPainter,
    ascii::to_ascii,
    hyperlink::{self, Hyperlink},
    row_painter::{Highlights, RowPainter},
};
use crate::{
    app::{ArticleProblem, ArticleView, Notice, NoticeAction},
    command::Command,
    markup::{self, Block, Emphasis, LayoutLine, LineSpan, LinkTarget, RichText, SpanRole},
    model::{Entry, EntryId, Feed, FeedKind, PublicationDate, TextSource},
    query::Query,
    settings::HyperlinkMode,
    text::{
        self,
        bidi::{BidiMode, LineOrder},
    },
};

/// Minimum columns of feed and author in the byline.
const MIN_NAME_COLUMNS: usize = 4;

impl ScreenPainter<'_> {
    /// Draws the article; returns the position of the cursor: on the reading ruler for screen readers,
    /// or else beside the text, where it covers no letter, if there is room.
    pub(super) fn draw_article(&self, pane: Rect, buffer: &mut Buffer) -> Option<Position> {
        let area =
            self.app.pane_layout().text_area(self.app.ui.settings.article.measure).unwrap_or(pane);
        let mut spoken_row = 0;
        match (self.app.entry_list.selected_entry(), self.app.article_pane.view()) {
            (Some(entry), Some(view)) if view.entry_id() == entry.id => {
                self.draw_article_view(entry, view, area, buffer);
                spoken_row = view.ruler_row().unwrap_or(0).min(area.height.saturating_sub(1));
            }
            _ => self.draw_article_problem(area, buffer),
        }
        if self.app.ui.settings.accessible {
            return Some(Position::new(area.x, area.y + spoken_row));
        }
        (area.x > pane.x).then(|| Position::new(area.x - 1, area.y))
    }

    /// Returns the area of the article that is shown, whose marks are its publisher's.
    pub(super) fn article_text_area(&self) -> Rect {
        let shown = self.app.article_pane.view().map(ArticleView::entry_id);
        let selected = self.app.entry_list.selected_entry().map(|entry| entry.id);
        let panes = self.app.pane_layout();
        let text = panes.text_area(self.app.ui.settings.article.measure).or(panes.article);
        text.filter(|_| shown.is_some() && shown == selected).unwrap_or_default()
    }

    /// Returns text of the interface within the article as the terminal shows it.
    fn own_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.style.glyphs.is_ascii { to_ascii(text) } else { text.into() }
    }

    fn draw_article_view(
        &self,
        entry: &Entry,
        view: &ArticleView,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let head = view.head_rows();
        let headline = u16::try_from(view.headline().len()).unwrap_or(0);
        let mut y = area.y;
        for row in view.hidden_head_rows()..head {
            if y >= area.bottom() {
                return;
            }
            let row_area = Rect { y, height: 1, ..area };
            match row {
                _ if row < headline => {
                    let line = &view.headline()[usize::from(row)];
                    let ranges = self.app.filter_bar.query().highlight_ranges(&line.text());
                    self.draw_line(
                        line,
                        &LineHighlights { ranges, ..LineHighlights::default() },
                        row_area,
                        buffer,
                    );
                }
                _ if row == headline => self.draw_byline(entry, view, row_area, buffer),
                _ if row == headline + 1 => self.draw_head_rule(entry, row_area, buffer),
                _ => {}
            }
            y += 1;
        }
        let mut match_finder = MatchFinder {
            link_entry: self.link_entry(entry),
            query: self.app.highlight_query(),
            view,
            cached_block: None,
        };
        for (line, y) in view.visible_lines().iter().zip(y..area.bottom()) {
            self.draw_line(
                line,
                &match_finder.highlights_in_line(line),
                Rect { y, height: 1, ..area },
                buffer,
            );
        }
        if !self.app.ui.settings.accessible {
            dim_around_ruler(view, area, buffer);
        }
    }

    /// Returns the entry whose links the terminal can open, if it should.
    fn link_entry(&self, entry: &Entry) -> Option<EntryId> {
        let is_enabled = self.app.ui.settings.article.hyperlinks == HyperlinkMode::On;
        is_enabled.then_some(entry.id)
    }

    /// Draws the rule below the head, which begins with the tags: so the text stays in its place when
    /// they change.
    fn draw_head_rule(&self, entry: &Entry, row_area: Rect, buffer: &mut Buffer) {
        let columns = self.draw_head_tags(&entry.tags, row_area, buffer);
        let width = row_area.width.saturating_sub(columns);
        let rule = self.style.glyphs.horizontal.repeat(usize::from(width));
        RowPainter::new(buffer, row_area.x + columns, row_area.y, width)
            .put_sanitized(&rule, self.style.theme.line);
    }

    /// Draws the byline: `The Guardian · Anna Weil · 1 h ago · 6 min · ★`. Long names are cut, never
    /// the date.
    fn draw_byline(&self, entry: &Entry, view: &ArticleView, row_area: Rect, buffer: &mut Buffer) {
        let separator = format!(" {} ", self.style.glyphs.separator);
        let feed = self.app.sidebar.feed(entry.feed);
        let minutes = format!("{} min", view.reading_minutes());
        let full_text = view.full_text().filter(|full| full.shown == TextSource::Page);
        let damaged = view.has_damaged_full_text().then(|| "full text damaged".to_owned());
        let full_text = full_text.map(|full| format!("from {}", full.host_or_page())).or(damaged);
        let edit = view.edit().map(|edit| {
            format!("edited {}{separator}{}", self.now.format_past(edit.at), edit.words)
        });
        let facts = [Some(self.date_text(entry, feed)), edit, Some(minutes), full_text];
        let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(&separator);
        let star = self.star_text(entry);
        let star_columns =
            if star.is_empty() { 0 } else { text::width(&separator) + text::width(star) };
        let room = usize::from(row_area.width)
            .saturating_sub(text::width(&facts) + text::width(&separator) + star_columns);
        let muted = self.style.theme.muted;
        let mut painter = RowPainter::new(buffer, row_area.x, row_area.y, row_area.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        let names = self.byline_names(entry, room);
        if !names.is_empty() && room >= MIN_NAME_COLUMNS {
            painter.put_sanitized(&self.own_text(&names), muted).put_text(&separator, muted);
        }
        let facts = text::truncate(&facts, usize::from(painter.remaining_columns())).into_owned();
        painter.put_text(&self.own_text(&facts), muted);
        if !star.is_empty() {
            painter.put_text(&separator, muted).put_text(star, self.style.theme.star);
        }
    }

    /// Returns the names of the byline in `columns`: every feed that has brought the article, and the
    /// author. What finds no room is left out: first the author, then the names of the other feeds, of
    /// which their number stays.
    fn byline_names(&self, entry: &Entry, columns: usize) -> String {
        let separator = format!(" {} ", self.style.glyphs.separator);
        let sources = entry.source_names(&|id| self.app.sidebar.feed(id));
        let (source, all) = (sources[0], sources.join(", "));
        let author = entry.author_besides(source);
        let with_author = |sources: &str| match author {
            Some(author) if sources.is_empty() => author.to_owned(),
            Some(author) => format!("{sources}{separator}{author}"),
            None => sources.to_owned(),
        };
        let line = |names: &str| text::sanitize::to_line(names).into_owned();
        let others =
            if sources.len() > 1 { format!(" +{}", sources.len() - 1) } else { String::new() };
        if others.is_empty() {
            return text::truncate(&line(&with_author(source)), columns).into_owned();
        }
        let short = format!("{source}{others}");
        let forms = [with_author(&all), all.clone(), with_author(&short)].map(|form| line(&form));
        let fitting = forms.into_iter().find(|form| text::width(form) <= columns);
        fitting.unwrap_or_else(|| {
            let room = columns.saturating_sub(text::width(&others));
            format!("{}{others}", text::truncate(&line(source), room))
        })
    }

    fn star_text(&self, entry: &Entry) -> &str {
        match (entry.state.starred, self.app.ui.settings.accessible) {
            (false, _) => "",
            (true, true) => "starred",
            (true, false) => self.style.glyphs.star,
        }
    }

    fn date_text(&self, entry: &Entry, feed: Option<&Feed>) -> String {
        match entry.published {
            PublicationDate::Day(day) => text::format_long_date(day),
            PublicationDate::Instant(at) => self.now.format_long_age(at),
            PublicationDate::Arrival(_) => {
                let verb = feed.map_or(FeedKind::Web, |feed| feed.kind).arrival_verb();
                format!("{verb} {}", self.now.format_day(entry.published.day_in(&self.now.zone)))
            }
        }
    }

    /// Draws a line of the article with the matches in it highlighted.
    fn draw_line(
        &self,
        line: &LayoutLine,
        line_highlights: &LineHighlights,
        row_area: Rect,
        buffer: &mut Buffer,
    ) {
        let matched = self.style.theme.matched;
        let highlights = Highlights {
            ranges: &line_highlights.ranges,
            style: matched,
            current: line_highlights.current.clone(),
            current_style: matched.add_modifier(Modifier::REVERSED),
        };
        if let Some(row) = line.picture {
            return self.draw_image_row(line, row, row_area, buffer);
        }
        if let Some(order) = &line.visual_order {
            return self.draw_bidi_line(
                line,
                order,
                &highlights,
                line_highlights.link_entry,
                row_area,
                buffer,
            );
        }
        let mut painter = RowPainter::new(buffer, row_area.x, row_area.y, row_area.width);
        let mut from = 0;
        for span in &line.spans {
            let start = painter.x();
            self.draw_span(span, from, &highlights, &mut painter);
            from += span.text.len();
            if let (Some(link), Some(entry)) =
                (span.link.and_then(LinkTarget::link_id), line_highlights.link_entry)
            {
                painter.link_since(start, Hyperlink { entry, link });
            }
        }
    }

    /// Draws a line with right-to-left text. In a right-to-left paragraph it is aligned right, and
    /// its prefix, such as a quote bar, is at its right.
    fn draw_bidi_line(
        &self,
        line: &LayoutLine,
        order: &LineOrder,
        highlights: &Highlights<'_>,
        entry: Option<EntryId>,
        row_area: Rect,
        buffer: &mut Buffer,
    ) {
        let text = line.text();
        let marks = line.source.map_or(0, |source| source.prefix_bytes).min(text.len());
        let (columns, edge) = (count_cells(&text[marks..]), count_cells(&text[..marks]));
        // In the order in which text is stored, nothing but the text is read: no blanks before it.
        let is_aligned_right = order.rtl && self.app.ui.bidi_mode() != BidiMode::Logical;
        let (x, marks_x) = if is_aligned_right {
            let right = row_area.right().saturating_sub(edge);
            (right.saturating_sub(columns).max(row_area.x), right)
        } else {
            (row_area.x + edge, row_area.x)
        };
        let mut from = 0;
        let mut painter = RowPainter::new(buffer, marks_x, row_area.y, edge);
        for span in line.spans.iter().take_while(|span| {
            from += span.text.len();
            from <= marks
        }) {
            let mark: String = if is_aligned_right {
                span.text.chars().rev().collect()
            } else {
                span.text.clone()
            };
            self.draw_span(
                &LineSpan { text: mark, ..span.clone() },
                text.len(),
                highlights,
                &mut painter,
            );
        }
        let span_index = SpanIndex::from_line(line);
        let mode = self.app.ui.bidi_mode();
        let mut painter =
            RowPainter::new(buffer, x, row_area.y, row_area.width).with_bidi_mode(mode);
        let written = painter.put_reordered(&text[marks..], order, |byte| {
            let span = span_index.span_at(marks + byte);
            let style = span.map_or(self.style.theme.text, |span| {
                self.role_style(span.role).add_modifier(emphasis_modifier(span.emphasis))
            });
            highlights.style_at(marks + byte, style)
        });
        for (x, byte) in written {
            let target = span_index
                .span_at(marks + byte)
                .and_then(|span| span.link)
                .and_then(LinkTarget::link_id);
            if let (Some(link), Some(entry)) = (target, entry) {
                hyperlink::link_cells(buffer, row_area.y, x, x + 1, Hyperlink { entry, link });
            }
        }
    }

    fn draw_span(
        &self,
        span: &LineSpan,
        from: usize,
        highlights: &Highlights<'_>,
        painter: &mut RowPainter<'_>,
    ) {
        let style = self.role_style(span.role).add_modifier(emphasis_modifier(span.emphasis));
        let is_own = matches!(
            span.role,
            SpanRole::QuoteBar
                | SpanRole::ListMarker
                | SpanRole::Rule
                | SpanRole::OverflowMark
                | SpanRole::Image
        );
        if is_own && self.style.glyphs.is_ascii {
            painter.put_sanitized(&to_ascii(&span.text), style);
        } else {
            painter.put_highlighted(&span.text, style, from, highlights);
        }
    }

    fn role_style(&self, role: SpanRole) -> Style {
        let theme = &self.style.theme;
        match role {
            SpanRole::Text | SpanRole::TableCell => theme.text,
            SpanRole::Heading | SpanRole::TableHeader => theme.heading,
            SpanRole::Quote => theme.quote,
            SpanRole::QuoteBar => theme.focus,
            SpanRole::Code => theme.code,
            SpanRole::ListMarker | SpanRole::Rule | SpanRole::OverflowMark | SpanRole::Caption => {
                theme.muted
            }
            SpanRole::Link | SpanRole::LinkNumber | SpanRole::Image => theme.link,
        }
    }

    /// Draws why the selected article is not shown, on as many rows as that takes.
    fn draw_article_problem(&self, area: Rect, buffer: &mut Buffer) {
        const OPEN: &[NoticeAction] = &[NoticeAction::new(Command::Open, "opens it anyway")];
        const TAKE: &[NoticeAction] = &[NoticeAction::new(Command::Open, "opens it")];
        let (text, style) = match self.app.article_pane.problem() {
            Some(ArticleProblem::Failed(failure)) => {
                (failure.summary.clone(), self.style.theme.error)
            }
            Some(ArticleProblem::Withheld) => {
                let fact = "This article did not finish opening last time";
                (self.banner_text(&Notice::info(fact).offering(OPEN)), self.style.theme.muted)
            }
            None if self.app.entry_list.selected_far_article().is_some() => {
                let fact = "Only the archive has this article; it is taken into the library when it is opened";
                (self.banner_text(&Notice::info(fact).offering(TAKE)), self.style.theme.muted)
            }
            None => return,
        };
        let paragraph = Block::Paragraph(RichText::plain(text));
        let lines = markup::wrap_block(paragraph, area.width, area.height);
        for (line, y) in lines.iter().zip(area.y..area.bottom()) {
            RowPainter::new(buffer, area.x, y, area.width).put_truncated(&line.text(), style);
        }
    }
}

/// Dims every row but that of the reading ruler.
fn dim_around_ruler(view: &ArticleView, area: Rect, buffer: &mut Buffer) {
    let Some(row) = view.ruler_row() else { return };
    for y in (area.top()..area.bottom()).filter(|y| *y != area.y + row) {
        buffer.set_style(Rect { y, height: 1, ..area }, Modifier::DIM);
    }
}

/// Highlights in a line, as byte ranges of its text.
#[derive(Default)]
struct LineHighlights {
    /// The entry whose links the terminal can open.
    link_entry: Option<EntryId>,
    ranges: Vec<Range<usize>>,
    /// The match that the user has stepped to.
    current: Option<Range<usize>>,
}

/// An index of the spans of a line by byte.
struct SpanIndex<'a>(Vec<(usize, &'a LineSpan)>);

impl<'a> SpanIndex<'a> {
    fn from_line(line: &'a LayoutLine) -> SpanIndex<'a> {
        let mut end = 0;
        let span = |span: &'a LineSpan| {
            end += span.text.len();
            (end, span)
        };
        SpanIndex(line.spans.iter().map(span).collect())
    }

    fn span_at(&self, byte: usize) -> Option<&'a LineSpan> {
        self.0.get(self.0.partition_point(|(end, _)| *end <= byte)).map(|(_, span)| *span)
    }
}

fn count_cells(text: &str) -> u16 {
    u16::try_from(text::width(text)).unwrap_or(u16::MAX)
}

/// A finder of matches. It searches whole blocks, because a phrase may continue in the next line.
struct MatchFinder<'a> {
    /// The entry whose links the terminal can open.
    link_entry: Option<EntryId>,
    query: &'a Query,
    view: &'a ArticleView,
    /// The last block, and the matches in it.
    cached_block: Option<(u32, Vec<Range<usize>>)>,
}

impl MatchFinder<'_> {
    fn highlights_in_line(&mut self, line: &LayoutLine) -> LineHighlights {
        if self.query.is_empty() {
            return LineHighlights { link_entry: self.link_entry, ..LineHighlights::default() };
        }
        let Some(source) = line.source else {
            let ranges = self.query.highlight_ranges(&line.text());
            return LineHighlights { link_entry: self.link_entry, ranges, current: None };
        };
        let cached = self.cached_block.take().filter(|(block, _)| *block == source.block);
        let found = cached.map_or_else(
            || self.query.highlight_ranges(&self.view.flow().block_text(source.block)),
            |(_, found)| found,
        );
        let range_in_line = |range: &Range<usize>| {
            let at = |byte: usize| {
                (byte + source.prefix_bytes).saturating_sub(source.start).max(source.prefix_bytes)
            };
            (range.end > source.start).then(|| at(range.start)..at(range.end))
        };
        let ranges = found.iter().filter_map(range_in_line).collect();
        let current = self
            .view
            .current_match()
            .filter(|hit| hit.block == source.block)
            .and_then(|hit| range_in_line(&hit.range));
        self.cached_block = Some((source.block, found));
        LineHighlights { link_entry: self.link_entry, ranges, current }
    }
}

fn emphasis_modifier(emphasis: Emphasis) -> Modifier {
    let modifiers = [
        (Emphasis::STRONG, Modifier::BOLD),
        (Emphasis::EMPHASIZED, Modifier::ITALIC),
        (Emphasis::STRIKETHROUGH, Modifier::CROSSED_OUT),
        (Emphasis::INSERTED, Modifier::UNDERLINED),
        (Emphasis::DIMMED, Modifier::DIM),
    ];
    modifiers
        .into_iter()
        .filter(|(style, _)| emphasis.contains(*style))
        .map(|(_, modifier)| modifier)
        .collect()
}
