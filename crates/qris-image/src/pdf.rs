//! A poster as a PDF of one page.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::helvetica::{Weight, byte};
use crate::page::{Page, Text};
use crate::symbol::Symbol;

/// Points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

const FRAME_GREY: f32 = 0.7;

/// The fonts by the names that the page's content knows them by.
const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

/// The symbol and the words of a page, in letters that Helvetica has.
pub(crate) fn draw(symbol: &Symbol, page: &Page, title: &str) -> Vec<u8> {
    let [catalog, pages, only_page, regular, bold, content, info] =
        [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages).lang(TextStr("id"));
    pdf.document_info(info).title(TextStr(title)).creator(TextStr("qris-image"));
    pdf.pages(pages).kids([only_page]).count(1);

    let mut written = pdf.page(only_page);
    written.media_box(Rect::new(0.0, 0.0, page.width * POINTS, page.height * POINTS));
    written.parent(pages);
    written.contents(content);
    let mut resources = written.resources();
    resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
    resources.finish();
    written.finish();

    for (font, name) in [(regular, "Helvetica"), (bold, "Helvetica-Bold")] {
        pdf.type1_font(font)
            .base_font(Name(name.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.stream(content, &contents(symbol, page));
    pdf.finish()
}

fn contents(symbol: &Symbol, page: &Page) -> Vec<u8> {
    let mut content = Content::new();
    // From here on the unit is a millimetre, and y still grows upwards.
    content.transform([POINTS, 0.0, 0.0, POINTS, 0.0, 0.0]);
    let up = |y: f32| page.height - y;

    content.set_stroke_gray(FRAME_GREY).set_line_width(0.2).set_dash_pattern([1.5, 1.0], 0.0);
    for frame in &page.frames {
        content.rect(frame.x, up(frame.y + frame.height), frame.width, frame.height);
    }
    content.stroke();

    content.save_state().set_fill_gray(0.0);
    // And here it is a module, with y growing downwards from the symbol's corner.
    let place = page.symbol;
    content.transform([place.module, 0.0, 0.0, -place.module, place.x, up(place.y)]);
    for run in symbol.runs() {
        content.rect(run.x as f32, run.y as f32, run.len as f32, 1.0);
    }
    content.fill_nonzero().restore_state();

    for text in &page.texts {
        show(&mut content, text, up(text.baseline));
    }
    content.finish().to_vec()
}

fn show(content: &mut Content, text: &Text, baseline: f32) {
    let font = match text.weight {
        Weight::Regular => REGULAR,
        Weight::Bold => BOLD,
    };
    let bytes: Vec<u8> = text.line.chars().filter_map(byte).collect();
    content
        .set_fill_gray(text.grey)
        .begin_text()
        .set_font(font, text.size)
        .next_line(text.left(), baseline)
        .show(Str(&bytes))
        .end_text();
}
