//! Rust source as the few tokens that paths are made of, without comments, text and tests.

/// A token, so far as paths go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a keyword.
    Name(String),
    /// `::`
    Colons,
    /// Any other sign.
    Sign(char),
}

/// The tokens of a file down to its unit tests.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text = text.split("\nmod tests {").next().unwrap_or_default();
    let (mut all, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        rest = if rest.starts_with("//") {
            behind(rest, "\n")
        } else if rest.starts_with("/*") {
            behind(rest, "*/")
        } else if let Some(end) = raw_text(rest) {
            behind(behind(rest, "\""), &end)
        } else if first == '"' {
            quoted(&rest[1..], '"')
        } else if first == '\'' && is_character(rest) {
            quoted(&rest[1..], '\'')
        } else if first.is_alphabetic() || first == '_' {
            let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            all.push(Token::Name(rest[..len].to_owned()));
            &rest[len..]
        } else if let Some(rest) = rest.strip_prefix("::") {
            all.push(Token::Colons);
            rest
        } else {
            if !first.is_whitespace() {
                all.push(Token::Sign(first));
            }
            &rest[first.len_utf8()..]
        };
    }
    all
}

/// What lies behind the first `end`.
fn behind<'t>(text: &'t str, end: &str) -> &'t str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// What ends a raw text that begins here.
fn raw_text(text: &str) -> Option<String> {
    let rest = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let marks = rest.len() - rest.trim_start_matches('#').len();
    rest[marks..].starts_with('"').then(|| format!("\"{}", "#".repeat(marks)))
}

/// What lies behind a quoted text that has begun.
fn quoted(text: &str, mark: char) -> &str {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        if c == mark && !is_escaped {
            return &text[at + 1..];
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    ""
}

/// Whether a character begins here, not a lifetime.
fn is_character(text: &str) -> bool {
    let mut following = text.chars().skip(1);
    let first = following.next();
    first == Some('\\') || following.next() == Some('\'')
}
