//! What happened to an interface, in words.

use std::fmt::Write;

use crate::base::text::Safe;
use crate::base::units;
use crate::capture::event::What;
use crate::capture::{Event, Interface};

/// The name of the interface that an event is about.
pub fn name<'a>(event: &Event, interfaces: &'a [Interface]) -> &'a str {
    let interface = usize::try_from(event.interface).ok().and_then(|at| interfaces.get(at));
    interface.and_then(|interface| interface.name()).unwrap_or("an interface")
}

/// One sentence without a full stop, safe to show: `eth0 was down for 2.1 s, from … to …`.
pub fn words(event: &Event, interfaces: &[Interface]) -> String {
    let mut words = Safe(name(event, interfaces)).to_string();
    let time = event.time.brief();
    // Writing to memory cannot fail.
    let _ = match event.what {
        What::Down => write!(words, " is down since {time} UTC: no packets come"),
        What::Up { since } => {
            let span = units::span(event.time - since);
            let since = since.brief();
            write!(words, " was down for {span}, from {since} to {time} UTC: nothing was captured")
        }
        What::Mtu { before, now } => {
            write!(words, " has an MTU of {now}, not {before}, since {time} UTC")
        }
        What::AddressAdded { address, len } => {
            write!(words, " has the address {address}/{len} since {time} UTC")
        }
        What::AddressRemoved { address, len } => {
            write!(words, " lost the address {address}/{len} at {time} UTC")
        }
    };
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::timestamp::Timestamp;

    #[test]
    fn a_gap_has_its_length_and_both_times() {
        let time = |nanos| Timestamp::from_nanos(nanos).unwrap();
        let what = What::Up { since: time(3_000_000_000) };
        let up = Event { interface: 0, time: time(5_500_000_000), what };
        assert_eq!(
            words(&up, &[]),
            "an interface was down for 2.5 s, from 1970-01-01 00:00:03.000 to \
             1970-01-01 00:00:05.500 UTC: nothing was captured"
        );
    }
}
