//! `newsreader`: the reader itself.

use std::{fs, io::IsTerminal, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use crossbeam_channel::unbounded;
use ratatui::Terminal;

use super::{
    Args, Environment, Exit, library::Library, network, output, search, search::Search, themes::Themes,
};
use crate::{
    app::{App, Ending, Message, Setup, Size},
    command::{Command, Keymap},
    markup::Junk,
    model::{Failure, FailureKind, Scope},
    picture::{Paint, Way},
    runtime::{
        Browser, Loop, Ports, Reading, SAMPLES, Sources, Workers, collections, moment, run as run_loop,
        terminal::{Guard, Screen, read_input},
    },
    settings::{ImageProtocol, Layer, Settings, load, surroundings},
    store::Reader,
    ui::Skin,
};

/// Opens the reader; where there is no terminal for it, prints the list.
pub fn run(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let plain = !std::io::stdout().is_terminal() || environment.get("TERM") == Some("dumb");
    if plain {
        return search::print(&mut library, &Search::default());
    }
    read(args, environment, library)
}

fn read(args: &Args, environment: &Environment, library: Library) -> anyhow::Result<Exit> {
    let (settings, mut failures) = settings(args, environment);
    let settings = surroundings(settings, environment.variables());
    let ((typing, vim), key_failures) = keymaps(environment);
    failures.extend(key_failures);
    let (themes, theme_failures) = Themes::load(environment);
    failures.extend(theme_failures);
    failures.extend(themes.complaint(&settings.theme));
    failures.extend(network::wrong_rules(&settings));
    let start = Reader::open(&library.location)?.start_state()?;
    let (width, height) = crossterm_size()?;
    let paths = !args.paths.is_empty();
    let setup = Setup {
        typing,
        vim,
        themes: themes.names(),
        collections: collections(),
        kept: start.values,
        scope: paths.then_some(Scope::Everything),
        failures,
        warning: library.warning.as_ref().map(|warning| warning.summary.clone()),
        size: Size::new(width, height),
        now: moment(),
        settings: settings.clone(),
    };
    let (app, effects) = App::new(setup);
    let sources = match network::sources(environment, &settings) {
        Ok(sources) => sources,
        Err(error) => {
            output::note(&format!("newsreader: {error:#}"));
            Sources::offline()
        }
    };
    let workers = Workers::start(Ports {
        location: library.location,
        store: library.store,
        desktop: Arc::new(Browser),
        sources,
        reading: Reading {
            tidy: tidy(&settings),
            pictures: way(settings.article.image_protocol),
            spoken: settings.accessible,
            print: settings.article.print.clone(),
        },
        samples: if args.paths.is_empty() { SAMPLES } else { &[] },
        refresh_at_start: settings.refresh.at_start || !args.paths.is_empty(),
    })?;
    let skin_of = |name: &str| themes.skin(name, &settings);
    let app = draw(app, effects, &workers, &skin_of, environment)?;
    let unsaved = workers.end();
    if let Some(Ending::Died(name)) = app.ending {
        anyhow::bail!("the thread for {name} has stopped working; what was shown as saved is saved");
    }
    if let Some(unsaved) = unsaved {
        output::note(&format!(
            "newsreader: {} changes could not be saved. {}",
            unsaved.changes, unsaved.reason
        ));
        return Ok(Exit::Unsaved);
    }
    Ok(Exit::Done)
}

/// Takes the terminal and runs the loop on it.
fn draw(
    app: App,
    effects: crate::app::Effects,
    workers: &Workers,
    skin_of: &dyn Fn(&str) -> Skin,
    environment: &Environment,
) -> anyhow::Result<App> {
    let guard = Guard::enter().context("cannot take the terminal")?;
    let wake = workers.sender();
    let back = move || drop(wake.send(Message::Command(Command::Redraw)));
    guard.watch(Box::new(workers.rescue()), back).context("cannot watch for signals")?;
    let (keys, input) = unbounded();
    let escape = Duration::from_millis(app.look.settings.escape_ms);
    std::thread::Builder::new()
        .name("keys".to_owned())
        .spawn({
            let lent = guard.lent();
            move || read_input(&keys, lent, escape)
        })
        .context("cannot start reading keys")?;
    let terminal = Terminal::new(Screen::new(direct_stdout()?)).context("cannot draw on the terminal")?;
    let panic_on_f2 = environment.get("NEWSREADER_TEST_PANIC") == Some("1");
    let running = Loop { app, terminal, guard: guard.clone(), input: &input, workers, skin_of, panic_on_f2 };
    let app = run_loop(running, effects);
    guard.leave();
    app
}

/// Standard output without the standard library's buffer, which passes a frame on in small pieces.
#[cfg(unix)]
fn direct_stdout() -> anyhow::Result<fs::File> {
    use std::os::fd::AsFd;
    Ok(fs::File::from(std::io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn direct_stdout() -> anyhow::Result<std::io::Stdout> {
    Ok(std::io::stdout())
}

fn crossterm_size() -> anyhow::Result<(u16, u16)> {
    crate::runtime::terminal::size().context("cannot tell the size of the terminal")
}

/// What is taken out of the articles of feeds.
pub fn tidy(settings: &Settings) -> Vec<Junk> {
    settings.article.tidy.iter().filter_map(|tidy| Junk::named(tidy.name())).collect()
}

/// The settings of all layers, and what was wrong in them.
pub fn settings(args: &Args, environment: &Environment) -> (Settings, Vec<Failure>) {
    let mut layers = Vec::new();
    let mut failures = Vec::new();
    let file = args.settings.clone().or_else(|| Some(environment.config_folder()?.join("settings.toml")));
    let named = args.settings.is_some();
    match file.map(|file| (read_file(&file), file)) {
        Some((Ok(Some(text)), file)) => match Layer::file(&file.display().to_string(), &text) {
            Ok(layer) => layers.push(layer),
            Err(error) => failures.push(error.into()),
        },
        Some((Ok(None), file)) if named => {
            failures.push(Failure::new(
                FailureKind::Settings,
                format!("There is no settings file {}", file.display()),
            ));
        }
        Some((Err(failure), _)) => failures.push(failure),
        _ => {}
    }
    layers.push(Layer::environment(environment.variables()));
    layers.push(Layer::values("the command line", &flags(args)));
    let (settings, wrong) = load(layers);
    failures.extend(wrong);
    (settings, failures)
}

fn flags(args: &Args) -> Vec<(String, String)> {
    let theme = args.theme.clone().map(|theme| ("theme".to_owned(), theme));
    let keys = args.keys.clone().map(|keys| ("keys".to_owned(), keys));
    let accessible = args.accessible.then(|| ("accessible".to_owned(), "true".to_owned()));
    [theme, keys, accessible].into_iter().flatten().collect()
}

/// The keys of both presets, the user's over them, and what was wrong there.
pub fn keymaps(environment: &Environment) -> ((Keymap, Keymap), Vec<Failure>) {
    let built_in = (Keymap::typing(), Keymap::vim());
    let Some(file) = environment.config_folder().map(|folder| folder.join("keymap.toml")) else {
        return (built_in, Vec::new());
    };
    let text = match read_file(&file) {
        Ok(Some(text)) => text,
        Ok(None) => return (built_in, Vec::new()),
        Err(failure) => return (built_in, vec![failure]),
    };
    let (own, mistakes) = Keymap::read(&text);
    let failure = |mistake| Failure::new(FailureKind::Settings, format!("{}, {mistake}", file.display()));
    let failures = mistakes.iter().map(failure).collect();
    ((built_in.0.over(own.clone()), built_in.1.over(own)), failures)
}

/// A small text file; `None` if there is none.
fn read_file(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(Failure::new(FailureKind::Settings, format!("Cannot read {}: {error}", path.display())))
        }
    }
}

/// How pictures are shown, as the settings have it.
fn way(protocol: ImageProtocol) -> Way {
    match protocol {
        ImageProtocol::Kitty => Way::Kept,
        ImageProtocol::Sixel => Way::Painted(Paint::Sixel),
        ImageProtocol::Iterm2 => Way::Painted(Paint::Inline),
        ImageProtocol::Auto | ImageProtocol::Blocks => Way::Blocks,
    }
}
