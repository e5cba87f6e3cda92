//! How times are written: one list for the command line, the configuration and the dashboard.

/// How times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// Seconds since the first packet of the capture.
    #[default]
    Relative,
    /// Date and time in UTC.
    Utc,
    /// Date and time where the user is.
    Local,
    /// Seconds since 1970.
    Epoch,
}

/// A time format, its name, and what it is in a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedTimeFormat {
    /// What users write.
    pub name: &'static str,
    /// What it is, for help.
    pub help: &'static str,
    /// The format.
    pub format: TimeFormat,
}

/// Every time format, in the order in which [`TimeFormat::next`] goes through them.
pub const TIME_FORMATS: [NamedTimeFormat; 4] = {
    const fn row(name: &'static str, help: &'static str, format: TimeFormat) -> NamedTimeFormat {
        NamedTimeFormat { name, help, format }
    }
    [
        row("relative", "Seconds since the first packet", TimeFormat::Relative),
        row("utc", "Date and time in UTC", TimeFormat::Utc),
        row("local", "Date and time where you are", TimeFormat::Local),
        row("epoch", "Seconds since 1970", TimeFormat::Epoch),
    ]
};

impl TimeFormat {
    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        TIME_FORMATS.iter().find(|row| row.name == name).map(|row| row.format)
    }

    /// The next one, and the first behind the last.
    #[must_use]
    pub fn next(self) -> Self {
        let behind = TIME_FORMATS.iter().skip_while(|row| row.format != self).nth(1);
        behind.map_or(Self::default(), |row| row.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_found_by_its_name_and_is_followed_by_the_next_row() {
        for (row, next) in TIME_FORMATS.iter().zip(TIME_FORMATS.iter().cycle().skip(1)) {
            assert_eq!(TimeFormat::named(row.name), Some(row.format));
            assert_eq!(row.format.next(), next.format, "{}", row.name);
        }
        assert_eq!(TimeFormat::named("UTC"), None);
    }
}
