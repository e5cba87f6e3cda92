//! Filters with names, which stand for them in others: `@dying`, and with values `@host(10.0.0.1)`.

/// A text with every `@name` replaced by the filter of that name, and in that `$1`, `$2` … by the
/// values in brackets behind the name.
///
/// # Errors
/// Which name stands for none, or which value is missing.
pub fn expand(text: &str, filters: &[(String, String)]) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text.trim();
    // An @ inside quotes is one.
    while let Some(at) =
        rest.find('@').filter(|&at| rest[..at].matches('"').count().is_multiple_of(2))
    {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let is_name = |c: char| c.is_alphanumeric() || "-_".contains(c);
        let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
        let (name, mut behind) = after.split_at(end);
        let found = filters.iter().find(|(known, _)| known == name);
        let (_, filter) = found.ok_or_else(|| format!("no filter is called '@{name}'"))?;
        let mut values = Vec::new();
        if let Some((inside, after)) =
            behind.strip_prefix('(').and_then(|in_it| in_it.split_once(')'))
        {
            values = inside.split(',').map(str::trim).collect();
            behind = after;
        }
        let filter = filled(name, filter, &values)?;
        let is_alone = before.trim().is_empty() && behind.trim().is_empty() && out.is_empty();
        out.push_str(before);
        let (open, close) = if is_alone { ("", "") } else { ("(", ")") };
        out.extend([open, &filter, close]);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// Whether a filter waits for values, so that it cannot be read by itself.
pub fn has_values(filter: &str) -> bool {
    filter.match_indices('$').any(|(at, _)| digit(filter, at).is_some())
}

/// The digit behind the `$` at `at`, from 1.
fn digit(filter: &str, at: usize) -> Option<usize> {
    let digit = filter.get(at + 1..)?.chars().next()?.to_digit(10)?;
    usize::try_from(digit).ok().filter(|&digit| digit > 0)
}

/// The filter called `name` with `values` in it.
fn filled(name: &str, filter: &str, values: &[&str]) -> Result<String, String> {
    let mut out = String::new();
    let mut from = 0;
    let mut most = 0;
    for (at, _) in filter.match_indices('$') {
        let Some(number) = digit(filter, at) else { continue };
        let value = values.get(number - 1).filter(|value| !value.is_empty());
        let value = value.ok_or_else(|| format!("'@{name}' needs a value for ${number}"))?;
        out.push_str(filter.get(from..at).unwrap_or_default());
        out.push_str(value);
        from = at + 2;
        most = most.max(number);
    }
    if values.len() > most {
        return Err(format!("'@{name}' takes {most} values, not {}", values.len()));
    }
    out.push_str(filter.get(from..).unwrap_or_default());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> Vec<(String, String)> {
        let filters = [
            ("slow", "ip.ttl < 5 || udp"),
            ("遅い", "tcp"),
            ("host", "ip.addr == $1 || ipv6.addr == $1"),
            ("between", "ip.addr == $1 && ip.addr == $2"),
        ];
        filters.map(|(name, filter)| (name.to_owned(), filter.to_owned())).to_vec()
    }

    #[test]
    fn names_stand_for_filters() {
        let expanded = |text| expand(text, &filters()).unwrap_or_else(|error| error);
        for (text, filter) in [
            ("@遅い && udp", "(tcp) && udp"),
            ("@slow", "ip.ttl < 5 || udp"),
            ("tcp && @slow", "tcp && (ip.ttl < 5 || udp)"),
            ("x contains \"@slow\"", "x contains \"@slow\""),
            ("@fast", "no filter is called '@fast'"),
            ("@between(10.0.0.1, 10.0.0.2)", "ip.addr == 10.0.0.1 && ip.addr == 10.0.0.2"),
            ("!@host(10.0.0.1)", "!(ip.addr == 10.0.0.1 || ipv6.addr == 10.0.0.1)"),
            ("@host", "'@host' needs a value for $1"),
            ("@between(10.0.0.1)", "'@between' needs a value for $2"),
            ("@slow(5)", "'@slow' takes 0 values, not 1"),
        ] {
            assert_eq!(expanded(text), filter, "{text}");
        }
    }

    #[test]
    fn filters_wait_for_values_that_have_a_number() {
        let waiting = ["ip.ttl < $1", "ip.opt.data ~ \"a$\"", "ip.ttl < 5", "$0"].map(has_values);
        assert_eq!(waiting, [true, false, false, false]);
    }
}
