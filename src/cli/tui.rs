//! `newsreader`: the reader itself.

use std::{fs, io::IsTerminal, sync::Arc, time::Duration};

use anyhow::Context as _;
use ratatui::Terminal;

use super::{
    config::{boilerplate_filters, load_keymaps, load_settings},
    environment::Environment,
    exit_status::ExitStatus,
    feed,
    fixed_choices::fixed_settings,
    global_args::GlobalArgs,
    network,
    open_library::OpenLibrary,
    opened::{OpenedItems, find_opened_items},
    output, queue, rule_file,
    search::{self, SearchArgs},
    theme_catalog::ThemeCatalog,
};
use crate::{
    app::{App, AppSetup, ExitReason, Message, Size},
    command::Command,
    library::{FeedSources, RuleLoader, SAMPLES, clock::local_now, starter_collections},
    model::ViewScope,
    picture::{ImageProtocol, RowEncoding},
    runtime::{
        EventLoop, PodcastOptions, Ports, ReadingOptions, SystemDesktop, Workers, load_sidebar,
        run_event_loop as run_loop, spawn_input_thread,
        terminal::{ScreenBackend, TerminalEvents, TerminalGuard},
    },
    settings::{ImageProtocolSetting, Settings, resolve_auto_settings},
    store::ReadConnection,
    ui::ScreenStyle,
};

/// Opens the reader; where there is no terminal for it, prints the list, or the feeds at an
/// address.
pub fn run(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let plain = args.json
        || !std::io::stdout().is_terminal()
        || environment.variable("TERM") == Some("dumb");
    let (paths, address) = match find_opened_items(&args.paths)? {
        OpenedItems::Paths(paths) => (paths, None),
        OpenedItems::Address(address) => (Vec::new(), Some(address)),
    };
    let args = &GlobalArgs { paths, ..args.clone() };
    match address {
        Some(address) if plain => feed::print_preview(args, environment, &address),
        None if plain => {
            let mut library = OpenLibrary::open_readable(args, environment)?;
            let search = SearchArgs { json: args.json, ..SearchArgs::default() };
            search::print_results(&mut library, &search)
        }
        address => {
            let mut library = OpenLibrary::open(args, environment)?;
            library.attach_rule_file(args, environment);
            run_tui(args, environment, library, address.as_deref())
        }
    }
}

/// Runs the reader on the terminal. With an address, the dialog that adds a feed opens and looks at
/// it.
fn run_tui(
    args: &GlobalArgs,
    environment: &Environment,
    library: OpenLibrary,
    address: Option<&str>,
) -> anyhow::Result<ExitStatus> {
    let (settings, mut failures) = load_settings(args, environment);
    let settings = resolve_auto_settings(settings, environment.variables());
    let (keymaps, key_failures) = load_keymaps(environment, &settings);
    failures.extend(key_failures);
    let (themes, theme_failures) = ThemeCatalog::load(environment);
    failures.extend(theme_failures);
    failures.extend(themes.unknown_theme_failure(&settings.theme));
    failures.extend(network::site_rule_failures(&settings));
    // Who looks into a folder wants to see all of it.
    let is_folder = !args.paths.is_empty();
    let rules =
        if is_folder { RuleLoader::default() } else { rule_file::rule_loader(args, environment) };
    failures.extend(rules.load().failures);
    let reader = ReadConnection::open(&library.location)?;
    let start = reader.load_preferences()?;
    let mut session = start.session;
    for setting in fixed_settings(args, environment) {
        session.forget_choice(setting);
    }
    let (width, height) = terminal_size()?;
    let paths = !args.paths.is_empty();
    let setup = AppSetup {
        type_keymap: keymaps.typing,
        vim_keymap: keymaps.vim,
        themes: themes.names(),
        collections: starter_collections,
        session,
        views: start.views,
        initial_scope: paths.then_some(ViewScope::All),
        failures,
        warning: library.warning.as_ref().map(|warning| warning.summary.clone()),
        size: Size::new(width, height),
        now: local_now(),
        settings: settings.clone(),
    };
    let (mut app, mut effects) = App::new(setup);
    // The first frame has the counts. A new library waits for its samples instead.
    if let Ok(sidebar) = load_sidebar(&reader)
        && !sidebar.feeds.is_empty()
    {
        effects = effects.and(app.update(Message::SidebarLoaded(Ok(sidebar)), local_now()));
    }
    drop(reader);
    if let Some(address) = address {
        effects = effects.and(app.look_up_address(address));
    }
    let can_write = library.can_write();
    let sources = match network::build_sources(environment, &settings) {
        Ok(sources) => sources,
        Err(error) => {
            output::write_stderr_line(&format!("newsreader: {error:#}"));
            FeedSources::offline()
        }
    };
    let sources = FeedSources { rules, ..sources };
    let podcasts = podcast_options(&library, &settings);
    let workers = Workers::start(Ports {
        location: library.location,
        store: library.writer,
        desktop: Arc::new(SystemDesktop { browser: settings.browser.clone() }),
        sources,
        reading: ReadingOptions {
            boilerplate: boilerplate_filters(&settings),
            image_protocol: image_protocol(settings.article.image_protocol),
            screen_reader: settings.accessible,
            print_command: settings.article.print.clone(),
        },
        podcasts,
        samples: if args.paths.is_empty() && can_write { SAMPLES } else { &[] },
        refresh_at_start: can_write && (settings.refresh.at_start || !args.paths.is_empty()),
    })?;
    let resolve_theme = |name: &str| themes.theme_styles(name, &settings);
    let app = run_on_terminal(app, effects, &workers, &resolve_theme, environment)?;
    let unsaved = workers.shut_down();
    if let Some(ExitReason::WorkerDied(name)) = app.exit_reason {
        anyhow::bail!(
            "the thread for {name} has stopped working; what was shown as saved is saved"
        );
    }
    if let Some(unsaved) = unsaved {
        output::write_stderr_line(&format!(
            "newsreader: {} could not be saved. {}",
            count_changes(unsaved.count),
            unsaved.reason
        ));
        return Ok(ExitStatus::UnsavedChanges);
    }
    Ok(ExitStatus::Success)
}

