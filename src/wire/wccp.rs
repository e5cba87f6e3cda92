//! Redirect header of the web cache protocol in GRE (draft-mclaggan-wccp-v2rev1-00, section 4).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// All four octets.
    FIELDS, Wccp, "draft-mclaggan-wccp-v2rev1-00, section 4.10";
    DYNAMIC "gre.wccp.dynamic_service" 0, 1, Flag, "Dynamic service", "Service is a dynamic one.";
    ALTERNATIVE "gre.wccp.alternative_bucket_used" 1, 1, Flag, "Alternative bucket", "The alternative bucket was used.";
    REDIRECT "gre.wccp.redirect_header" 2, 1, Flag, "Redirect header", "The header is valid.";
    RESERVED "gre.wccp.reserved" 3, 5, Hex, "Reserved", "Zero.";
    SERVICE "gre.wccp.service_id" 8, 8, Number, "Service", "Which service the packet was redirected for.";
    ALTERNATIVE_BUCKET "gre.wccp.alternative_bucket" 16, 8, Number, "Alternative bucket number", "Bucket of the alternative.";
    PRIMARY_BUCKET "gre.wccp.primary_bucket" 24, 8, Number, "Primary bucket", "Bucket that the packet fell into.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "gre.wccp",
    short: "gre.wccp",
    title: "Web cache redirect header",
    source: "draft-mclaggan-wccp-v2rev1-00",
    ..Header::of(Layer::Wccp, Class::Tag, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    // Version 1 has no such header: the packet follows at once.
    if reach.u8(0)? >> 4 == 4 {
        return Step::then(0, Next::Layer(Layer::Ipv4));
    }
    reach.needs(4)?;
    Step::then(4, Next::Layer(Layer::Ipv4))
}
