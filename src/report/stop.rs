//! Where and why decoding ended, in plain words.

use super::words::{append, number};
use crate::decode::Packet;
use crate::decode::layers::{Reason, Span, Stop};
use crate::wire::field::FieldKind;
use crate::wire::{Field, Value};

/// Appends why decoding of `packet` ended at `stop`, with the numbers that show it:
/// `cut at octet 34: TCP needs 20 octets, 12 are captured`.
pub fn words(out: &mut String, packet: &Packet<'_>, stop: Stop) {
    let Stop { reason, offset, needs, has } = stop;
    match reason {
        Reason::Unknown => {
            append(out, format_args!("link type {has} is not one that is read here"));
        }
        Reason::TooDeep => {
            append(
                out,
                format_args!("too deep: more headers than are followed, at octet {offset}"),
            );
        }
        Reason::Truncated | Reason::Malformed => match at_fault(packet, offset, has) {
            Some((span, Some(field))) if reason == Reason::Malformed => {
                append(
                    out,
                    format_args!("malformed at octet {offset}: {} ", span.layer.header().short),
                );
                contradiction(out, field, needs, has);
            }
            found => {
                let word = if reason == Reason::Truncated { "cut" } else { "malformed" };
                append(out, format_args!("{word} at octet {offset}: "));
                out.push_str(
                    found.map_or("the next header", |(span, _)| span.layer.header().short),
                );
                out.push_str(" needs ");
                number(out, needs);
                out.push_str(if needs == 1 { " octet, " } else { " octets, " });
                number(out, has);
                let there = if reason == Reason::Malformed { " left" } else { " captured" };
                out.push_str(if has == 1 { " is" } else { " are" });
                out.push_str(there);
            }
        },
    }
}

/// Says what a field holds and what it should.
fn contradiction(out: &mut String, field: &Field, needs: u32, has: u32) {
    let label = field.label;
    if field.name.ends_with(".version") {
        append(out, format_args!("version is {has}, not {needs}"));
    } else {
        let unit = if matches!(field.kind, FieldKind::Times(_)) { " octets" } else { "" };
        let label = label.to_ascii_lowercase();
        append(out, format_args!("{label} is {has}{unit}, at least {needs} needed"));
    }
}

/// The header that the octet lies in; and its field there, where it is the field's value that is
/// refused rather than the header that is short.
fn at_fault(packet: &Packet<'_>, offset: u32, has: u32) -> Option<(Span, Option<&'static Field>)> {
    let offset = usize::try_from(offset).ok()?;
    let holds = |span: &&Span| (usize::from(span.at)..span.end()).contains(&offset);
    let &span = packet.layers.spans().iter().rev().find(holds)?;
    let octet = u32::try_from(offset.checked_sub(usize::from(span.at))?).ok()?;
    let header = packet.header(span);
    let mut here = span.layer.header().fields.iter();
    let mut first: Option<&'static Field> = None;
    let said = here.find(|row| {
        let is_there = row.kind != FieldKind::Group && row.at / 8 == octet;
        if is_there {
            first = first.or(Some(row));
        }
        is_there && row.value(header) == Some(Value::Number(has.into()))
    });
    // What is short is noted at its first octet.
    Some((span, said.or(if octet == 0 { None } else { first })))
}
