//! `qris draw` and `qris read`: payloads to pictures and back.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use qris_image::{Drawing, Level, Paper, Size};

use crate::help::value_enum;
use crate::messages::message;
use crate::output::{chain, complain, payload_bytes, print, visible};

#[derive(Args)]
pub(crate) struct Draw {
    #[arg(value_name = "PAYLOAD", allow_hyphen_values = true)]
    payload: OsString,

    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[arg(long)]
    plain: bool,

    #[arg(long, value_enum, default_value_t = LevelWord::Medium)]
    level: LevelWord,

    #[arg(long, value_name = "MODULES", default_value_t = 4)]
    quiet_zone: u8,

    #[arg(long, value_name = "PIXELS", conflicts_with = "width")]
    scale: Option<u16>,

    #[arg(long, value_name = "PIXELS")]
    width: Option<u16>,

    #[arg(long, value_enum, default_value_t = PaperWord::Mm58)]
    paper: PaperWord,
}

#[derive(Clone, Copy)]
enum LevelWord {
    Low,
    Medium,
    Quartile,
    High,
}

value_enum!(
    LevelWord,
    "values-level",
    Low = "low",
    Medium = "medium",
    Quartile = "quartile",
    High = "high"
);

#[derive(Clone, Copy, ValueEnum)]
enum PaperWord {
    #[value(name = "58")]
    Mm58,
    #[value(name = "80")]
    Mm80,
}

#[derive(Args)]
pub(crate) struct Read {
    #[arg(value_name = "IMAGE", required = true)]
    images: Vec<PathBuf>,
}

/// No picture that is taken is larger; the decoder bounds the pixels.
const MOST: u64 = 64 << 20;

impl Draw {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.payload.clone())?;
        let text = String::from_utf8_lossy(&bytes);
        match self.draw(&text) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(Problem::Usage(problem)) => Err(problem),
            Err(Problem::Refused(problem)) => {
                complain(&chain(&problem));
                Ok(ExitCode::FAILURE)
            }
        }
    }

    fn draw(&self, text: &str) -> Result<(), Problem> {
        let mut drawing =
            Drawing::parse(text)?.level(self.level.into()).quiet_zone(self.quiet_zone);
        if self.plain {
            drawing = drawing.plain();
        }
        if let Some(pixels) = self.scale {
            drawing = drawing.size(Size::Module(pixels));
        }
        if let Some(pixels) = self.width {
            drawing = drawing.size(Size::Width(pixels));
        }
        let Some(path) = &self.output else {
            return Ok(print(&drawing.terminal()?)?);
        };
        let file = match path.extension().and_then(|extension| extension.to_str()) {
            Some("svg") => drawing.svg()?.into_bytes(),
            Some("png") => drawing.png()?,
            Some("escpos") => drawing.escpos(self.paper.into())?,
            _ => {
                return Err(Problem::Usage(io::Error::other(message!("draw-file-name"))));
            }
        };
        let written = fs::write(path, file);
        Ok(written.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?)
    }
}

/// Why nothing was drawn.
enum Problem {
    Usage(io::Error),
    Refused(qris_image::DrawError),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<qris_image::DrawError> for Problem {
    fn from(error: qris_image::DrawError) -> Self {
        Self::Refused(error)
    }
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Self {
        match word {
            LevelWord::Low => Self::Low,
            LevelWord::Medium => Self::Medium,
            LevelWord::Quartile => Self::Quartile,
            LevelWord::High => Self::High,
        }
    }
}

impl From<PaperWord> for Paper {
    fn from(word: PaperWord) -> Self {
        match word {
            PaperWord::Mm58 => Self::Mm58,
            PaperWord::Mm80 => Self::Mm80,
        }
    }
}

impl Read {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        for path in &self.images {
            let mut file = Vec::new();
            File::open(path)
                .and_then(|opened| opened.take(MOST).read_to_end(&mut file))
                .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
            match qris_image::read(&file) {
                Ok(found) if !found.is_empty() => {
                    for symbol in found {
                        print(&format!("{}\n", visible(symbol.text())))?;
                    }
                }
                Ok(_) => {
                    complain(&message!("read-no-qr", file = path.display()));
                    code = ExitCode::FAILURE;
                }
                Err(error) => {
                    complain(&format!("{}: {error}", path.display()));
                    code = ExitCode::FAILURE;
                }
            }
        }
        Ok(code)
    }
}
