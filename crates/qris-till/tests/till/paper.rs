//! A receipt printer that turns ESC/POS into letters and dots.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A line of letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) is_centered: bool,
    pub(crate) is_bold: bool,
    pub(crate) height: u8,
}

/// The content of the paper, and the printer's other actions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) lines: Vec<Line>,
    /// Rows of dots, of all pictures; a set bit is black.
    pub(crate) rows: Vec<Vec<u8>>,
    pub(crate) cuts: usize,
    pub(crate) kicks: usize,
    pub(crate) resets: usize,
}

impl Paper {
    /// Prints commands. Panics on an unknown or incomplete command.
    #[track_caller]
    pub(crate) fn print(commands: &[u8]) -> Self {
        let mut paper = Self::default();
        let mut line = String::new();
        let (mut is_centered, mut is_bold, mut height) = (false, false, 1);
        let mut at = commands;
        while let Some((first, rest)) = at.split_first() {
            let took = match (first, rest) {
                (0x1b, [b'@', ..]) => {
                    paper.resets += 1;
                    (is_centered, is_bold, height) = (false, false, 1);
                    2
                }
                (0x1b, [b't', 0, ..] | [b'R', 0, ..]) => 3,
                (0x1b, [b'a', side, ..]) => {
                    is_centered = *side == 1;
                    3
                }
                (0x1b, [b'E', on, ..]) => {
                    is_bold = *on == 1;
                    3
                }
                (0x1d, [b'!', size, ..]) => {
                    height = size + 1;
                    3
                }
                (0x1b, [b'd', _, ..]) => 3,
                (0x1b, [b'p', 0, _, _, ..]) => {
                    paper.kicks += 1;
                    5
                }
                (0x1d, [b'V', 66, _, ..]) => {
                    paper.cuts += 1;
                    4
                }
                (0x1d, [b'v', b'0', 0, xl, xh, yl, yh, ..]) => {
                    assert_eq!(line, "", "a picture begins at the start of a line");
                    assert!(!is_centered, "a picture is as wide as the paper");
                    let across = usize::from(u16::from_le_bytes([*xl, *xh]));
                    let high = usize::from(u16::from_le_bytes([*yl, *yh]));
                    let rows = at[8..8 + across * high].chunks(across);
                    paper.rows.extend(rows.map(<[u8]>::to_vec));
                    8 + across * high
                }
                (b'\n', _) => {
                    let text = std::mem::take(&mut line);
                    paper.lines.push(Line { text, is_centered, is_bold, height });
                    1
                }
                (b' '..=b'~', _) => {
                    line.push(char::from(*first));
                    1
                }
                _ => panic!("an unknown command: {:02x?}", &at[..at.len().min(8)]),
            };
            at = &at[took..];
        }
        assert_eq!(line, "", "each line ends");
        paper
    }

    /// The lines of letters.
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{}\n", line.text)).collect()
    }

    /// The text that zbar reads from the dots. It shares no code with this project (Debian: zbar-tools).
    #[track_caller]
    pub(crate) fn scanned(&self) -> String {
        let across = self.rows[0].len();
        let mut picture = format!("P5\n{} {}\n255\n", across * 8, self.rows.len()).into_bytes();
        for byte in self.rows.iter().flatten() {
            picture.extend((0..8).map(|bit| if byte & (0x80 >> bit) == 0 { 255 } else { 0 }));
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("paper.pgm");
        std::fs::write(&file, picture).expect("room for a picture");
        let output = Command::new("zbarimg")
            .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
            // Its threads wait by running in circles, and the other tests need the processors.
            .env("OMP_NUM_THREADS", "1")
            .arg(&file)
            .output()
            .expect("zbarimg must be installed (Debian: zbar-tools)");
        String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
    }
}

/// How a printer behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It prints, and does not report its state.
    Silent,
    /// It prints, and reports that it is ready.
    Well,
    /// It reports that it is out of paper.
    OutOfPaper,
    /// It accepts connections and reads nothing.
    Stuck,
    /// It closes each connection at the first status request.
    HangsUp,
}

/// A printer that listens on loopback and stores the jobs.
pub(crate) struct Printer {
    pub(crate) address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    jobs: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Printer {
    pub(crate) async fn start(mood: Mood) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), mood).await
    }

    pub(crate) async fn start_at(address: SocketAddr, mood: Mood) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an address that was used before");
        // Printers have small buffers, so one that reads nothing soon accepts nothing.
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        socket.bind(address).expect("a port");
        let listener = socket.listen(16).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (mood, jobs) = (Arc::new(Mutex::new(mood)), Arc::new(Mutex::default()));
        tokio::spawn(serve(listener, Arc::clone(&mood), Arc::clone(&jobs)));
        Self { address, mood, jobs }
    }

    pub(crate) fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// The jobs printed so far.
    pub(crate) fn printed(&self) -> Vec<Paper> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.iter().map(|job| Paper::print(job)).collect()
    }

    /// The printed jobs, when there are this many.
    pub(crate) async fn reaches(&self, count: usize) -> Vec<Paper> {
        let started = Instant::now();
        loop {
            let printed = self.printed();
            if printed.len() >= count {
                return printed;
            }
            let found = printed.len();
            assert!(started.elapsed() < Duration::from_secs(30), "expected {count}, found {found}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn serve(listener: TcpListener, mood: Arc<Mutex<Mood>>, jobs: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut stuck = Vec::new();
    while let Ok((stream, _)) = listener.accept().await {
        let is = *mood.lock().unwrap_or_else(PoisonError::into_inner);
        if is == Mood::Stuck {
            stuck.push(stream);
            continue;
        }
        let job = take(stream, is).await;
        if !job.is_empty() {
            jobs.lock().unwrap_or_else(PoisonError::into_inner).push(job);
        }
    }
}

/// Reads a job to its end, and answers the status requests before and after it.
async fn take(mut stream: TcpStream, mood: Mood) -> Vec<u8> {
    let (mut job, mut buffer) = (Vec::new(), [0; 512]);
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        job.extend_from_slice(&buffer[..count]);
        while let Some(question) = job.len().checked_sub(3)
            && let [0x10, 0x04, asked] = job[question..]
        {
            job.truncate(question);
            if mood == Mood::HangsUp {
                return Vec::new();
            }
            let answer = match (mood, asked) {
                (Mood::Silent | Mood::Stuck | Mood::HangsUp, _) => continue,
                (Mood::OutOfPaper, 4) => 0x72,
                (Mood::OutOfPaper, _) => 0x32,
                (Mood::Well, _) => 0x12,
            };
            stream.write_all(&[answer]).await.ok();
        }
    }
    job
}
