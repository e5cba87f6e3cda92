//! Extension headers of GTP version 1 (3GPP TS 29.281, section 5.2): each says the next one's type.

use super::bits::Bits;
use super::field::fields;
use super::gtp::{EXTENSIONS, user_packet};
use super::header::{Class, Fault, Header, Inputs, Next, Part, Reach, Step};
use super::layer::Layer;

fields! {
    /// The first octet.
    FIELDS, GtpExtension, "3GPP TS 29.281, section 5.2.1";
    LENGTH "gtp.ext_hdr.length" 0, 8, Times(4), "Length", "Octets of this extension header.";
}

fields! {
    /// Between the first octet and the last.
    CONTENT_ROWS, GtpExtension, "3GPP TS 29.281, section 5.2.2";
    CONTENT "gtp.ext_hdr.content" 0, 0, Bytes, "Content", "What the type says that the header before gives.";
}

fields! {
    /// The last octet.
    NEXT_ROWS, GtpExtension, "3GPP TS 29.281, section 5.2.1";
    NEXT "gtp.ext_hdr.next" 0, 8, Hex, "Next extension header", "Type of the extension header that follows; 0 is none.", names EXTENSIONS;
}

/// The row.
pub const HEADER: Header = Header {
    name: "gtp.ext_hdr",
    short: "gtp.ext_hdr",
    title: "GTP extension header",
    parts: &[
        Part { label: "content", start: |_| Some(1), len: content, fields: CONTENT_ROWS },
        Part { label: "next", start: last, len: |_| Some(1), fields: NEXT_ROWS },
    ],
    inputs: Some(&Inputs { looks_behind: true, ..Inputs::of(&[LENGTH.place(0), Bits::LAST]) }),
    source: "3GPP TS 29.281",
    ..Header::of(Layer::GtpExtension, Class::Extension, FIELDS)
};

fn octets(header: &[u8]) -> Option<usize> {
    Some(usize::from(*header.first()?).saturating_mul(4)).filter(|&octets| octets > 0)
}

fn content(header: &[u8]) -> Option<usize> {
    octets(header)?.checked_sub(2)
}

fn last(header: &[u8]) -> Option<usize> {
    octets(header)?.checked_sub(1)
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let len = usize::from(reach.u8(0)?).saturating_mul(4);
    if len == 0 {
        return Err(Fault::Malformed { at: 0, needs: 1, has: 0 });
    }
    reach.needs(len)?;
    let next = match reach.u8(len.saturating_sub(1))? {
        0 => user_packet(reach, len),
        _ => Next::Layer(Layer::GtpExtension),
    };
    Step::then(len, next)
}
