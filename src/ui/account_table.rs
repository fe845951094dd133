//! The table of accounts as it is drawn: a row for each, and the selected one in full.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, feed_dialogs::FormFoot, row_painter::RowPainter};
use crate::{
    app::{
        AccountForm, AccountTable, PaneLayout, account_state_sentence, account_state_text,
        waiting_text,
    },
    command::Command,
    markup::wrap_sentence,
    model::ListedAccount,
    text::{capitalize, group_thousands, width},
};

/// Width of the column with the number of changes that wait.
const WAITING_COLUMNS: u16 = 7;

/// Width of the table from which on the server and the user are shown.
const MIN_COLUMNS_WITH_SERVER: u16 = 64;

/// The cells of a row.
struct AccountCells {
    name: String,
    server: String,
    user: String,
    state: String,
    waiting: String,
}

impl ScreenPainter<'_> {
    pub(super) fn draw_account_table(
        &self,
        table: &AccountTable,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let accounts = &self.app.sidebar.data().accounts;
        let layout = table.layout(panes);
        let inner = self.draw_box(layout.frame, &self.account_table_title(accounts), buffer);
        let list = layout.list;
        if accounts.is_empty() {
            self.draw_no_accounts(list, buffer);
            return self.spoken_position(Some(list.as_position()));
        }
        if !self.app.ui.settings.accessible {
            let [name, server, user, state, waiting] =
                ["Account", "Server", "User", "State", "Waiting"].map(str::to_owned);
            let headings = AccountCells { name, server, user, state, waiting };
            let area = Rect { y: list.y.saturating_sub(1), height: 1, ..list };
            let muted = self.style.theme.muted;
            self.draw_account_cells(&headings, (muted, muted), area, buffer);
        }
        let (top, selected) = (table.window.top_index(), table.selected_index(accounts));
        let rows = accounts.iter().enumerate().skip(top);
        for ((index, listed), y) in rows.zip(list.y..list.bottom()) {
            let area = Rect { y, height: 1, ..list };
            self.draw_account_row(listed, index == selected, area, buffer);
        }
        let details = Rect { y: list.bottom(), height: inner.bottom() - list.bottom(), ..inner };
        self.draw_account_details(table.selected(accounts), details, buffer);
        let row = u16::try_from(selected.saturating_sub(top)).unwrap_or(0);
        self.spoken_position(Some(Position::new(list.x, list.y + row)))
    }

    fn account_table_title(&self, accounts: &[ListedAccount]) -> String {
        let failing = accounts.iter().filter(|listed| is_failing(listed)).count();
        match (accounts.len(), failing) {
            (0, _) => "Accounts".to_owned(),
            (count, 0) => format!("Accounts  {count}"),
            (count, failing) => {
                format!("Accounts  {count} {} {failing} failing", self.style.glyphs.separator)
            }
        }
    }

    fn draw_no_accounts(&self, area: Rect, buffer: &mut Buffer) {
        let add = self.shortcut(Command::AddAccount);
        let add = add.map_or_else(String::new, |key| format!(": {key} adds one"));
        let text = format!(
            "No accounts yet{add}. A server such as FreshRSS or Miniflux fetches feeds for you and \
             keeps what is read and starred alike on all your machines."
        );
        for (row, y) in wrap_sentence(&text, area.width, area.height).iter().zip(area.y..) {
            RowPainter::new(buffer, area.x, y, area.width)
                .put_truncated(row, self.style.theme.muted);
        }
    }

    fn account_state(&self, listed: &ListedAccount) -> String {
        if self.app.jobs.is_syncing(listed.id()) {
            return "syncing…".to_owned();
        }
        account_state_text(listed, self.now)
    }

    fn draw_account_row(
        &self,
        listed: &ListedAccount,
        is_selected: bool,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = &self.style.theme;
        let (style, failing) = if is_selected {
            (theme.selection, theme.selection)
        } else {
            (theme.text, theme.error)
        };
        buffer.set_style(area, style);
        if self.app.ui.settings.accessible {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .put_truncated(&self.spoken_account_row(listed), style);
            return;
        }
        let login = &listed.account.login;
        let waiting = if listed.waiting == 0 {
            String::new()
        } else {
            group_thousands(listed.waiting as u64)
        };
        let cells = AccountCells {
            name: listed.account.name.clone(),
            server: login.url.clone(),
            user: login.user.clone(),
            state: self.account_state(listed),
            waiting,
        };
        let state = if is_failing(listed) { failing } else { style };
        self.draw_account_cells(&cells, (style, state), area, buffer);
    }

    /// Returns the row of an account for screen readers, which do not read the headings with it. The
    /// state comes early, because long rows are cut.
    fn spoken_account_row(&self, listed: &ListedAccount) -> String {
        let login = &listed.account.login;
        let parts = [
            Some(listed.account.name.clone()),
            Some(self.account_state(listed)),
            waiting_text(listed.waiting),
            Some(format!("{} at {}", login.user, login.url)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Draws the columns of a row; narrow screens have the name, the state and what waits.
    fn draw_account_cells(
        &self,
        cells: &AccountCells,
        (style, state_style): (Style, Style),
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let is_wide = area.width >= MIN_COLUMNS_WITH_SERVER;
        let room = area.width.saturating_sub(WAITING_COLUMNS);
        let name = if is_wide { room / 5 } else { room * 2 / 5 };
        let (server, user) = if is_wide { (room * 3 / 10, room / 8) } else { (0, 0) };
        let state = room.saturating_sub(name + server + user);
        let mut x = area.x;
        for (text, columns, style) in [
            (&cells.name, name, style),
            (&cells.server, server, style),
            (&cells.user, user, style),
            (&cells.state, state, state_style),
        ] {
            RowPainter::new(buffer, x, area.y, columns.saturating_sub(1))
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(text, style);
            x += columns;
        }
        let columns =
            u16::try_from(width(&cells.waiting)).unwrap_or(WAITING_COLUMNS).min(WAITING_COLUMNS);
        RowPainter::new(buffer, area.right() - columns, area.y, columns)
            .put_truncated(&cells.waiting, style);
    }

    /// Draws the selected account in full.
    fn draw_account_details(
        &self,
        listed: Option<&ListedAccount>,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let Some(listed) = listed.filter(|_| area.height > 2) else { return };
        let theme = &self.style.theme;
        let login = &listed.account.login;
        let dot = self.style.glyphs.separator;
        let address = format!(
            "{}  {} {dot} {} {dot} {}",
            listed.account.name,
            login.url,
            login.user,
            login.kind.title()
        );
        RowPainter::new(buffer, area.x, area.y + 1, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&address, theme.text);
        let sentence = capitalize(&account_state_sentence(listed, self.now));
        let style = if is_failing(listed) { theme.error } else { theme.muted };
        let rows = wrap_sentence(&sentence, area.width, area.height.saturating_sub(2));
        for (row, y) in rows.iter().zip(area.y + 2..area.bottom()) {
            RowPainter::new(buffer, area.x, y, area.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(row, style);
        }
    }

    /// Draws the form of an account; returns the position of its caret.
    pub(super) fn draw_account_form(
        &self,
        form: &AccountForm,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let note = form.waiting_text().map(|text| (text, self.style.theme.text));
        let foot = FormFoot { note, help: None };
        self.draw_form(&form.title, &form.form, &foot, panes, buffer)
    }
}

fn is_failing(listed: &ListedAccount) -> bool {
    let state = &listed.account.sync_state;
    state.failure.is_some() || state.consecutive_failures > 0
}
