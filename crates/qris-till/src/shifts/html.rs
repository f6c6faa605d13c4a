//! A report as a page for the browser's printer.

use std::fmt::Write as _;

use super::content::{Content, Line, Section};
use super::words::words;
use crate::language::Language;
use crate::text::escape;

/// Writes a report as a page. The class has the paper width.
pub(super) fn write(content: &Content, language: Language, class: &str) -> String {
    let say = words(language);
    let mut body = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(body, "<h1>{}</h1>", escape(&content.title));
    pairs(&mut body, "facts", &content.facts);
    pairs(&mut body, "totals", &content.totals);
    for Section { title, total, note, lines } in &content.sections {
        let _ = writeln!(
            body,
            "<section>\n<h2><span>{}</span> <span>{}</span></h2>",
            escape(title),
            escape(total)
        );
        if let Some(note) = note {
            let _ = writeln!(body, "<p>{}</p>", escape(note));
        }
        body.push_str("<ul>\n");
        for Line { name, amount, note } in lines {
            let _ =
                write!(body, "<li><span>{}</span> <span>{}</span>", escape(name), escape(amount));
            if let Some(note) = note {
                let _ = write!(body, "<small>{}</small>", escape(note));
            }
            body.push_str("</li>\n");
        }
        body.push_str("</ul>\n</section>\n");
    }
    if let Some(note) = content.note {
        let _ = writeln!(body, "<p class=\"note\">{}</p>", escape(note));
    }
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"/assets/shift_print.css\">\n\
         <script type=\"module\" src=\"/assets/shift_print.js\"></script>\n</head>\n\
         <body class=\"{class}\">\n\
         <p class=\"screen\"><button id=\"print\" type=\"button\">{print}</button></p>\n\
         <main>\n{body}</main>\n</body>\n</html>\n",
        lang = say.lang,
        title = escape(&content.title),
        print = say.print,
    )
}

fn pairs(body: &mut String, class: &str, pairs: &[(&'static str, String)]) {
    let _ = writeln!(body, "<dl class=\"{class}\">");
    for (name, value) in pairs {
        let _ = writeln!(body, "<div><dt>{}</dt> <dd>{}</dd></div>", escape(name), escape(value));
    }
    body.push_str("</dl>\n");
}
