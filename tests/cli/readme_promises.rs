//! The promises of the README, each with the tests that would fail if it were broken.
//!
//! A sentence that is worded anew, a test that is renamed and a paragraph that promises something
//! without a row are all told: whoever changes one side looks at the other.

mod reading;
mod rest;
mod screen;
mod sniffing;

use std::path::{Path, PathBuf};

/// Words of the README, as they stand there but for line breaks, and the tests that hold them: as
/// `cargo test` names them, those of the library too.
type Promise = (&'static str, &'static [&'static str]);

/// In the order of the README.
const PROMISES: [&[Promise]; 4] =
    [reading::PROMISES, screen::PROMISES, sniffing::PROMISES, rest::PROMISES];

/// Beginnings of paragraphs that promise nothing that a test could hold.
const WITHOUT: &[&str] = &[
    "It is for people on servers",
    "Two virtual cores of a server",
    "| work | ipeek | beside | ratio |",
    "What a tunnel adds is small",
    "A packet takes no longer in a capture",
    "ipeek sandbox-check",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text with one blank for every run of white space.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The file that a test of that name stands in, and the name of its function.
fn place(test: &str) -> (PathBuf, &str) {
    let (module, name) = test.rsplit_once("::").expect("a module and a name");
    let file = format!("{}.rs", module.trim_end_matches("::tests").replace("::", "/"));
    let is_own = module.ends_with("::tests");
    (root().join(if is_own { "src" } else { "tests" }).join(file), name)
}

/// Whether there is a test of that name, not only a function.
fn is_there(test: &str) -> bool {
    let (file, name) = place(test);
    let Ok(text) = std::fs::read_to_string(file) else { return false };
    let Some(at) = text.find(&format!("fn {name}(")) else { return false };
    // Attributes stand between a blank line, or the end of another item, and the function.
    text[..at].rsplit("\n\n").next().is_some_and(|before| before.contains("#[test]"))
}

#[test]
fn each_stands_in_the_readme_in_its_order() {
    let text = folded(&readme());
    let mut at = 0;
    for (words, _) in PROMISES.into_iter().flatten() {
        assert_eq!(*words, folded(words), "blanks");
        let found = text[at..].find(words);
        let found = found.unwrap_or_else(|| panic!("not there, or not in this place: {words:?}"));
        at += found + words.len();
    }
}

#[test]
fn each_is_held_by_tests_that_exist() {
    let all: Vec<_> = PROMISES.into_iter().flatten().collect();
    for (words, tests) in &all {
        assert!(!tests.is_empty(), "{words:?}");
        for test in *tests {
            assert!(is_there(test), "no test {test} for {words:?}");
        }
    }
    assert!(all.len() > 100, "{}", all.len());
    assert!(!is_there("cli::readme_promises::is_there"), "a function is no test");
    assert!(!is_there("cli::readme_promises::nothing"));
}

/// Paragraphs, tables and the text of lists, without titles, blocks of code and what stands in
/// them.
fn paragraphs(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2).collect::<Vec<_>>().join("\n\n");
    let paragraphs = prose.split("\n\n").map(folded);
    paragraphs.filter(|it| !it.is_empty() && !it.starts_with(['#', '<'])).collect()
}

#[test]
fn no_paragraph_promises_anything_without_a_row() {
    let rows: Vec<_> = PROMISES.into_iter().flatten().map(|(words, _)| *words).collect();
    let mut without = Vec::new();
    for paragraph in paragraphs(&readme()) {
        let is_excused = WITHOUT.iter().any(|start| paragraph.starts_with(start));
        if !is_excused && !rows.iter().any(|words| paragraph.contains(words)) {
            without.push(paragraph);
        }
    }
    assert!(without.is_empty(), "{without:#?}");
}
