//! The reading pane: headline, byline, and the lines of text in view.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    Scene,
    hyperlink::{self, Hyperlink},
    pen::{Lit, Pen},
};
use crate::{
    app::Shown,
    markup::{Emphasis, Line, LineSpan, Role, Target},
    model::{Entry, EntryId, Stamp},
    query::Query,
    settings::Hyperlinks,
    text::{self, bidi::Order},
};

impl Scene<'_> {
    /// Draws the article; tells where its text begins.
    pub(super) fn article(&self, pane: Rect, buffer: &mut Buffer) -> Position {
        let area = self.app.panes().text(self.app.look.settings.article.measure).unwrap_or(pane);
        match (self.app.entries.selected(), self.app.reader.shown()) {
            (Some(entry), Some(shown)) if shown.id() == entry.id => self.shown(entry, shown, area, buffer),
            _ => self.unavailable(area, buffer),
        }
        Position::new(area.x, area.y)
    }

    fn shown(&self, entry: &Entry, shown: &Shown, area: Rect, buffer: &mut Buffer) {
        let head = shown.head_rows();
        let headline = u16::try_from(shown.headline().len()).unwrap_or(0);
        let mut y = area.y;
        for row in shown.head_gone()..head {
            if y >= area.bottom() {
                return;
            }
            let place = Rect { y, height: 1, ..area };
            match row {
                _ if row < headline => {
                    let line = &shown.headline()[usize::from(row)];
                    let lit = self.app.filter.query().highlights(&line.text());
                    self.line(line, &Lights { lit, ..Lights::default() }, place, buffer);
                }
                _ if row == headline => self.byline(entry, shown, place, buffer),
                _ if row == headline + 1 => self.rule_under_head(place, buffer),
                _ => {}
            }
            y += 1;
        }
        let mut found = Found { entry: self.linked(entry), query: self.app.lit(), shown, piece: None };
        for (line, y) in shown.page().iter().zip(y..area.bottom()) {
            self.line(line, &found.in_line(line), Rect { y, height: 1, ..area }, buffer);
        }
        dim_around_ruler(shown, area, buffer);
    }

    /// The article whose links the terminal is told.
    fn linked(&self, entry: &Entry) -> Option<EntryId> {
        let wanted = self.app.look.settings.article.hyperlinks == Hyperlinks::On;
        wanted.then_some(entry.id)
    }

    fn rule_under_head(&self, place: Rect, buffer: &mut Buffer) {
        let rule = self.skin.glyphs.across.repeat(usize::from(place.width));
        Pen::new(buffer, place.x, place.y, place.width).clean(&rule, self.skin.theme.line);
    }

    /// "The Guardian · Anna Weil · 1 h ago · 6 min · ★"
    fn byline(&self, entry: &Entry, shown: &Shown, place: Rect, buffer: &mut Buffer) {
        let source = self.app.sidebar.feed(entry.feed).map(|feed| feed.name().to_owned());
        let when = match entry.published {
            Stamp::Day(day) => text::long(day),
            Stamp::Instant(at) => self.now.ago(at),
        };
        let minutes = format!("{} min", shown.minutes());
        let full_text = shown.full_text().filter(|(full, _)| *full);
        let full_text =
            full_text.map(|(_, host)| format!("from {}", if host.is_empty() { "the page" } else { host }));
        let facts: Vec<String> = [source, entry.author.clone(), Some(when), Some(minutes), full_text]
            .into_iter()
            .flatten()
            .collect();
        let dot = format!(" {} ", self.skin.glyphs.dot);
        let mut pen = Pen::new(buffer, place.x, place.y, place.width).arranged(self.app.look.writer());
        pen.cut(&facts.join(&dot), self.skin.theme.muted);
        if entry.state.starred {
            let star = if self.app.look.settings.accessible { "starred" } else { self.skin.glyphs.star };
            pen.put(&dot, self.skin.theme.muted).put(star, self.skin.theme.star);
        }
    }

    /// One line of an article, what was found in it lit up.
    fn line(&self, line: &Line, lights: &Lights, place: Rect, buffer: &mut Buffer) {
        let matched = self.skin.theme.matched;
        let lit = Lit {
            ranges: &lights.lit,
            style: matched,
            marked: lights.marked.clone(),
            marked_style: matched.add_modifier(Modifier::REVERSED),
        };
        if let Some(row) = line.picture {
            return self.picture_row(line, row, place, buffer);
        }
        if let Some(order) = &line.order {
            return self.ordered(line, order, &lit, lights.entry, place, buffer);
        }
        let mut pen = Pen::new(buffer, place.x, place.y, place.width);
        let mut from = 0;
        for span in &line.spans {
            let start = pen.x();
            self.span(span, from, &lit, &mut pen);
            from += span.text.len();
            if let (Some(link), Some(entry)) = (span.link.and_then(Target::link), lights.entry) {
                pen.lead(start, Hyperlink { entry, link });
            }
        }
    }

    /// A line with right-to-left text in it. In a right-to-left paragraph it stands at the right, its marks beside it.
    fn ordered(
        &self,
        line: &Line,
        order: &Order,
        lit: &Lit<'_>,
        entry: Option<EntryId>,
        place: Rect,
        buffer: &mut Buffer,
    ) {
        let text = line.text();
        let marks = line.source.map_or(0, |source| source.marks).min(text.len());
        let (columns, edge) = (cells(&text[marks..]), cells(&text[..marks]));
        let (x, marks_x) = if order.rtl {
            let right = place.right().saturating_sub(edge);
            (right.saturating_sub(columns).max(place.x), right)
        } else {
            (place.x + edge, place.x)
        };
        let mut from = 0;
        let mut pen = Pen::new(buffer, marks_x, place.y, edge);
        for span in line.spans.iter().take_while(|span| {
            from += span.text.len();
            from <= marks
        }) {
            let mark: String = if order.rtl { span.text.chars().rev().collect() } else { span.text.clone() };
            self.span(&LineSpan { text: mark, ..span.clone() }, text.len(), lit, &mut pen);
        }
        let looks = Looks::of(line);
        let writer = self.app.look.writer();
        let mut pen = Pen::new(buffer, x, place.y, place.width).arranged(writer);
        let written = pen.ordered(&text[marks..], order, |byte| {
            let span = looks.at(marks + byte);
            let style = span.map_or(self.skin.theme.text, |span| {
                self.role(span.role).add_modifier(emphasis(span.emphasis))
            });
            lit.at(marks + byte, style)
        });
        for (x, byte) in written {
            let leads = looks.at(marks + byte).and_then(|span| span.link).and_then(Target::link);
            if let (Some(link), Some(entry)) = (leads, entry) {
                hyperlink::lead(buffer, place.y, x, x + 1, Hyperlink { entry, link });
            }
        }
    }

    fn span(&self, span: &LineSpan, from: usize, lit: &Lit<'_>, pen: &mut Pen<'_>) {
        let style = self.role(span.role).add_modifier(emphasis(span.emphasis));
        let marks = &self.skin.glyphs.marks;
        match marks.iter().find(|(mark, drawn)| mark != drawn && span.text.contains(mark)) {
            Some((mark, drawn)) => pen.clean(&span.text.replace(mark, drawn), style),
            None => pen.lit(&span.text, style, from, lit),
        };
    }

    fn role(&self, role: Role) -> Style {
        let theme = &self.skin.theme;
        match role {
            Role::Text | Role::TableCell => theme.text,
            Role::Heading | Role::TableHead => theme.heading,
            Role::Quote => theme.quote,
            Role::QuoteMark => theme.focus,
            Role::Code => theme.code,
            Role::ListMark | Role::Rule | Role::More | Role::Caption => theme.muted,
            Role::Link | Role::LinkNumber | Role::Image => theme.link,
        }
    }

    fn unavailable(&self, area: Rect, buffer: &mut Buffer) {
        if let Some(failure) = self.app.reader.failure() {
            Pen::new(buffer, area.x, area.y, area.width).cut(&failure.summary, self.skin.theme.error);
        }
    }
}

