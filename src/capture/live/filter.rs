//! The capture filter, where it runs, and the moment from which packets count.
//!
//! libpcap filters by itself what the kernel's filter does not reach, and does not report how much
//! it rejected; a filter for `inbound` even rejects all of the first block there, since only the
//! kernel knows directions.  So libpcap is given no filter: the kernel is handed one, and what the
//! kernel does not take is run here, where rejections are counted.

use pcap::{Active, Capture, Linktype, Stat};
use socket2::{SockFilter, SockRef};

use super::device::ANY;
use super::reader::RETIRE;
use crate::capture::bpf::program::{Instruction, Program};
use crate::capture::bpf::{self, linktype};
use crate::capture::error::CaptureError;

/// The interface of whose packets libpcap gives those received, and leaves out the same ones as
/// sent.
const LOOPBACK: &str = "lo";

/// Instructions that the kernel takes (`BPF_MAXINSNS`).
const MOST: usize = 4096;

/// From here on an offset names what the kernel knows of a packet (`SKF_AD_OFF`).
const ANCILLARY: u32 = 0xffff_f000;
const PROTOCOL: u32 = ANCILLARY;
const PACKET_TYPE: u32 = ANCILLARY + 4;
const INTERFACE_INDEX: u32 = ANCILLARY + 8;

/// What the kernel calls a packet on its way out (`PACKET_OUTGOING`).
const OUTGOING: u32 = 4;

/// Octets of the header that libpcap puts before the packets of `any`, and the kernel has not.
const COOKED: u32 = 16;
/// Its link type.
const COOKED_LINK: u16 = 113;

/// A capture that begins.
pub(super) struct Installed {
    /// What is left to be run here.
    pub(super) rest: Option<Program>,
    /// Counters of the kernel as the first packet finds them; none where they cannot be read.
    pub(super) base: Option<Stat>,
}

/// Empties the ring of what came unfiltered, and sets the filter.
///
/// # Errors
/// [`CaptureError::Bpf`], and [`CaptureError::Interface`] where the kernel takes no filter at all.
pub(super) fn install(
    capture: &mut Capture<Active>,
    name: &str,
    filter: Option<&str>,
) -> Result<Installed, CaptureError> {
    if name != ANY && nix::net::if_::if_nametoindex(name).is_err() {
        // A log, a bus: it has no socket for packets, and the kernel's filter would see something
        // else than libpcap gives.
        let link = capture.get_datalink();
        let rest = filter.map(|filter| elsewhere(filter, link)).transpose()?;
        return Ok(Installed { rest, base: None });
    }
    attach(capture, &[leave(0)]).map_err(|error| refused(name, &error))?;
    let mut prefix = without_doubles(name);
    let mut rest = None;
    let mut kernel = None;
    if let Some(filter) = filter {
        let compiled = capture.compile(filter, true).map_err(|error| bpf::error(filter, error))?;
        let program = bpf::program(filter, &compiled)?;
        let link = linktype(capture.get_datalink().0);
        let own = translated(program.instructions(), link.0 == COOKED_LINK);
        kernel = own.map(|own| [&prefix[..], &own].concat()).filter(|all| all.len() <= MOST);
        if kernel.is_none() {
            rest = Some(elsewhere(filter, capture.get_datalink())?);
        }
    }
    prefix.push(leave(u32::MAX));
    let base = start_empty(capture);
    let taken = kernel.map(|kernel| attach(capture, &kernel));
    if !matches!(taken, Some(Ok(()))) {
        attach(capture, &prefix).map_err(|error| refused(name, &error))?;
    }
    if let (Some(Err(_)), Some(filter)) = (taken, filter) {
        // More memory than the kernel gives, or an instruction that it has not.
        rest = Some(elsewhere(filter, capture.get_datalink())?);
    }
    Ok(Installed { rest, base })
}

fn refused(name: &str, error: &std::io::Error) -> CaptureError {
    let reason = format!("the kernel takes no filter: {error}");
    CaptureError::Interface { interface: name.to_owned(), reason }
}

