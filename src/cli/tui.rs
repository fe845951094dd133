//! `newsreader`: the reader itself.

use std::{fs, io::IsTerminal, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use crossbeam_channel::unbounded;
use ratatui::Terminal;

use super::{
    CliArgs, Environment, ExitStatus, network, open_library::OpenLibrary, output, search,
    search::SearchArgs, theme_catalog::ThemeCatalog,
};
use crate::{
    app::{App, AppSetup, ExitReason, Message, Size},
    command::{Command, Keymap},
    markup::BoilerplateRule,
    model::{Failure, FailureKind, ViewScope},
    picture::{ImageProtocol, RowEncoding},
    runtime::{
        EventLoop, FeedSources, Ports, ReadingOptions, SAMPLES, SystemDesktop, Workers, local_now,
        run_event_loop as run_loop, starter_collections,
        terminal::{ScreenBackend, TerminalGuard, read_input},
    },
    settings::{
        ImageProtocolSetting, Settings, SettingsLayer, merge_layers, resolve_auto_settings,
    },
    store::ReadConnection,
    ui::ScreenStyle,
};

/// Opens the reader; where there is no terminal for it, prints the list.
pub fn run(args: &CliArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    let plain = !std::io::stdout().is_terminal() || environment.variable("TERM") == Some("dumb");
    if plain {
        return search::print_results(&mut library, &SearchArgs::default());
    }
    run_tui(args, environment, library)
}

fn run_tui(
    args: &CliArgs,
    environment: &Environment,
    library: OpenLibrary,
) -> anyhow::Result<ExitStatus> {
    let (settings, mut failures) = load_settings(args, environment);
    let settings = resolve_auto_settings(settings, environment.variables());
    let ((typing, vim), key_failures) = load_keymaps(environment);
    failures.extend(key_failures);
    let (themes, theme_failures) = ThemeCatalog::load(environment);
    failures.extend(theme_failures);
    failures.extend(themes.unknown_theme_failure(&settings.theme));
    failures.extend(network::site_rule_failures(&settings));
    let start = ReadConnection::open(&library.location)?.load_preferences()?;
    let (width, height) = terminal_size()?;
    let paths = !args.paths.is_empty();
    let setup = AppSetup {
        type_keymap: typing,
        vim_keymap: vim,
        themes: themes.names(),
        collections: starter_collections(),
        preferences: start.values,
        initial_scope: paths.then_some(ViewScope::All),
        failures,
        warning: library.warning.as_ref().map(|warning| warning.summary.clone()),
        size: Size::new(width, height),
        now: local_now(),
        settings: settings.clone(),
    };
    let (app, effects) = App::new(setup);
    let sources = match network::build_sources(environment, &settings) {
        Ok(sources) => sources,
        Err(error) => {
            output::write_stderr_line(&format!("newsreader: {error:#}"));
            FeedSources::offline()
        }
    };
    let workers = Workers::start(Ports {
        location: library.location,
        store: library.writer,
        desktop: Arc::new(SystemDesktop),
        sources,
        reading: ReadingOptions {
            boilerplate: boilerplate_filters(&settings),
            image_protocol: image_protocol(settings.article.image_protocol),
            screen_reader: settings.accessible,
            print_command: settings.article.print.clone(),
        },
        samples: if args.paths.is_empty() { SAMPLES } else { &[] },
        refresh_at_start: settings.refresh.at_start || !args.paths.is_empty(),
    })?;
    let skin_of = |name: &str| themes.theme_styles(name, &settings);
    let app = run_on_terminal(app, effects, &workers, &skin_of, environment)?;
    let unsaved = workers.shut_down();
    if let Some(ExitReason::WorkerDied(name)) = app.exit_reason {
        anyhow::bail!(
            "the thread for {name} has stopped working; what was shown as saved is saved"
        );
    }
    if let Some(unsaved) = unsaved {
        output::write_stderr_line(&format!(
            "newsreader: {} changes could not be saved. {}",
            unsaved.count, unsaved.reason
        ));
        return Ok(ExitStatus::UnsavedChanges);
    }
    Ok(ExitStatus::Success)
}

/// Takes the terminal and runs the loop on it.
fn run_on_terminal(
    app: App,
    effects: crate::app::Effects,
    workers: &Workers,
    skin_of: &dyn Fn(&str) -> ScreenStyle,
    environment: &Environment,
) -> anyhow::Result<App> {
    let guard = TerminalGuard::enter().context("cannot take the terminal")?;
    let wake = workers.message_sender();
    let back = move || drop(wake.send(Message::Command(Command::Redraw)));
    guard
        .watch_signals(Box::new(workers.rescue_handler()), back)
        .context("cannot watch for signals")?;
    let (keys, input) = unbounded();
    let escape = Duration::from_millis(app.ui.settings.escape_ms);
    std::thread::Builder::new()
        .name("keys".to_owned())
        .spawn({
            let lent = guard.handover();
            move || read_input(&keys, lent, escape)
        })
        .context("cannot start reading keys")?;
    let terminal = Terminal::new(ScreenBackend::new(unbuffered_stdout()?))
        .context("cannot draw on the terminal")?;
    let panic_on_f2 = environment.variable("NEWSREADER_TEST_PANIC") == Some("1");
    let running = EventLoop {
        app,
        terminal,
        guard: guard.clone(),
        input: &input,
        workers,
        resolve_theme: skin_of,
        panic_on_f2,
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

/// What is taken out of the articles of feeds.
pub fn boilerplate_filters(settings: &Settings) -> Vec<BoilerplateRule> {
    settings
        .article
        .tidy
        .iter()
        .filter_map(|tidy| BoilerplateRule::from_name(tidy.name()))
        .collect()
}

/// The settings of all layers, and what was wrong in them.
pub fn load_settings(args: &CliArgs, environment: &Environment) -> (Settings, Vec<Failure>) {
    let mut layers = Vec::new();
    let mut failures = Vec::new();
    let file =
        args.settings.clone().or_else(|| Some(environment.config_folder()?.join("settings.toml")));
    let named = args.settings.is_some();
    match file.map(|file| (read_optional_file(&file), file)) {
        Some((Ok(Some(text)), file)) => {
            match SettingsLayer::from_toml(&file.display().to_string(), &text) {
                Ok(layer) => layers.push(layer),
                Err(error) => failures.push(error.into()),
            }
        }
        Some((Ok(None), file)) if named => {
            failures.push(Failure::new(
                FailureKind::Settings,
                format!("There is no settings file {}", file.display()),
            ));
        }
        Some((Err(failure), _)) => failures.push(failure),
        _ => {}
    }
    layers.push(SettingsLayer::from_environment(environment.variables()));
    layers.push(SettingsLayer::from_values("the command line", &flag_values(args)));
    let (settings, wrong) = merge_layers(layers);
    failures.extend(wrong);
    (settings, failures)
}

fn flag_values(args: &CliArgs) -> Vec<(String, String)> {
    let theme = args.theme.clone().map(|theme| ("theme".to_owned(), theme));
    let keys = args.keys.clone().map(|keys| ("keys".to_owned(), keys));
    let accessible = args.accessible.then(|| ("accessible".to_owned(), "true".to_owned()));
    [theme, keys, accessible].into_iter().flatten().collect()
}

/// The keys of both presets, the user's over them, and what was wrong there.
pub fn load_keymaps(environment: &Environment) -> ((Keymap, Keymap), Vec<Failure>) {
    let built_in = (Keymap::type_preset(), Keymap::vim_preset());
    let Some(file) = environment.config_folder().map(|folder| folder.join("keymap.toml")) else {
        return (built_in, Vec::new());
    };
    let text = match read_optional_file(&file) {
        Ok(Some(text)) => text,
        Ok(None) => return (built_in, Vec::new()),
        Err(failure) => return (built_in, vec![failure]),
    };
    let (own, mistakes) = Keymap::parse_lenient(&text);
    let failure =
        |mistake| Failure::new(FailureKind::Settings, format!("{}, {mistake}", file.display()));
    let failures = mistakes.iter().map(failure).collect();
    ((built_in.0.overridden_by(own.clone()), built_in.1.overridden_by(own)), failures)
}

/// A small text file; `None` if there is none.
fn read_optional_file(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(
            FailureKind::Settings,
            format!("Cannot read {}: {error}", path.display()),
        )),
    }
}

/// How pictures are shown, as the settings have it.
fn image_protocol(protocol: ImageProtocolSetting) -> ImageProtocol {
    match protocol {
        ImageProtocolSetting::Kitty => ImageProtocol::Kitty,
        ImageProtocolSetting::Sixel => ImageProtocol::Rows(RowEncoding::Sixel),
        ImageProtocolSetting::Iterm2 => ImageProtocol::Rows(RowEncoding::Iterm2),
        ImageProtocolSetting::Auto | ImageProtocolSetting::HalfBlocks => ImageProtocol::HalfBlocks,
    }
}