/// Dims every row but the one that the reading ruler is on.
fn dim_around_ruler(shown: &Shown, area: Rect, buffer: &mut Buffer) {
    let Some(row) = shown.ruler() else { return };
    for y in (area.top()..area.bottom()).filter(|y| *y != area.y + row) {
        buffer.set_style(Rect { y, height: 1, ..area }, Modifier::DIM);
    }
}

/// What lights up in a line: bytes of its text.
#[derive(Default)]
struct Lights {
    /// The article whose links its words may lead to.
    entry: Option<EntryId>,
    lit: Vec<Range<usize>>,
    /// The place that was found last.
    marked: Option<Range<usize>>,
}

/// The spans of a line by their bytes.
struct Looks<'a>(Vec<(usize, &'a LineSpan)>);

impl<'a> Looks<'a> {
    fn of(line: &'a Line) -> Looks<'a> {
        let mut end = 0;
        let span = |span: &'a LineSpan| {
            end += span.text.len();
            (end, span)
        };
        Looks(line.spans.iter().map(span).collect())
    }

    fn at(&self, byte: usize) -> Option<&'a LineSpan> {
        self.0.get(self.0.partition_point(|(end, _)| *end <= byte)).map(|(_, span)| *span)
    }
}

fn cells(text: &str) -> u16 {
    u16::try_from(text::width(text)).unwrap_or(u16::MAX)
}

/// What was found in the article, piece by piece: a phrase may go on in the next line.
struct Found<'a> {
    /// The article, if the terminal is to know its links.
    entry: Option<EntryId>,
    query: &'a Query,
    shown: &'a Shown,
    /// The piece that was looked at last, and what was found in it.
    piece: Option<(u32, Vec<Range<usize>>)>,
}

impl Found<'_> {
    fn in_line(&mut self, line: &Line) -> Lights {
        if self.query.is_empty() {
            return Lights { entry: self.entry, ..Lights::default() };
        }
        let Some(source) = line.source else {
            let lit = self.query.highlights(&line.text());
            return Lights { entry: self.entry, lit, marked: None };
        };
        let known = self.piece.take().filter(|(piece, _)| *piece == source.piece);
        let found = known
            .map_or_else(|| self.query.highlights(&self.shown.flow().text(source.piece)), |(_, found)| found);
        let here = |range: &Range<usize>| {
            let at = |byte: usize| (byte + source.marks).saturating_sub(source.start).max(source.marks);
            (range.end > source.start).then(|| at(range.start)..at(range.end))
        };
        let lit = found.iter().filter_map(here).collect();
        let marked =
            self.shown.marked().filter(|hit| hit.piece == source.piece).and_then(|hit| here(&hit.range));
        self.piece = Some((source.piece, found));
        Lights { entry: self.entry, lit, marked }
    }
}

fn emphasis(emphasis: Emphasis) -> Modifier {
    let modifiers = [
        (Emphasis::STRONG, Modifier::BOLD),
        (Emphasis::STRESSED, Modifier::ITALIC),
        (Emphasis::STRUCK, Modifier::CROSSED_OUT),
    ];
    modifiers.into_iter().filter(|(way, _)| emphasis.has(*way)).map(|(_, modifier)| modifier).collect()
}
