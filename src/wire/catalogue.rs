//! All headers: one row each.  What reads the catalogue never names a header.

use super::each_header;
use super::field::Field;
use super::header::{Fault, Header, Reach, Step};
use super::layer::Layer;

/// The table of all headers, each of a module with its `HEADER` and `step`.
macro_rules! table {
    ($($layer:ident $module:ident,)*) => {
        /// The rows, in the order of [`Layer`].
        pub const HEADERS: &[&Header] = &[$(&super::$module::HEADER),*];

        impl Layer {
            /// Length of this header at the start of `reach`, and what follows it.
            ///
            /// # Errors
            /// A [`Fault`]: too few octets, or a header that contradicts itself.
            pub fn step(self, reach: Reach<'_>) -> Result<Step, Fault> {
                match self {
                    $(Self::$layer => super::$module::step(reach),)*
                }
            }

            /// The header's row.
            pub const fn header(self) -> &'static Header {
                match self {
                    $(Self::$layer => &super::$module::HEADER,)*
                }
            }
        }
    };
}

each_header!(table);

const _: () = {
    let (mut rest, mut number) = (HEADERS, 0);
    while let [header, more @ ..] = rest {
        assert!(header.layer as usize == number, "a header's row is of another layer");
        assert!(header.is_complete(), "a header's row has no name, short name, title or source");
        (rest, number) = (more, number.saturating_add(1));
    }
};

/// Every stored field of every header, in the order of the tables.  A row that several options or
/// parts share comes once.
pub fn fields() -> impl Iterator<Item = &'static Field> {
    HEADERS.iter().flat_map(|header| {
        let mut seen: Vec<&'static Field> = Vec::new();
        header.rows().filter(move |field| {
            let is_new = !seen.iter().any(|other| other.is_same_row(field));
            if is_new {
                seen.push(field);
            }
            is_new
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::field::FieldKind;
    use crate::wire::header::Payload;

    #[test]
    fn fields_are_rows_of_their_own_header() {
        for header in HEADERS {
            assert!(header.rows().all(|field| field.layer == header.layer), "{}", header.name);
            for Payload { number, field } in header.payload {
                assert!(header.rows().any(|row| row.is_same_row(field)), "{}", field.name);
                assert!(!number.is_empty() && !field.names.is_empty(), "{}", field.name);
            }
        }
    }

    #[test]
    fn every_row_is_complete_and_a_shared_name_means_the_same() {
        let mut seen = std::collections::HashMap::new();
        for field in fields() {
            assert!(field.meaning.ends_with('.'), "{}: {:?}", field.name, field.meaning);
            assert!(!field.source.is_empty() && !field.label.is_empty(), "{}", field.name);
            assert!(field.names.is_sorted_by(|a, b| a.0 < b.0), "{}: names", field.name);
            assert!(
                field.width <= 64
                    || matches!(field.kind, FieldKind::Ipv6 | FieldKind::Bytes | FieldKind::Text),
                "{}",
                field.name
            );
            let (kind, label) = seen.entry(field.name).or_insert((field.kind, field.label));
            assert_eq!((*kind, *label), (field.kind, field.label), "{}", field.name);
        }
    }

    #[test]
    fn option_tables_are_sorted() {
        for set in HEADERS.iter().filter_map(|header| header.options) {
            assert!(set.rows.is_sorted_by(|a, b| a.code < b.code), "{}", set.prefix);
            assert!(set.fields.iter().all(|field| field.name.starts_with(set.prefix)));
            let protocol = set.prefix.split_inclusive('.').next().unwrap_or_default();
            for row in set.rows {
                assert!(row.all_fields().all(|f| f.name.starts_with(protocol)), "{}", row.label);
            }
        }
    }
}
