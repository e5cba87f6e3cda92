//! Events of the terminal and signals in one queue, with Escape split from the key behind it.

use std::sync::mpsc::{Receiver, sync_channel};

use crossterm::event::{
    self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use super::terminal;
use crate::base::threads;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::key::Key;
use crate::dashboard::model::state::State;
use crate::dashboard::view::keys;

/// A signal, by what the dashboard must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalEvent {
    /// To end, by the signal of this number.
    End(u8),
    /// To end at once, whatever is unfinished, by the signal of this number.
    Force(u8),
    /// To stop until it is continued.
    Stop,
    /// It was stopped, and is continued.
    Continue,
}

/// What the loop waits for.
pub enum Input {
    /// An event of the terminal.
    Event(std::io::Result<Event>),
    /// A signal.
    Signal(SignalEvent),
}

/// Events of the terminal and signals, each waited for on a thread of its own: of a terminal that
/// is gone, reading finds nothing for ever and does not come back, not even for a signal.
///
/// # Errors
/// There can be no more threads.
pub fn inputs(
    signals: Option<Box<dyn Iterator<Item = SignalEvent> + Send>>,
) -> std::io::Result<Receiver<Input>> {
    // Bounded, so that a paste waits in the terminal and not in memory.
    let (sender, receiver) = sync_channel(256);
    if let Some(signals) = signals {
        let sender = sender.clone();
        let tell = move || {
            for signal in signals {
                if let SignalEvent::Force(number) = signal {
                    terminal::force(128 + i32::from(number));
                }
                // Where there is no room, the loop looks at the signals before it comes to wait.
                let _ = sender.try_send(Input::Signal(signal));
            }
        };
        threads::spawn("signals", tell)?;
    }
    let read = move || {
        loop {
            let read = event::read();
            let is_over = read.is_err();
            let both = read.map_or_else(
                |error| [Some(Err(error)), None],
                |event| split(event).map(|event| event.map(Ok)),
            );
            for event in both.into_iter().flatten() {
                if sender.send(Input::Event(event)).is_err() {
                    return;
                }
            }
            if is_over {
                return;
            }
        }
    };
    threads::spawn("keys", read)?;
    Ok(receiver)
}

/// Splits an event of the terminal into the one or two keys that it stands for.
///
/// A terminal sends the same for Alt and a key as for Escape and that key soon after it, which is
/// how they come over a slow line or to a busy machine.  No key here is one with Alt, so both are
/// taken for what they may have been.  `ESC ]` and `ESC \` begin and end what a terminal
/// [answers](super::probe::ReplyFilter).
fn split(event: Event) -> [Option<Event>; 2] {
    match event {
        Event::Key(KeyEvent {
            code: code @ (KeyCode::Char(_) | KeyCode::Enter),
            modifiers,
            ..
        }) if modifiers.contains(KeyModifiers::ALT)
            && !matches!(code, KeyCode::Char(']' | '\\')) =>
        {
            let second = KeyEvent::new(code, modifiers - KeyModifiers::ALT);
            [Some(Event::Key(KeyCode::Esc.into())), Some(Event::Key(second))]
        }
        event => [Some(event), None],
    }
}

/// The action of a terminal event.
pub fn action(event: &Event, state: &State) -> Option<Action> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            keys::action(&state.workspace.keymap, Key::of(key)?, keys::context(state))
        }
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Action::Click(mouse.column, mouse.row)),
            MouseEventKind::Drag(MouseButton::Left) => Some(Action::Drag(mouse.column, mouse.row)),
            MouseEventKind::Up(MouseButton::Left) => Some(Action::Release(mouse.column, mouse.row)),
            MouseEventKind::ScrollUp => Some(Action::WheelUp(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Action::WheelDown(mouse.column, mouse.row)),
            _ => None,
        },
        Event::Resize(columns, rows) => Some(Action::Resize(*columns, *rows)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_is_split_from_the_key_behind_it() {
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let (none, alt) = (KeyModifiers::NONE, KeyModifiers::ALT);
        let escape = Some(key(KeyCode::Esc, none));
        for code in [KeyCode::Char('3'), KeyCode::Enter] {
            assert_eq!(split(key(code, alt)), [escape.clone(), Some(key(code, none))]);
            assert_eq!(split(key(code, none)), [Some(key(code, none)), None]);
        }
        // Alt and Backspace erases in what is written; the others belong to answers.
        for code in [KeyCode::Backspace, KeyCode::Char(']'), KeyCode::Char('\\')] {
            assert_eq!(split(key(code, alt)), [Some(key(code, alt)), None]);
        }
    }
}
