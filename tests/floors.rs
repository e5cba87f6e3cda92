//! The house: imports go down only and not in circles, files stay small and say what they know.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod graph;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Lines beyond which a file is to be split.
const WALL: usize = 600;

/// Rooms that stand on one floor and still know nothing of each other; the others of a floor may.
const APART: [&str; 3] = ["wire", "address", "capture"];

/// Circles of imports among the files of a room, three files at most, and why each is one.
const CIRCLES: &[(&[&str], &str)] =
    &[(&["report::tree", "report::tree::header"], "headers are nodes of the tree that they make")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, but for what builds leave.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("target") {
            continue;
        }
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The floor of every room, from the table at the top of `src/lib.rs`.
fn floors() -> BTreeMap<String, u8> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut floors = BTreeMap::new();
    for line in text.lines() {
        let Some(row) = line.strip_prefix("//! |") else { continue };
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let Ok(floor) = cells[0].parse() else { continue };
        for room in cells[1].split(',') {
            let room = room.trim().trim_start_matches("[`").trim_end_matches("`]");
            floors.insert(room.to_owned(), floor);
        }
    }
    for module in text.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = module.trim_end_matches(';');
        assert!(floors.contains_key(module), "src/lib.rs gives '{module}' no floor");
    }
    floors
}

/// A file without its comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let uncommented = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    uncommented.collect::<Vec<_>>().join("\n")
}

/// The names that come first behind `crate::` or behind a `super::` that leaves the room, which
/// lies `depth` modules below the root.
fn imports(code: &str, depth: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        found.extend(first_names(&code[at + "crate::".len()..]));
    }
    let up = "super::".repeat(depth);
    for (at, _) in code.match_indices(&up) {
        if !code[..at].ends_with("super::") {
            let rest = code[at + up.len()..].trim_start_matches("super::");
            found.extend(first_names(rest));
        }
    }
    found
}

