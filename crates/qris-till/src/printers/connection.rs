//! Sends commands to a printer, within time limits.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::timeout;

use super::address::PrinterConnection;
use super::error::PrinterError;
use super::status;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(3);

/// How long a printer may accept no data. The message of [`PrinterError::TooSlow`] has this number
/// too.
const WRITE: Duration = Duration::from_secs(5);

/// How long to wait for a printer's status answer.
const ANSWER: Duration = Duration::from_millis(700);

/// How long to wait for the printer to close its side. Closing at once could lose unread data.
const CLOSE: Duration = Duration::from_secs(1);

/// How many bytes are written at a time, and the size of the system's send buffer: small, to notice
/// a printer that accepts nothing.
const CHUNK: usize = 1024;
const SEND_BUFFER: u32 = 4096;

/// Why something was not printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) error: PrinterError,
    /// Whether some data was sent, so that it may be on paper.
    pub(super) is_begun: bool,
}

impl Failure {
    const fn before(error: PrinterError) -> Self {
        Self { error, is_begun: false }
    }

    const fn amid(error: PrinterError) -> Self {
        Self { error, is_begun: true }
    }
}

/// Whether a printer answers status requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Answers {
    /// It must not be asked.
    Unasked,
    /// It has not answered so far; an answer is optional.
    #[default]
    Never,
    /// It has answered before.
    Before,
}

/// Checks whether a printer can be reached. Sends nothing.
pub(super) async fn reach(connection: &PrinterConnection) -> Result<(), PrinterError> {
    match connection {
        PrinterConnection::Network { host, port } => connect(host, *port).await.map(drop),
        PrinterConnection::Device(path) => device::open(path).map(drop),
    }
}

/// Sends a whole job. `answers` is updated with what the printer does.
pub(super) async fn send(
    connection: &PrinterConnection,
    answers: &mut Answers,
    commands: &[u8],
) -> Result<(), Failure> {
    match connection {
        PrinterConnection::Network { host, port } => {
            let stream = connect(host, *port).await.map_err(Failure::before)?;
            send_to_network(stream, answers, commands).await
        }
        PrinterConnection::Device(path) => send_to_device(path, commands).await,
    }
}

async fn connect(host: &str, port: u16) -> Result<TcpStream, PrinterError> {
    let connecting = async {
        for address in lookup_host((host, port)).await? {
            let socket =
                if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            socket.set_send_buffer_size(SEND_BUFFER)?;
            if let Ok(stream) = socket.connect(address).await {
                return Ok(stream);
            }
        }
        Err(std::io::Error::from(std::io::ErrorKind::AddrNotAvailable))
    };
    timeout(CONNECT, connecting).await.ok().and_then(Result::ok).ok_or(PrinterError::Away)
}

async fn send_to_network(
    mut stream: TcpStream,
    answers: &mut Answers,
    commands: &[u8],
) -> Result<(), Failure> {
    let mut is_answering = false;
    if *answers != Answers::Unasked {
        match ask(&mut stream, status::ASK_PAPER).await {
            StatusReply::Answered(answer) => {
                (is_answering, *answers) = (true, Answers::Before);
                status::paper(answer).map_err(Failure::before)?;
                if let StatusReply::Answered(answer) = ask(&mut stream, status::ASK_CAUSE).await {
                    status::cause(answer).map_err(Failure::before)?;
                }
            }
            StatusReply::Silent if *answers == Answers::Before => {
                return Err(Failure::before(PrinterError::NoAnswer));
            }
            StatusReply::Silent => {}
            StatusReply::CutOff => return Err(Failure::before(PrinterError::CutOff)),
        }
    }
    for chunk in commands.chunks(CHUNK) {
        let error = match timeout(WRITE, stream.write_all(chunk)).await {
            Ok(Ok(())) => continue,
            Ok(Err(_)) => PrinterError::CutOff,
            Err(_) => PrinterError::TooSlow,
        };
        return Err(Failure::amid(error));
    }
    // The paper may have ended during the receipt.
    if is_answering && let StatusReply::Answered(answer) = ask(&mut stream, status::ASK_PAPER).await
    {
        status::paper(answer).map_err(Failure::amid)?;
    }
    stream.shutdown().await.map_err(|_| Failure::amid(PrinterError::CutOff))?;
    let mut rest = [0; 64];
    let closing = async { while matches!(stream.read(&mut rest).await, Ok(1..)) {} };
    timeout(CLOSE, closing).await.ok();
    Ok(())
}

/// The result of a status request.
enum StatusReply {
    Answered(u8),
    /// It did not answer in time.
    Silent,
    /// It closed the connection.
    CutOff,
}

/// Sends a status request to a printer.
async fn ask(stream: &mut TcpStream, question: [u8; 3]) -> StatusReply {
    let asking = async {
        stream.write_all(&question).await?;
        loop {
            let byte = stream.read_u8().await?;
            if status::is_answer(byte) {
                return std::io::Result::Ok(byte);
            }
        }
    };
    match timeout(ANSWER, asking).await {
        Ok(Ok(byte)) => StatusReply::Answered(byte),
        Ok(Err(_)) => StatusReply::CutOff,
        Err(_) => StatusReply::Silent,
    }
}

async fn send_to_device(path: &Path, commands: &[u8]) -> Result<(), Failure> {
    let mut file = device::open(path).map_err(Failure::before)?;
    let mut is_begun = false;
    for chunk in commands.chunks(CHUNK) {
        let writing = device::write_all(&mut file, chunk, &mut is_begun);
        let error = match timeout(WRITE, writing).await {
            Ok(Ok(())) => continue,
            Ok(Err(_)) => PrinterError::CutOff,
            Err(_) => PrinterError::TooSlow,
        };
        return Err(Failure { error, is_begun });
    }
    Ok(())
}

#[cfg(unix)]
mod device {
    use std::fs::File;
    use std::io::{self, ErrorKind, Write as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;
    use std::time::Duration;

    use rustix::fs::OFlags;

    use crate::printers::error::PrinterError;

    /// How often writing is retried while a printer accepts nothing.
    const AGAIN: Duration = Duration::from_millis(20);

    /// Opens a device file so that opening and writing do not block. Does not create a file.
    pub(super) fn open(path: &Path) -> Result<File, PrinterError> {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let mut options = File::options();
        options.append(true).custom_flags(flags);
        options.open(path).map_err(|_| PrinterError::NoDevice)
    }

    pub(super) async fn write_all(
        file: &mut File,
        mut bytes: &[u8],
        is_begun: &mut bool,
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            match file.write(bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    *is_begun = true;
                    bytes = bytes.get(written..).unwrap_or_default();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    tokio::time::sleep(AGAIN).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod device {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use crate::printers::error::PrinterError;

    /// Device files exist only on Unix.
    pub(super) fn open(_: &Path) -> Result<File, PrinterError> {
        Err(PrinterError::NoDevice)
    }

    pub(super) async fn write_all(_: &mut File, _: &[u8], _: &mut bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
