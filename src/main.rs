//! The `newsreader` program; everything is in the library, [`newsreader::cli`] is its entry point.

fn main() -> std::process::ExitCode {
    newsreader::cli::main()
}
