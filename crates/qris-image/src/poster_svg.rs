//! A poster as an SVG document, measured in millimetres.

use std::fmt::Write;

use crate::helvetica::{Weight, has_letter};
use crate::page::{Align, Page};
use crate::svg::{escaped, push_path};
use crate::symbol::Symbol;

/// The symbol and the words of a page. The unit of the drawing is a millimetre.
pub(crate) fn draw(symbol: &Symbol, page: &Page, title: &str) -> String {
    let mut svg = String::with_capacity(16 * 1024);
    let (width, height) = (page.width, page.height);
    // Writing to a string does not fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\"><title>{}</title>\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
        escaped(title),
    );
    for frame in &page.frames {
        let _ = write!(
            svg,
            "<rect id=\"{}\" x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"none\" \
             stroke=\"{}\" stroke-width=\"0.2\" stroke-dasharray=\"1.5 1\"/>",
            frame.id,
            frame.x,
            frame.y,
            frame.width,
            frame.height,
            grey(FRAME_GREY),
        );
    }
    let place = page.symbol;
    let _ = write!(
        svg,
        "<path shape-rendering=\"crispEdges\" transform=\"translate({:.4} {:.4}) scale({:.5})\" d=\"",
        place.x, place.y, place.module,
    );
    push_path(&mut svg, symbol, 0);
    svg.push_str("\"/><g font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">");
    for text in &page.texts {
        let _ = write!(
            svg,
            "<text x=\"{:.2}\" y=\"{:.2}\" font-size=\"{:.2}\" fill=\"{}\"",
            text.x,
            text.baseline,
            text.size,
            grey(text.grey),
        );
        if text.weight == Weight::Bold {
            svg.push_str(" font-weight=\"bold\"");
        }
        match text.align {
            Align::Left => {}
            Align::Middle => svg.push_str(" text-anchor=\"middle\""),
            Align::Right => svg.push_str(" text-anchor=\"end\""),
        }
        // The viewer decides the width of letters in other scripts.
        if text.line.chars().all(has_letter) {
            let width = text.width();
            let _ = write!(svg, " textLength=\"{width:.2}\" lengthAdjust=\"spacingAndGlyphs\"");
        }
        let _ = write!(svg, ">{}</text>", escaped(&text.line));
    }
    svg.push_str("</g></svg>\n");
    svg
}

/// The grey of the lines around a free place.
const FRAME_GREY: f32 = 0.7;

/// A grey as a colour: 0 is black, 1 is white.
fn grey(shade: f32) -> String {
    let byte = (shade.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{byte:02x}{byte:02x}{byte:02x}")
}
