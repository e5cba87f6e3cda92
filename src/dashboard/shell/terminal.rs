//! The terminal: taken when the dashboard opens, given back on every end.
//!
//! Raw mode, the alternate screen and the mouse are undone when the [`Screen`] is dropped, and by
//! the panic hook before a panic's message is printed.

use std::io::{BufWriter, ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::ThreadId;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::base::fault;
use crate::base::text::SafeLines;
use crate::capture::save::{Shutdown, Stream};

/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What panicking threads beside the screen's had to say, until the terminal is given back.
static LAST_WORDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Messages that are kept: what panics once may do so four times a second.
const MOST_WORDS: usize = 8;

/// Most octets that a terminal is sent to copy: many accept no more.
const MOST_COPIED: usize = 74_994;

static HOOK: Once = Once::new();

/// A terminal that is written a frame at a time.
type Drawn = Terminal<CrosstermBackend<BufWriter<Stream>>>;

/// The terminal while it is ours.
pub struct Screen {
    /// Nothing any more once it took nothing for too long.
    terminal: Option<Drawn>,
}

impl Screen {
    /// Takes the terminal, which `out` writes to.
    pub fn take(mut out: Stream) -> std::io::Result<Self> {
        let own = std::thread::current().id();
        HOOK.call_once(|| hook(own));
        enter(&mut out)?;
        // A frame goes out in one piece.
        let out = BufWriter::with_capacity(1 << 18, out);
        match Terminal::new(CrosstermBackend::new(out)) {
            Ok(terminal) => Ok(Self { terminal: Some(terminal) }),
            Err(error) => {
                leave(&mut std::io::stdout());
                Err(error)
            }
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.as_ref().and_then(|terminal| terminal.size().ok());
        size.map_or((0, 0), |size| (size.width, size.height))
    }

    /// Draws a frame, of which only what changed goes out; nothing while the terminal is not ours.
    pub fn draw(&mut self, with: impl FnOnce(&mut Buffer)) -> std::io::Result<()> {
        let (columns, rows) = self.size();
        if columns == 0 || rows == 0 || !TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.write(|terminal| terminal.draw(|frame| with(frame.buffer_mut())).map(|_| ()))
    }

    /// Has the terminal copy a text; how many octets, or none where it is more than terminals take.
    pub fn copy(&mut self, text: &str) -> std::io::Result<Option<usize>> {
        if text.len() > MOST_COPIED {
            return Ok(None);
        }
        self.write(|terminal| {
            let out = terminal.backend_mut();
            out.write_all(copy_sequence(text).as_bytes())?;
            Write::flush(out)
        })?;
        Ok(Some(text.len()))
    }

    /// Gives the terminal back and stops the program until the shell continues it, which is
    /// reported by a signal: then the terminal is to be [taken again](Self::retake).
    pub fn suspend(&mut self) -> std::io::Result<()> {
        self.give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
    }

    /// Takes the terminal again, whatever has become of it since, and forgets what is on it.
    pub fn retake(&mut self) -> std::io::Result<()> {
        self.give_back();
        self.write(|terminal| {
            enter(terminal.backend_mut())?;
            let area = terminal.size()?;
            terminal.resize((Position::ORIGIN, area).into())
        })
    }

    /// Leaves the terminal as it was found.
    fn give_back(&mut self) {
        match &mut self.terminal {
            Some(terminal) => leave(terminal.backend_mut()),
            None => leave(&mut std::io::sink()),
        }
    }

    /// Writes to the terminal, unless it took nothing for too long.
    fn write(
        &mut self,
        what: impl FnOnce(&mut Drawn) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let Some(terminal) = &mut self.terminal else { return Err(ErrorKind::TimedOut.into()) };
        let written = what(terminal);
        if written.as_ref().is_err_and(|error| error.kind() == ErrorKind::TimedOut) {
            // Dropped it would write, and tell on the same terminal that it could not.
            std::mem::forget(self.terminal.take());
        }
        written
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.give_back();
        let words = std::mem::take(&mut *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner));
        for text in words {
            // There is nowhere left to say that standard error is closed.
            let _ = writeln!(std::io::stderr(), "ipeek: {}", SafeLines(&text));
        }
    }
}

/// The sequence that makes a terminal copy `text`, over ssh too (OSC 52 of xterm's control
/// sequences).
fn copy_sequence(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text))
}

/// Ends the process even while another thread uses the terminal: the user has asked for it twice.
pub fn force(status: i32) -> ! {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // The modes first: to write one may have to wait for ever.
        let _ = terminal::disable_raw_mode();
        if let Ok(mut out) = Stream::standard(&Shutdown::from(Arc::new(true.into()))) {
            undo(&mut out);
        }
    }
    std::process::exit(status)
}

fn enter(out: &mut impl Write) -> std::io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    let taken = terminal::enable_raw_mode()
        .and_then(|()| execute!(out, EnterAlternateScreen, EnableMouseCapture, cursor::Hide));
    if taken.is_err() {
        leave(out);
    }
    taken
}

/// Undoes all of [`enter`]; does nothing when it is undone.
fn leave(out: &mut impl Write) {
    if TAKEN.swap(false, Ordering::SeqCst) {
        undo(out);
        let _ = terminal::disable_raw_mode();
    }
}

/// A terminal that is gone need not be restored.
pub(super) fn undo(out: &mut impl Write) {
    let _ = execute!(out, DisableMouseCapture, LeaveAlternateScreen, cursor::Show);
}

/// Keeps what is to be said when the terminal is given back: the first few.
fn note(words: String) {
    let mut last = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if last.len() < MOST_WORDS && !last.contains(&words) {
        last.push(words);
    }
}

/// Sees to it that a panic's message is printed on a terminal that shows it.
fn hook(own: ThreadId) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if TAKEN.load(Ordering::SeqCst) && std::thread::current().id() != own {
            // The screen goes on with what there is.
            note(fault::words(panic));
            return;
        }
        leave(&mut std::io::stdout());
        before(panic);
    }));
}
