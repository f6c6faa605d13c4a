//! `include/qris.h` is generated from the sources of the library.
//!
//! After a change: `UPDATE_HEADER=1 cargo test -p qris-c --test header`.

use std::path::{Path, PathBuf};

/// The source files, in the order of the header.
const SOURCES: [&str; 23] = [
    "version",
    "status",
    "text",
    "error",
    "payload",
    "inspect",
    "hints",
    "encode",
    "dynamic",
    "anonymize",
    "draw",
    "read",
    "client",
    "invoice",
    "wait",
    "webhook",
    "order",
    "orders",
    "new_order",
    "order_steps",
    "order_lists",
    "order_codes",
    "poll",
];

const OPENING: &str = "\
/* QRIS payloads, pictures and payments, for C99 and C++17.
 *
 * Generated from the sources of the library: do not edit.
 *
 * Functions return a qris_status; zero is success. Text is UTF-8: a pointer and a length in bytes
 * without a NUL, or, if the comment says so, a text that ends with a NUL. Results are written only
 * on success. There are two exceptions: `*error` is written on failure, and `*written` also if the
 * buffer is too small. Only clients and orders are created and freed; the caller owns everything
 * else. If an argument is wrong, the function returns a status that says so. It cannot detect a
 * dangling pointer or a text without its NUL: then the behaviour is undefined, as usual in C.
 */

#ifndef QRIS_H
#define QRIS_H";

/// The version as macros.
fn after_includes() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let [major, minor, patch] = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ];
    format!(
        "
/* The version of this header. qris_version() returns the version of the running library. */
#define QRIS_VERSION \"{version}\"
#define QRIS_VERSION_MAJOR {major}
#define QRIS_VERSION_MINOR {minor}
#define QRIS_VERSION_PATCH {patch}"
    )
}

const TRAILER: &str = "\
/* Makes a qris_str of a text that ends with a NUL, for the fields of structs. NULL means no text. */
static inline qris_str qris_text(const char *text)
{
  qris_str whole;
  whole.ptr = text;
  whole.len = 0;
  if (text) {
    while (text[whole.len]) {
      whole.len++;
    }
  }
  return whole;
}

#endif /* QRIS_H */";

fn generated() -> Result<String, cbindgen::Error> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        cpp_compat: true,
        header: Some(OPENING.to_owned()),
        after_includes: Some(after_includes()),
        trailer: Some(TRAILER.to_owned()),
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        style: cbindgen::Style::Both,
        line_length: 100,
        enumeration: cbindgen::EnumConfig {
            rename_variants: cbindgen::RenameRule::QualifiedScreamingSnakeCase,
            ..Default::default()
        },
        export: cbindgen::ExportConfig {
            // C passes enums as integers, so no function mentions these types.
            include: [
                "qris_rules",
                "qris_initiation",
                "qris_tip",
                "qris_format",
                "qris_poster",
                "qris_budget_place",
                "qris_wait_step",
                "qris_channel",
            ]
            .map(str::to_owned)
            .to_vec(),
            ..Default::default()
        },
        function: cbindgen::FunctionConfig { sort_by: None, ..Default::default() },
        ..Default::default()
    };
    let sources = SOURCES.iter().map(|name| crate_root.join(format!("src/{name}.rs")));
    let builder = sources.fold(cbindgen::Builder::new(), cbindgen::Builder::with_src);
    let mut header = Vec::new();
    builder.with_config(config).generate()?.write(&mut header);
    let header = String::from_utf8_lossy(&header);
    // Rust's heading for promises, in the words of a C header.
    let header = header.replace("# Safety", "The caller must make sure of this:");
    Ok(header.lines().map(|line| format!("{}\n", line.trim_end())).collect())
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include/qris.h")
}

#[test]
fn the_header_is_generated_from_the_sources() -> Result<(), Box<dyn std::error::Error>> {
    let generated = generated()?;
    if std::env::var_os("UPDATE_HEADER").is_some() {
        std::fs::write(path(), &generated)?;
    }
    let committed = std::fs::read_to_string(path())?;
    let differs = generated.lines().zip(committed.lines()).find(|(one, other)| one != other);
    assert!(
        generated == committed,
        "include/qris.h is out of date, first here: {differs:?}; UPDATE_HEADER=1 writes it again"
    );
    Ok(())
}

#[test]
fn the_header_has_no_headings_of_rust() -> Result<(), cbindgen::Error> {
    let header = generated()?;
    let heading = header.lines().find(|line| line.trim_start().starts_with("* # "));
    assert_eq!(heading, None);
    Ok(())
}

#[test]
fn every_source_is_in_the_list() -> std::io::Result<()> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(sources)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        // These have no public item.
        let inner = ["event_queue", "ffi", "handles", "lib"].contains(&name);
        assert!(inner || SOURCES.contains(&name), "{name} is not in SOURCES");
    }
    Ok(())
}

/// The header's comments, without their marks and line ends.
fn comments() -> std::io::Result<String> {
    let header = std::fs::read_to_string(path())?;
    Ok(header.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" "))
}

#[test]
fn the_header_says_the_limits_of_the_rules() -> std::io::Result<()> {
    use qris_codec::rules::limits;

    let comments = comments()?;
    for said in [
        format!("59, the merchant's name; at most {} characters.", limits::MAX_NAME_CHARS),
        format!("60, the merchant's city; at most {} characters.", limits::MAX_CITY_CHARS),
        format!("seven that follow: at most {} characters,", limits::MAX_ADDITIONAL_CHARS),
    ] {
        assert!(
            comments.contains(&said),
            "expected \"{said}\" in include/qris.h, found another limit"
        );
    }
    Ok(())
}

#[test]
#[cfg(feature = "client")]
fn the_header_says_the_limits_of_the_client() -> std::io::Result<()> {
    use qris_api::limits;

    let comments = comments()?;
    let seconds = |time: std::time::Duration| time.as_secs();
    for said in [
        format!("Time limit for one call, in seconds. Default {}:", seconds(limits::CALL_TIMEOUT)),
        format!("shown to a payer, in seconds. Default {}:", seconds(limits::SHOWN)),
        format!(
            "Validity of an invoice in seconds: until then a payment may come. Default {}.",
            seconds(limits::VALIDITY)
        ),
        format!("because a payment may arrive late. Default {}.", seconds(limits::GRACE)),
        format!(
            "first three checks of an invoice, in seconds. Default {}.",
            seconds(limits::TRY_GAP)
        ),
        format!("later checks of an invoice, in seconds. Default {}.", seconds(limits::CHECK_GAP)),
        format!("over all invoices, threads and processes. Default {}.", limits::CHECKS_PER_MINUTE),
        format!(
            "The smallest amount of an invoice, in rupiah. Default {},",
            limits::MIN_INVOICE_RUPIAH
        ),
        format!(
            "The largest amount of an invoice, in rupiah. Default {},",
            limits::MAX_INVOICE_RUPIAH
        ),
        format!("number of the transaction: {} characters at most.", limits::MAX_NUMBER_CHARS),
        format!("number of the transaction: 1 to {} printable ASCII", limits::MAX_NUMBER_CHARS),
    ] {
        assert!(
            comments.contains(&said),
            "expected \"{said}\" in include/qris.h, found another limit"
        );
    }
    Ok(())
}
