//! `qris draw`: payloads to pictures.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use qris_image::{
    DrawError, Drawing, Format, Level, Paper, Poster, PosterFormat, PosterSize, Size,
};

use crate::help::value_enum;
use crate::messages::message;
use crate::output::{chain, note, payload_bytes, print_bytes, print_error, visible};

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

    #[arg(long, value_enum)]
    format: Option<FormatWord>,

    #[arg(
        long,
        value_enum,
        value_name = "SIZE",
        conflicts_with_all = ["plain", "quiet_zone", "scale", "width", "paper"]
    )]
    poster: Option<PosterWord>,

    #[arg(long, value_name = "TEXT", requires = "poster")]
    printed_by: Option<String>,

    #[arg(long, value_name = "TEXT", requires = "poster")]
    print_version: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FormatWord {
    Svg,
    Png,
    Escpos,
    Pdf,
    Terminal,
}

value_enum!(
    FormatWord,
    "values-draw-format",
    Svg = "svg",
    Png = "png",
    Escpos = "escpos",
    Pdf = "pdf",
    Terminal = "terminal"
);

#[derive(Clone, Copy)]
enum PosterWord {
    A5,
    A6,
}

value_enum!(PosterWord, "values-poster", A5 = "a5", A6 = "a6");

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

impl Draw {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let bytes = payload_bytes(self.payload.clone())?;
        let text = String::from_utf8_lossy(&bytes);
        match self.draw(&text) {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(Problem::Usage(problem)) => Err(problem),
            Err(Problem::Refused(DrawError::NotStatic)) => {
                print_error(&message!("draw-poster-dynamic"));
                Ok(ExitCode::FAILURE)
            }
            Err(Problem::Refused(problem)) => {
                print_error(&chain(&problem));
                Ok(ExitCode::FAILURE)
            }
        }
    }

    fn draw(&self, text: &str) -> Result<(), Problem> {
        let format = self.format()?;
        let (file, omitted) = match self.poster {
            Some(size) => self.poster(text, size, format)?,
            None => self.drawing(text, format)?,
        };
        match &self.output {
            None => print_bytes(&file)?,
            Some(path) => fs::write(path, file)
                .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?,
        }
        if self.poster.is_some() {
            note(&message!("draw-poster-logos"));
        }
        for line in omitted {
            anstream::eprintln!("{}", message!("draw-omitted", line = visible(&line)));
        }
        Ok(())
    }

    /// What is asked for, or else what the name of the file ends in.
    fn format(&self) -> Result<FormatWord, Problem> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let Some(path) = &self.output else { return Ok(FormatWord::Terminal) };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("svg") => Ok(FormatWord::Svg),
            Some("png") => Ok(FormatWord::Png),
            Some("escpos") => Ok(FormatWord::Escpos),
            Some("pdf") => Ok(FormatWord::Pdf),
            _ => Err(Problem::usage(message!("draw-file-name"))),
        }
    }

    /// The file of a code, and the lines that are not in it.
    fn drawing(&self, text: &str, format: FormatWord) -> Result<(Vec<u8>, Vec<String>), Problem> {
        let format = match format {
            FormatWord::Svg => Format::Svg,
            FormatWord::Png => Format::Png,
            FormatWord::Escpos => Format::Escpos(self.paper.into()),
            FormatWord::Terminal => Format::Terminal,
            FormatWord::Pdf => return Err(Problem::usage(message!("draw-pdf-without-poster"))),
        };
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
        Ok((drawing.draw(format)?, owned(drawing.omitted(format))))
    }

    /// The file of a sign, and the words that are not in it.
    fn poster(
        &self,
        text: &str,
        size: PosterWord,
        format: FormatWord,
    ) -> Result<(Vec<u8>, Vec<String>), Problem> {
        let format = match format {
            FormatWord::Svg => PosterFormat::Svg,
            FormatWord::Pdf => PosterFormat::Pdf,
            _ => return Err(Problem::usage(message!("draw-poster-format"))),
        };
        let mut poster = Poster::parse(text, size.into())?.level(self.level.into());
        if let Some(name) = &self.printed_by {
            poster = poster.printed_by(name);
        }
        if let Some(version) = &self.print_version {
            poster = poster.print_version(version);
        }
        Ok((poster.draw(format)?, owned(poster.omitted(format))))
    }
}

fn owned(lines: Vec<&str>) -> Vec<String> {
    lines.into_iter().map(str::to_owned).collect()
}

/// Why nothing was drawn.
enum Problem {
    Usage(io::Error),
    Refused(DrawError),
}

impl Problem {
    fn usage(words: String) -> Self {
        Self::Usage(io::Error::other(words))
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<DrawError> for Problem {
    fn from(error: DrawError) -> Self {
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

impl From<PosterWord> for PosterSize {
    fn from(word: PosterWord) -> Self {
        match word {
            PosterWord::A5 => Self::A5,
            PosterWord::A6 => Self::A6,
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
