//! Says at once, beside packets as text, what happens to interfaces.

use super::message::complain;
use crate::capture::{CaptureError, Event, Interface};
use crate::report::event::words;
use crate::session::{Outcome, Render, Sink};

/// Takes no packets.
pub(super) struct InterfaceMessages;

impl Sink for InterfaceMessages {
    fn renderer(&self) -> Option<Box<dyn Render>> {
        None
    }

    fn write(&mut self, _rendered: &[u8]) -> Result<(), CaptureError> {
        Ok(())
    }

    fn events(&mut self, events: &[Event], interfaces: &[Interface]) -> Result<(), CaptureError> {
        for event in events {
            complain(&words(event, interfaces));
        }
        Ok(())
    }

    fn end(&mut self, _outcome: &Outcome) -> Result<(), CaptureError> {
        Ok(())
    }
}
