//! The reading pane: headline, byline, and the lines of text in view.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    ScreenPainter,
    hyperlink::{self, Hyperlink},
    row_painter::{Highlights, RowPainter},
};
use crate::{
    app::ArticleView,
    markup::{Emphasis, LayoutLine, LineSpan, LinkTarget, SpanRole},
    model::{Entry, EntryId, PublicationDate, TextSource},
    query::Query,
    settings::HyperlinkMode,
    text::{self, bidi::LineOrder},
};

impl ScreenPainter<'_> {
    /// Draws the article; returns the position of its text.
    pub(super) fn draw_article(&self, pane: Rect, buffer: &mut Buffer) -> Position {
        let area =
            self.app.pane_layout().text_area(self.app.ui.settings.article.measure).unwrap_or(pane);
        match (self.app.entry_list.selected_entry(), self.app.article_pane.view()) {
            (Some(entry), Some(shown)) if shown.entry_id() == entry.id => {
                self.draw_article_view(entry, shown, area, buffer);
            }
            _ => self.draw_article_failure(area, buffer),
        }
        Position::new(area.x, area.y)
    }

    fn draw_article_view(
        &self,
        entry: &Entry,
        shown: &ArticleView,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let head = shown.head_rows();
        let headline = u16::try_from(shown.headline().len()).unwrap_or(0);
        let mut y = area.y;
        for row in shown.hidden_head_rows()..head {
            if y >= area.bottom() {
                return;
            }
            let place = Rect { y, height: 1, ..area };
            match row {
                _ if row < headline => {
                    let line = &shown.headline()[usize::from(row)];
                    let lit = self.app.filter_bar.query().highlight_ranges(&line.text());
                    self.draw_line(
                        line,
                        &LineHighlights { ranges: lit, ..LineHighlights::default() },
                        place,
                        buffer,
                    );
                }
                _ if row == headline => self.draw_byline(entry, shown, place, buffer),
                _ if row == headline + 1 => self.draw_head_rule(place, buffer),
                _ => {}
            }
            y += 1;
        }
        let mut found = MatchFinder {
            link_entry: self.link_entry(entry),
            query: self.app.highlight_query(),
            view: shown,
            cached_block: None,
        };
        for (line, y) in shown.visible_lines().iter().zip(y..area.bottom()) {
            self.draw_line(
                line,
                &found.highlights_in_line(line),
                Rect { y, height: 1, ..area },
                buffer,
            );
        }
        dim_around_ruler(shown, area, buffer);
    }

    /// Returns the entry whose links the terminal can open, if it should.
    fn link_entry(&self, entry: &Entry) -> Option<EntryId> {
        let wanted = self.app.ui.settings.article.hyperlinks == HyperlinkMode::On;
        wanted.then_some(entry.id)
    }

    fn draw_head_rule(&self, place: Rect, buffer: &mut Buffer) {
        let rule = self.style.glyphs.horizontal.repeat(usize::from(place.width));
        RowPainter::new(buffer, place.x, place.y, place.width)
            .put_sanitized(&rule, self.style.theme.line);
    }

    /// Draws the byline: `The Guardian · Anna Weil · 1 h ago · 6 min · ★`.
    fn draw_byline(&self, entry: &Entry, shown: &ArticleView, place: Rect, buffer: &mut Buffer) {
        let source = self.app.sidebar.feed(entry.feed).map(|feed| feed.display_name().to_owned());
        let when = match entry.published {
            PublicationDate::Day(day) => text::format_long_date(day),
            PublicationDate::Instant(at) => self.now.format_long_age(at),
        };
        let minutes = format!("{} min", shown.reading_minutes());
        let full_text = shown.full_text().filter(|full| full.shown == TextSource::Page);
        let full_text = full_text.map(|full| format!("from {}", full.host_or_page()));
        let facts: Vec<String> =
            [source, entry.author.clone(), Some(when), Some(minutes), full_text]
                .into_iter()
                .flatten()
                .collect();
        let dot = format!(" {} ", self.style.glyphs.separator);
        let mut pen = RowPainter::new(buffer, place.x, place.y, place.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        pen.put_truncated(&facts.join(&dot), self.style.theme.muted);
        if entry.state.starred {
            let star =
                if self.app.ui.settings.accessible { "starred" } else { self.style.glyphs.star };
            pen.put_text(&dot, self.style.theme.muted).put_text(star, self.style.theme.star);
        }
    }

    /// Draws a line of the article with the matches in it highlighted.
    fn draw_line(
        &self,
        line: &LayoutLine,
        lights: &LineHighlights,
        place: Rect,
        buffer: &mut Buffer,
    ) {
        let matched = self.style.theme.matched;
        let lit = Highlights {
            ranges: &lights.ranges,
            style: matched,
            current: lights.current.clone(),
            current_style: matched.add_modifier(Modifier::REVERSED),
        };
        if let Some(row) = line.picture {
            return self.draw_picture_row(line, row, place, buffer);
        }
        if let Some(order) = &line.visual_order {
            return self.draw_bidi_line(line, order, &lit, lights.link_entry, place, buffer);
        }
        let mut pen = RowPainter::new(buffer, place.x, place.y, place.width);
        let mut from = 0;
        for span in &line.spans {
            let start = pen.x();
            self.draw_span(span, from, &lit, &mut pen);
            from += span.text.len();
            if let (Some(link), Some(entry)) =
                (span.link.and_then(LinkTarget::link_id), lights.link_entry)
            {
                pen.link_since(start, Hyperlink { entry, link });
            }
        }
    }

    /// Draws a line with right-to-left text. In a right-to-left paragraph it is aligned right, with its marks beside it.
    fn draw_bidi_line(
        &self,
        line: &LayoutLine,
        order: &LineOrder,
        lit: &Highlights<'_>,
        entry: Option<EntryId>,
        place: Rect,
        buffer: &mut Buffer,
    ) {
        let text = line.text();
        let marks = line.source.map_or(0, |source| source.prefix_bytes).min(text.len());
        let (columns, edge) = (count_cells(&text[marks..]), count_cells(&text[..marks]));
        let (x, marks_x) = if order.rtl {
            let right = place.right().saturating_sub(edge);
            (right.saturating_sub(columns).max(place.x), right)
        } else {
            (place.x + edge, place.x)
        };
        let mut from = 0;
        let mut pen = RowPainter::new(buffer, marks_x, place.y, edge);
        for span in line.spans.iter().take_while(|span| {
            from += span.text.len();
            from <= marks
        }) {
            let mark: String =
                if order.rtl { span.text.chars().rev().collect() } else { span.text.clone() };
            self.draw_span(&LineSpan { text: mark, ..span.clone() }, text.len(), lit, &mut pen);
        }
        let looks = SpanIndex::from_line(line);
        let writer = self.app.ui.bidi_mode();
        let mut pen = RowPainter::new(buffer, x, place.y, place.width).with_bidi_mode(writer);
        let written = pen.put_reordered(&text[marks..], order, |byte| {
            let span = looks.span_at(marks + byte);
            let style = span.map_or(self.style.theme.text, |span| {
                self.role_style(span.role).add_modifier(emphasis_modifier(span.emphasis))
            });
            lit.style_at(marks + byte, style)
        });
        for (x, byte) in written {
            let leads = looks
                .span_at(marks + byte)
                .and_then(|span| span.link)
                .and_then(LinkTarget::link_id);
            if let (Some(link), Some(entry)) = (leads, entry) {
                hyperlink::link_cells(buffer, place.y, x, x + 1, Hyperlink { entry, link });
            }
        }
    }

    fn draw_span(
        &self,
        span: &LineSpan,
        from: usize,
        lit: &Highlights<'_>,
        pen: &mut RowPainter<'_>,
    ) {
        let style = self.role_style(span.role).add_modifier(emphasis_modifier(span.emphasis));
        let marks = &self.style.glyphs.text_markers;
        match marks.iter().find(|(mark, drawn)| mark != drawn && span.text.contains(mark)) {
            Some((mark, drawn)) => pen.put_sanitized(&span.text.replace(mark, drawn), style),
            None => pen.put_highlighted(&span.text, style, from, lit),
        };
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

    fn draw_article_failure(&self, area: Rect, buffer: &mut Buffer) {
        if let Some(failure) = self.app.article_pane.failure() {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .put_truncated(&failure.summary, self.style.theme.error);
        }
    }
}

/// Dims every row but that of the reading ruler.
fn dim_around_ruler(shown: &ArticleView, area: Rect, buffer: &mut Buffer) {
    let Some(row) = shown.ruler_row() else { return };
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
    /// The match that is shown.
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

/// A finder of matches, block by block, since a phrase may go on in the next line.
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
            let lit = self.query.highlight_ranges(&line.text());
            return LineHighlights { link_entry: self.link_entry, ranges: lit, current: None };
        };
        let known = self.cached_block.take().filter(|(piece, _)| *piece == source.block);
        let found = known.map_or_else(
            || self.query.highlight_ranges(&self.view.flow().block_text(source.block)),
            |(_, found)| found,
        );
        let here = |range: &Range<usize>| {
            let at = |byte: usize| {
                (byte + source.prefix_bytes).saturating_sub(source.start).max(source.prefix_bytes)
            };
            (range.end > source.start).then(|| at(range.start)..at(range.end))
        };
        let lit = found.iter().filter_map(here).collect();
        let marked = self
            .view
            .current_hit()
            .filter(|hit| hit.block == source.block)
            .and_then(|hit| here(&hit.range));
        self.cached_block = Some((source.block, found));
        LineHighlights { link_entry: self.link_entry, ranges: lit, current: marked }
    }
}

fn emphasis_modifier(emphasis: Emphasis) -> Modifier {
    let modifiers = [
        (Emphasis::STRONG, Modifier::BOLD),
        (Emphasis::EMPHASIZED, Modifier::ITALIC),
        (Emphasis::STRIKETHROUGH, Modifier::CROSSED_OUT),
    ];
    modifiers
        .into_iter()
        .filter(|(way, _)| emphasis.contains(*way))
        .map(|(_, modifier)| modifier)
        .collect()
}
