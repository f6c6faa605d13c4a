//! A receipt as a page that a browser prints.

use std::fmt::Write as _;

use qris_image::{DrawError, Drawing, Paper};

use super::document::{Align, Document, Emphasis, Kind, Line};
use super::layout::{Row, columns, lacks_letters, millimetres, rows};
use crate::text::escape;

/// The line height and the vertical margin in millimetres, as in `receipt.css`.
const LINE_MM: usize = 5;
const MARGIN_MM: usize = 4;

/// The document as a page. Its text is complete, in any script.
pub(super) fn page(document: &Document, paper: Paper) -> Result<String, DrawError> {
    let words = document.words.get();
    let title = match document.kind {
        Kind::Receipt => words.receipt,
        Kind::Slip => words.slip,
    };
    let mut body = String::new();
    // Writing to a string cannot fail, here and below.
    for line in &document.lines {
        match line {
            Line::Rule => body.push_str("<hr>\n"),
            Line::Qr(payload) => {
                let picture = Drawing::parse(payload)?.plain().svg()?;
                let _ = writeln!(body, "<div class=\"qr\">{}</div>", picture.trim_end());
            }
            Line::Text { text, align, emphasis } => {
                let align = if *align == Align::Center { "center " } else { "" };
                let class = class(*emphasis);
                let _ = writeln!(body, "<p class=\"{align}{class}\">{}</p>", escape(text));
            }
            Line::Pair { label, value, emphasis } => {
                let class = class(*emphasis);
                let _ = writeln!(
                    body,
                    "<p class=\"pair {class}\"><span>{label}</span> <span>{}</span></p>",
                    escape(value)
                );
            }
        }
    }
    let width = millimetres(paper);
    let note = match lacks_letters(document) {
        true => format!("<p id=\"note\" role=\"note\">{}</p>\n", words.printer_lacks),
        false => String::new(),
    };
    Ok(format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"../../../assets/receipt.css?width={width}&amp;height={height}\">\n\
         <script type=\"module\" src=\"../../../assets/receipt.js\"></script>\n</head>\n\
         <body class=\"paper-{width}\">\n<main>\n{body}</main>\n{note}\
         <button type=\"button\" id=\"print\">{print}</button>\n</body>\n</html>\n",
        lang = words.lang,
        height = height(document, paper),
        print = words.print,
    ))
}

const fn class(emphasis: Emphasis) -> &'static str {
    match emphasis {
        Emphasis::Normal => "normal",
        Emphasis::Bold => "bold",
        Emphasis::Large => "large",
    }
}

/// The length of the paper in millimetres: the lines as in the printer's font, a large line twice,
/// and a QR as high as the paper is wide.
fn height(document: &Document, paper: Paper) -> usize {
    let heights = rows(document, columns(paper)).into_iter().map(|row| match row {
        Row::Text { emphasis: Emphasis::Large, .. } => 2 * LINE_MM,
        Row::Text { .. } => LINE_MM,
        Row::Qr(_) => usize::from(millimetres(paper)),
    });
    heights.sum::<usize>() + 2 * MARGIN_MM
}

/// The style sheet with the paper size: the page is as long as its content.
pub(super) fn style(width: u16, height: u16) -> String {
    format!(
        "@page {{ size: {width}mm {height}mm; margin: 0; }}\n{}",
        include_str!("../pages/receipt.css")
    )
}