/// A filter to be run here, which refuses what only the kernel knows.
fn elsewhere(filter: &str, link: Linktype) -> Result<Program, CaptureError> {
    bpf::compile(filter, linktype(link.0))
}

/// Reads and forgets what came while everything passed; gives the counters as they are then.
fn start_empty(capture: &mut Capture<Active>) -> Option<Stat> {
    if capture.stats().is_ok_and(|stat| stat.received > 0) {
        // The block they are in is handed over when its time is up.
        std::thread::sleep(RETIRE + RETIRE / 4);
        while capture.dispatch(None, |_| ()).is_ok_and(|count| count > 0) {}
    }
    capture.stats().ok()
}

fn attach(capture: &Capture<Active>, program: &[Instruction]) -> std::io::Result<()> {
    let one = |one: &Instruction| SockFilter::new(one.code, one.if_true, one.if_false, one.k);
    let program: Vec<SockFilter> = program.iter().map(one).collect();
    SockRef::from(capture).attach_filter(&program)
}

/// `ret #octets`.
fn leave(octets: u32) -> Instruction {
    Instruction { code: 0x06, if_true: 0, if_false: 0, k: octets }
}

/// `ld [at]`.
fn load(at: u32) -> Instruction {
    Instruction { code: 0x20, if_true: 0, if_false: 0, k: at }
}

/// `jeq #k`, over so many instructions.
fn equal(k: u32, if_true: u8, if_false: u8) -> Instruction {
    Instruction { code: 0x15, if_true, if_false, k }
}

/// What keeps packets out of the ring that libpcap would not give: those that the loopback
/// interface sends, which it receives at once.
fn without_doubles(name: &str) -> Vec<Instruction> {
    let not_sent = [load(PACKET_TYPE), equal(OUTGOING, 0, 1), leave(0)];
    if name == LOOPBACK {
        return not_sent.to_vec();
    }
    match nix::net::if_::if_nametoindex(LOOPBACK) {
        Ok(index) if name == ANY => {
            [&[load(INTERFACE_INDEX), equal(index, 0, 3)], &not_sent[..]].concat()
        }
        _ => Vec::new(),
    }
}

/// The program as the kernel runs it; nothing where it cannot.  As libpcap does it (`fix_program`):
/// the kernel has the packets of `any` without the header that libpcap puts before them.
fn translated(program: &[Instruction], is_cooked: bool) -> Option<Vec<Instruction>> {
    program.iter().map(|&instruction| one_translated(instruction, is_cooked)).collect()
}

fn one_translated(instruction: Instruction, is_cooked: bool) -> Option<Instruction> {
    let Instruction { code, k, .. } = instruction;
    if code == 0x05 && k.cast_signed() < 0 {
        return None; // the kernel does not jump backwards
    }
    let is_of_packet = code & 0x06 == 0 && matches!(code & 0xe0, 0x20 | 0x40 | 0xa0);
    if !is_cooked || !is_of_packet || k >= ANCILLARY {
        return Some(instruction);
    }
    let k = match k {
        0 => PACKET_TYPE,
        14 => PROTOCOL,
        _ => k.checked_sub(COOKED)?,
    };
    Some(Instruction { k, ..instruction })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jumps_back_or_looks_into_the_header_of_any_is_not_for_the_kernel() {
        let back = Instruction { code: 0x05, if_true: 0, if_false: 0, k: (-3_i32).cast_unsigned() };
        assert_eq!(translated(&[load(4), back], false), None);
        // The hardware address of the sender is in the header alone.
        assert_eq!(translated(&[load(6), leave(0)], true), None);
        let loads = [load(0), load(14), load(36), load(INTERFACE_INDEX)];
        let expected = [load(PACKET_TYPE), load(PROTOCOL), load(20), load(INTERFACE_INDEX)];
        assert_eq!(translated(&loads, true), Some(expected.to_vec()));
        assert_eq!(translated(&loads, false), Some(loads.to_vec()));
    }
}
