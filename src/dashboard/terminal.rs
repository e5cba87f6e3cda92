//! The terminal: taken when the dashboard opens, given back on every end.
//!
//! Raw mode, the alternate screen and the mouse are undone when the [`Screen`] is dropped, and by
//! the panic hook before a panic's message is printed.

use std::io::{BufWriter, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::thread::ThreadId;

use super::copy;
use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute, terminal};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;

/// Whether the terminal is ours.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// What panicking threads beside the screen's had to say, until the terminal is given back.
static LAST_WORDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

static HOOK: Once = Once::new();

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

impl Screen {
    /// Takes the terminal.
    pub fn take() -> std::io::Result<Self> {
        let own = std::thread::current().id();
        HOOK.call_once(|| hook(own));
        enter()?;
        // A frame goes out in one piece.
        let out = BufWriter::with_capacity(1 << 18, std::io::stdout());
        match Terminal::new(CrosstermBackend::new(out)) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or((0, 0), |size| (size.width, size.height))
    }

    /// Draws a frame, of which only what changed goes out.
    pub fn draw(&mut self, with: impl FnOnce(&mut Buffer)) -> std::io::Result<()> {
        let (columns, rows) = self.size();
        if columns == 0 || rows == 0 {
            return Ok(());
        }
        self.terminal.draw(|frame| with(frame.buffer_mut())).map(|_| ())
    }

    /// Has the terminal copy a text; how many octets, or none where it is more than terminals take.
    pub fn copy(&mut self, text: &str) -> std::io::Result<Option<usize>> {
        if text.len() > copy::MOST {
            return Ok(None);
        }
        let mut out = std::io::stdout();
        out.write_all(copy::sequence(text).as_bytes())?;
        out.flush()?;
        Ok(Some(text.len()))
    }

    /// Gives the terminal back, stops the program until the shell continues it, and takes it again.
    pub fn suspend(&mut self) -> std::io::Result<()> {
        leave();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        enter()?;
        self.terminal.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
        let words = std::mem::take(&mut *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner));
        for text in words {
            // There is nowhere left to say that standard error is closed.
            let _ = writeln!(std::io::stderr(), "ipeek: {text}");
        }
    }
}

fn enter() -> std::io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    let taken = terminal::enable_raw_mode().and_then(|()| {
        execute!(std::io::stdout(), EnterAlternateScreen, EnableMouseCapture, cursor::Hide)
    });
    if taken.is_err() {
        leave();
    }
    taken
}

/// Undoes all of [`enter`]; does nothing when it is undone.
fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // A terminal that is gone need not be restored.
        let _ =
            execute!(std::io::stdout(), DisableMouseCapture, LeaveAlternateScreen, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}

/// Sees to it that a panic's message is printed on a terminal that shows it.
fn hook(own: ThreadId) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if TAKEN.load(Ordering::SeqCst) && std::thread::current().id() != own {
            // The screen goes on with what there is.
            LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner).push(panic.to_string());
            return;
        }
        leave();
        before(panic);
    }));
}
