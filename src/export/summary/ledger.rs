//! The last line: where every packet is.

use crate::report::summary::Summary;
use crate::report::words::append;

/// Appends the ledger, its line end with it: of a live capture what was received, else the packets.
pub fn ledger(out: &mut String, summary: &Summary) {
    if let Some(intake) = summary.intake {
        let drops = intake.drops;
        append(
            out,
            format_args!(
                "ledger: received {} = delivered {} + kernel {} + interface {} + application {} + \
                 unread {}\n",
                intake.received(),
                intake.delivered,
                drops.kernel,
                drops.interface,
                drops.application,
                drops.unread,
            ),
        );
        return;
    }
    let places = summary.ledger;
    append(
        out,
        format_args!(
            "ledger: packets {} = ip {} + non-ip {} + undecoded {}\n",
            summary.total.packets,
            places.ip.packets,
            places.non_ip.packets,
            places.undecoded.packets,
        ),
    );
}
