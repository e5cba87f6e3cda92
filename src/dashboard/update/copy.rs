//! What is selected as text for the clipboard.

use crate::dashboard::model::action::CopyFormat;
use crate::dashboard::model::packet_detail::Detail;
use crate::dashboard::model::state::State;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::{filter_expr, selection};

/// What is copied.
///
/// # Errors
/// Why there is nothing to copy, in words.
pub(super) fn text(state: &State, data: &ViewData, what: CopyFormat) -> Result<String, String> {
    let nothing = || "no packet is selected; hint: 2 opens the packets".to_owned();
    let field = selection::field(state, data);
    let octets = || {
        let (detail, row) = field.ok_or_else(nothing)?;
        let chosen = detail.bytes.get(row.octets.clone()).filter(|octets| !octets.is_empty());
        Ok::<_, String>(chosen.unwrap_or(&detail.bytes))
    };
    match what {
        CopyFormat::Value => field.map(|(_, row)| row.value.clone()).ok_or_else(nothing),
        CopyFormat::Filter => {
            let (_, row) = field.ok_or_else(nothing)?;
            filter_expr::of_field(row).ok_or_else(|| format!("'{}' makes no filter", row.label))
        }
        CopyFormat::Row => {
            let line = data.page.line(state.packets.cursor).ok_or_else(nothing)?;
            let row = &line.row;
            Ok(format!(
                "{}\t{}\t{}\t{}\t{}\t{}",
                row.number, row.source, row.destination, row.proto, row.length, row.info
            ))
        }
        CopyFormat::Hex => Ok(joined(octets()?, "", |octet| format!("{octet:02x}"))),
        CopyFormat::Rust => {
            let octets = octets()?;
            let list = joined(octets, ", ", |octet| format!("{octet:#04x}"));
            Ok(format!("const PACKET: [u8; {}] = [{list}];", octets.len()))
        }
        CopyFormat::C => {
            let octets = octets()?;
            let list = joined(octets, ", ", |octet| format!("{octet:#04x}"));
            Ok(format!("const unsigned char packet[{}] = {{{list}}};", octets.len()))
        }
        CopyFormat::Json => json(field.ok_or_else(nothing)?.0),
    }
}

fn joined(octets: &[u8], between: &str, text: impl Fn(&u8) -> String) -> String {
    octets.iter().map(text).collect::<Vec<_>>().join(between)
}

/// The fields of a packet: every row with a name, and the octets.
fn json(detail: &Detail) -> Result<String, String> {
    let rows: Vec<_> = detail.rows.iter().filter(|row| !row.name.is_empty()).collect();
    let fields: Vec<_> = rows
        .iter()
        .map(|row| {
            serde_json::json!({
                "name": row.name,
                "label": row.label,
                "value": row.value,
                "octets": [row.octets.start, row.octets.end],
            })
        })
        .collect();
    let hex = joined(&detail.bytes, "", |octet| format!("{octet:02x}"));
    let packet = serde_json::json!({ "number": detail.number, "fields": fields, "hex": hex });
    serde_json::to_string(&packet).map_err(|error| error.to_string())
}
