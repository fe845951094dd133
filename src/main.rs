//! Starts the program.

fn main() -> std::process::ExitCode {
    newsreader::cli::main()
}
