//! Which source file uses which: read from `use` lines and from paths in the code.
//!
//! A name that a file only hands on (`pub use`, or an import that a child reaches through `super`)
//! leads to the file that has it.  What only tests use is left out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::tokens::{Token, tokens};

/// A module as the names of its path, without `crate`.
type Module = Vec<String>;

/// What one file says.
#[derive(Debug, Default)]
struct Source {
    /// The names that are imported, and the paths that they stand for.
    imports: BTreeMap<String, Module>,
    /// Paths of which the first name is one of this file's, `crate`, `self` or `super`.
    paths: Vec<Vec<String>>,
    /// Modules that are declared here and lie in files of their own.
    children: BTreeSet<String>,
}

/// All files by module, and what each says.
#[derive(Debug, Default)]
pub(super) struct Sources(BTreeMap<Module, Source>);

impl Sources {
    /// Adds a file by its path below `src`.
    pub(super) fn add(&mut self, path: &Path, text: &str) {
        let module = path.with_extension("");
        let module: Module = module.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        let module = if module == ["lib"] { Vec::new() } else { module };
        self.0.insert(module, Source::read(&tokens(text)));
    }

    /// The files that each file uses, by module.
    pub(super) fn uses(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = BTreeMap::<String, BTreeSet<String>>::new();
        for (module, source) in &self.0 {
            let used = all.entry(module.join("::")).or_default();
            for path in source.imports.values().chain(&source.paths) {
                if let Some(of) = self.file_of(module, path, 9).filter(|of| *of != module) {
                    used.insert(of.join("::"));
                }
            }
        }
        all
    }

    /// The module whose file has what a path in `module` names; none for what is a module itself,
    /// or from elsewhere.
    fn file_of(&self, module: &Module, path: &[String], patience: u32) -> Option<&Module> {
        let absolute = self.absolute(module, path, patience)?;
        let known = (0..=absolute.len()).rev().find(|&len| self.0.contains_key(&absolute[..len]));
        let (of, rest) = absolute.split_at(known?);
        let (of, source) = self.0.get_key_value(of)?;
        let name = rest.first()?;
        match source.imports.get(name) {
            Some(import) if patience > 0 => {
                let path = [&import[..], &rest[1..]].concat();
                self.file_of(of, &path, patience - 1)
            }
            _ => Some(of),
        }
    }

    /// The path from the root; none where it leads out of the library.
    fn absolute(&self, module: &Module, path: &[String], patience: u32) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let source = &self.0[module];
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let (_, parent) = module.split_last()?;
                // Further ones go further up.
                let ups = rest.iter().take_while(|name| *name == "super").count();
                let parent = parent.get(..parent.len().checked_sub(ups)?)?;
                Some([parent, &rest[ups..]].concat())
            }
            name if source.children.contains(name) => Some([&module[..], path].concat()),
            name => {
                let import = source.imports.get(name).filter(|_| patience > 0)?;
                if import.first() == Some(first) {
                    return None;
                }
                let path = [&import[..], rest].concat();
                self.absolute(module, &path, patience - 1)
            }
        }
    }
}

impl Source {
    fn read(tokens: &[Token]) -> Self {
        let (mut source, mut at) = (Self::default(), 0);
        while let Some(token) = tokens.get(at) {
            match (token, tokens.get(at + 1), tokens.get(at + 2)) {
                (Token::Name(word), Some(Token::Name(name)), Some(Token::Sign(';')))
                    if word == "mod" =>
                {
                    source.children.insert(name.clone());
                    at += 3;
                }
                (Token::Name(word), ..) if word == "use" => {
                    at = source.tree(tokens, at + 1, &[]) + 1;
                }
                (Token::Name(name), Some(Token::Colons), _) => {
                    let mut path = vec![name.clone()];
                    at += 1;
                    while let (Some(Token::Colons), Some(Token::Name(name))) =
                        (tokens.get(at), tokens.get(at + 1))
                    {
                        path.push(name.clone());
                        at += 2;
                    }
                    source.paths.push(path);
                    // What follows may be `::<`.
                    at += usize::from(tokens.get(at) == Some(&Token::Colons));
                }
                _ => at += 1,
            }
        }
        source
    }

    /// Reads one path of a `use`, or a group of them; gives the place behind it.
    fn tree(&mut self, tokens: &[Token], mut at: usize, before: &[String]) -> usize {
        let mut path = before.to_vec();
        loop {
            match (tokens.get(at), tokens.get(at + 1)) {
                (Some(Token::Name(word)), Some(Token::Name(alias))) if word == "as" => {
                    self.imports.insert(alias.clone(), path);
                    return at + 2;
                }
                (Some(Token::Name(name)), _) => path.push(name.clone()),
                (Some(Token::Sign('*')), _) => path.push("*".to_owned()),
                (Some(Token::Colons), _) => {}
                (Some(Token::Sign('{')), _) => {
                    at += 1;
                    while tokens.get(at).is_some_and(|token| *token != Token::Sign('}')) {
                        at = self.tree(tokens, at, &path);
                        at += usize::from(tokens.get(at) == Some(&Token::Sign(',')));
                    }
                    return at + 1;
                }
                _ => break,
            }
            at += 1;
        }
        // `{self}` is the path in front of it.
        if path.len() > 1 && path.last().is_some_and(|name| name == "self") {
            path.pop();
        }
        if let Some(name) = path.last().cloned() {
            self.imports.insert(name, path);
        }
        at
    }
}

/// The circles: groups of files each of which leads to every other, by name.
pub(super) fn circles(uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = uses
        .keys()
        .map(|from| {
            let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(file) = next.pop() {
                let new = uses[file].iter().filter(|used| !reached.contains(used));
                next.extend(new.collect::<Vec<_>>());
                reached.extend(&uses[file]);
            }
            (from, reached)
        })
        .collect();
    let mut all = BTreeSet::new();
    for (file, reachable) in &reached {
        let circle = reachable.iter().filter(|other| reached[*other].contains(file));
        let circle: Vec<String> = circle.map(|name| (*name).clone()).collect();
        if circle.len() > 1 {
            all.insert(circle);
        }
    }
    all.into_iter().collect()
}