/// Returns what the reader needs for podcasts. Without a folder, downloads say so.
fn podcast_options(library: &OpenLibrary, settings: &Settings) -> PodcastOptions {
    let podcasts = &settings.podcasts;
    PodcastOptions {
        downloads: queue::download_folder(library, settings).ok(),
        player: podcasts.player.clone(),
        player_has_terminal: podcasts.player_terminal,
    }
}

/// Formats a number of changes: `1 change`, `2 changes`.
fn count_changes(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} change{plural}")
}

/// Takes the terminal and runs the loop on it.
fn run_on_terminal(
    app: App,
    effects: crate::app::Effects,
    workers: &Workers,
    resolve_theme: &dyn Fn(&str) -> ScreenStyle,
    environment: &Environment,
) -> anyhow::Result<App> {
    let guard = TerminalGuard::enter().context("cannot take the terminal")?;
    let wake = workers.message_sender();
    let back = move || drop(wake.send(Message::Command(Command::Redraw)));
    guard
        .watch_signals(Box::new(workers.rescue_handler()), back)
        .context("cannot watch for signals")?;
    let escape_timeout = Duration::from_millis(app.ui.settings.escape_ms);
    let events = TerminalEvents::new(guard.handover(), Arc::clone(workers.foreground()));
    let input = spawn_input_thread(events, escape_timeout).context("cannot start reading keys")?;
    let terminal = Terminal::new(ScreenBackend::new(unbuffered_stdout()?))
        .context("cannot draw on the terminal")?;
    let panic_on_f2 = environment.variable("NEWSREADER_TEST_PANIC") == Some("1");
    let running = EventLoop {
        app,
        terminal,
        guard: guard.clone(),
        input: &input,
        workers,
        resolve_theme,
        panic_on_f2,
        loaded_articles: Vec::new(),
    };
    let app = run_loop(running, effects);
    guard.leave();
    app
}

/// Standard output without the standard library's buffer, which passes a frame on in small pieces.
#[cfg(unix)]
fn unbuffered_stdout() -> anyhow::Result<fs::File> {
    use std::os::fd::AsFd;
    Ok(fs::File::from(std::io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn unbuffered_stdout() -> anyhow::Result<std::io::Stdout> {
    Ok(std::io::stdout())
}

fn terminal_size() -> anyhow::Result<(u16, u16)> {
    crate::runtime::terminal::terminal_size().context("cannot tell the size of the terminal")
}

/// Returns the protocol by which images are shown.
fn image_protocol(protocol: ImageProtocolSetting) -> ImageProtocol {
    match protocol {
        ImageProtocolSetting::Kitty => ImageProtocol::Kitty,
        ImageProtocolSetting::Sixel => ImageProtocol::Rows(RowEncoding::Sixel),
        ImageProtocolSetting::Iterm2 => ImageProtocol::Rows(RowEncoding::Iterm2),
        ImageProtocolSetting::Auto | ImageProtocolSetting::HalfBlocks => ImageProtocol::HalfBlocks,
    }
}

#[cfg(test)]
mod tests {
    use super::count_changes;

    #[test]
    fn count_changes_has_a_singular() {
        assert_eq!((count_changes(1), count_changes(2)), ("1 change".into(), "2 changes".into()));
    }
}
