//! The `ipeek` command: parse, run, print the error, exit.

fn main() -> std::process::ExitCode {
    ipeek::run::main()
}