/// The first name of a path, or of each path of a group in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| {
        let text = text.trim_start();
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn imports_go_down_only() {
    let floors = floors();
    let source = root().join("src");
    let mut wrong = Vec::new();
    for path in files(&source) {
        let below = path.strip_prefix(&source).unwrap();
        let mut parts: Vec<_> = below.iter().map(|part| part.to_str().unwrap()).collect();
        if parts[0] == "build" || parts == ["lib.rs"] || parts == ["main.rs"] {
            continue;
        }
        let room = parts[0].trim_end_matches(".rs").to_owned();
        let floor = floors[&room];
        parts.retain(|part| !part.is_empty());
        for import in imports(&code(&path), parts.len()) {
            let Some(&below) = floors.get(&import) else { continue };
            let is_apart = APART.contains(&room.as_str()) && APART.contains(&import.as_str());
            if import != room && (below > floor || (below == floor && is_apart)) {
                wrong.push(format!("{}: {room} imports {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let code = "use crate::wire::field;\nuse crate::{decode::{a, b}, session};\nlet x = \
                my_crate::cli::X;\n$crate::filter::X\nsuper::super::run::x();\nsuper::own()";
    assert_eq!(imports(code, 2), ["wire", "decode", "session", "run"]);
}

/// Which files of the library use which.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let source = root().join("src");
    let mut sources = graph::Sources::default();
    for path in files(&source) {
        let below = path.strip_prefix(&source).unwrap();
        if !below.starts_with("build") && below != Path::new("main.rs") {
            sources.add(below, &std::fs::read_to_string(&path).unwrap());
        }
    }
    sources.uses()
}

/// Links of its table are rustdoc's to check, plain names are not.
#[test]
fn what_the_top_tells_to_touch_is_there() {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let (_, table) = text.split_once("//! # To add\n").unwrap();
    let (table, _) = table.split_once("\n//! # ").unwrap();
    let names = table.split('`').skip(1).step_by(2);
    let paths: Vec<_> = names.filter(|name| name.contains('/') || name.contains(".rs")).collect();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        let folder = if path.starts_with("tests/") { root() } else { &root().join("src") };
        assert!(folder.join(path).exists(), "{path}");
    }
}

/// Rooms of one floor may use each other, but not both ways.
#[test]
fn rooms_do_not_import_in_circles() {
    let room = |file: &str| file.split("::").next().unwrap_or_default().to_owned();
    let mut rooms = BTreeMap::<String, BTreeSet<String>>::new();
    for (file, used) in uses() {
        rooms.entry(room(&file)).or_default().extend(used.iter().map(|used| room(used)));
    }
    for (room, used) in &mut rooms {
        used.remove(room);
    }
    assert_eq!(graph::circles(&rooms), [[""; 0]; 0]);
}

/// Whoever reads one of several files that use each other has to read them all.
#[test]
fn files_do_not_import_in_circles() {
    let circles = graph::circles(&uses());
    let is_expected = |circle: &Vec<String>| CIRCLES.iter().any(|(files, _)| files == circle);
    let new: Vec<_> = circles.iter().filter(|circle| !is_expected(circle)).collect();
    assert!(new.is_empty(), "these files use each other in a circle: {new:#?}");
    for (files, why) in CIRCLES {
        assert!(files.len() <= 3 && !why.is_empty(), "{files:?}");
        assert!(circles.iter().any(|circle| circle == files), "no circle any more: {files:?}");
    }
}

#[test]
fn the_reader_of_files_sees_every_form() {
    let mut sources = graph::Sources::default();
    for (path, text) in [
        ("lib.rs", "pub mod a; pub mod b; pub mod c; pub mod d;"),
        ("a.rs", "mod x; pub mod y; pub use self::x::X; struct A;"),
        // By a name that the parent hands on; from the parent itself; out of the room.
        ("a/x.rs", "use super::y::Y; use std::io; // use crate::c::C;\nstruct X;"),
        ("a/y.rs", "use super::{A, X as Other}; fn f() { crate::b::f::<u8>(\"crate::c::C\") }"),
        ("b.rs", "use crate::{a::{self, y}, c::C}; fn f() { a::X::new(); y::g(); 'd' }"),
        // Its own names, and what only tests use.
        ("c.rs", "enum C { D } use self::C::D;\n#[cfg(test)]\nmod tests { use crate::d::D; }"),
        ("d.rs", "macro_rules! d { () => { $crate::b::f() } } fn d() -> r#\"a::A\"# {}"),
    ] {
        sources.add(Path::new(path), text);
    }
    let uses = sources.uses();
    let of = |file: &str| uses[file].iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    for (file, used) in [
        ("a", "a::x"),
        ("a::x", "a::y"),
        ("a::y", "a a::x b"),
        ("b", "a::x a::y c"),
        ("c", ""),
        ("d", "b"),
    ] {
        assert_eq!(of(file), used, "{file}");
    }
    assert_eq!(graph::circles(&uses), [["a", "a::x", "a::y", "b"].map(str::to_owned)]);
}

#[test]
fn no_file_is_longer_than_the_wall() {
    for folder in ["src", "tests"] {
        for path in files(&root().join(folder)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= WALL, "{}: {lines} lines", path.display());
        }
    }
}

#[test]
fn every_file_begins_with_what_it_knows() {
    for folder in ["src", "tests"] {
        for path in files(&root().join(folder)) {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//! "), "{}", path.display());
        }
    }
}

#[test]
fn no_module_is_called_mod() {
    for folder in ["src", "tests"] {
        for path in files(&root().join(folder)) {
            assert!(!path.ends_with("mod.rs"), "{}", path.display());
        }
    }
}

/// Those that cannot be done are told: a test that just returns passes for one that was done.
#[test]
fn no_test_ends_early_without_a_word() {
    for path in files(&root().join("tests")) {
        let code = code(&path);
        for test in code.split("#[test]\n").skip(1) {
            let body = test.split("\n}\n").next().unwrap();
            let name = body.split("fn ").nth(1).unwrap().split('(').next().unwrap();
            let is_early = [';', '}'].map(|end| format!("return{end}"));
            let body = body.split_whitespace().collect::<String>();
            assert!(
                !is_early.iter().any(|words| body.contains(words)),
                "{}: {name} returns: see tests/skip.rs",
                path.display()
            );
        }
    }
}
