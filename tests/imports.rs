//! Finds import cycles among the files of a crate: `a` uses `b`, and `b` uses `a`, directly or
//! through others. Tests of several crates include this file by its path.
//!
//! It reads `crate::`, `super::`, `self::` and the names of child modules, in `use` and elsewhere.
//! A re-export (`pub use`) is followed to the file that defines the name, and is not a use itself.
//! Code under `#[cfg(test)]` is ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The text of each module that has a file, by its path: `""` is the root, `a::b` is `a/b.rs`.
type Sources = BTreeMap<String, String>;

/// For each module, the modules that it uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Fails if the files in `src` of the crate in this folder have cycles.
#[track_caller]
pub(crate) fn assert_one_way(manifest_dir: &str) {
    assert_no_circle(&uses_in(manifest_dir));
}

#[track_caller]
fn assert_no_circle(uses: &Uses) {
    assert!(uses.values().any(|used| !used.is_empty()), "expected files that use each other");
    let circles = circles(uses);
    assert!(circles.is_empty(), "expected imports that run one way, found\n{}", circles.join("\n"));
}

fn uses_in(manifest_dir: &str) -> Uses {
    let mut sources = Sources::new();
    read(&Path::new(manifest_dir).join("src"), "", &mut sources);
    assert!(sources.len() > 1, "expected several files in {manifest_dir}/src");
    uses(&sources)
}

fn read(folder: &Path, module: &str, sources: &mut Sources) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of the folder").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.is_dir() {
            read(&path, &child(module, stem), sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_own = stem == "mod" || (module.is_empty() && matches!(stem, "lib" | "main"));
            let name = if is_own { module.to_owned() } else { child(module, stem) };
            sources.insert(name, fs::read_to_string(&path).expect("a source in UTF-8"));
        }
    }
}

fn child(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

fn parent(module: &str) -> &str {
    module.rsplit_once("::").map_or("", |(parent, _)| parent)
}

/// A path in a file.
struct Named {
    segments: Vec<String>,
    /// The name that a `use` brings into the file, and whether other files see it.
    import: Option<(String, Visible)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visible {
    Here,
    Elsewhere,
}

/// The content of one file.
#[derive(Default)]
struct File {
    named: Vec<Named>,
    /// Modules that exist only in tests.
    test_only: BTreeSet<String>,
}

fn uses(sources: &Sources) -> Uses {
    let mut files: BTreeMap<&str, File> =
        sources.iter().map(|(module, text)| (module.as_str(), File::parse(text))).collect();
    let test_only: Vec<String> = files
        .iter()
        .flat_map(|(module, file)| file.test_only.iter().map(|name| child(module, name)))
        .collect();
    files.retain(|module, _| {
        !test_only.iter().any(|test| module == test || module.starts_with(&format!("{test}::")))
    });
    let mut uses = Uses::new();
    for (module, file) in &files {
        let used = uses.entry((*module).to_owned()).or_default();
        for named in &file.named {
            let is_reexport = matches!(named.import, Some((_, Visible::Elsewhere)));
            let target = resolve(&files, module, &named.segments, 0);
            used.extend(target.filter(|target| !is_reexport && target != module));
        }
    }
    uses
}

/// The module that defines the target of a path in `module`, or `None` for another crate's.
fn resolve(
    files: &BTreeMap<&str, File>,
    module: &str,
    segments: &[String],
    depth: usize,
) -> Option<String> {
    let mut at = module.to_owned();
    let mut rest = segments;
    match segments.first()?.as_str() {
        "crate" => (at, rest) = (String::new(), &segments[1..]),
        "self" => rest = &segments[1..],
        "super" => {}
        first if files.contains_key(child(module, first).as_str()) => {}
        _ => return None,
    }
    while let Some(("super", more)) = rest.split_first().map(|(first, more)| (first.as_str(), more))
    {
        (at, rest) = (parent(&at).to_owned(), more);
    }
    while let Some((name, more)) = rest.split_first() {
        let inner = child(&at, name);
        if files.contains_key(inner.as_str()) {
            (at, rest) = (inner, more);
            continue;
        }
        // A name that the module imports from elsewhere. The depth limit ends cycles of re-exports.
        let import = files.get(at.as_str())?.named.iter().find(|named| {
            depth < 8 && named.import.as_ref().is_some_and(|(import, _)| import == name)
        });
        let from_elsewhere =
            import.and_then(|named| resolve(files, &at, &named.segments, depth + 1));
        return Some(from_elsewhere.unwrap_or(at));
    }
    Some(at)
}

/// One cycle for each group of modules that use each other.
fn circles(uses: &Uses) -> Vec<String> {
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for start in uses.keys() {
        if told.contains(start) {
            continue;
        }
        if let Some(circle) = shortest_circle(uses, start) {
            told.extend(circle.iter().cloned());
            let names: Vec<&str> = circle
                .iter()
                .map(|module| if module.is_empty() { "crate" } else { module.as_str() })
                .collect();
            found.push(names.join(" -> "));
        }
    }
    found
}

fn shortest_circle(uses: &Uses, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in &ways {
            for next in way.last().and_then(|last| uses.get(last)).into_iter().flatten() {
                let mut way = way.clone();
                way.push(next.clone());
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

impl File {
    fn parse(text: &str) -> Self {
        let tokens = tokens(text);
        let mut file = Self::default();
        // Inside `mod name { … }` of a file, `super` is that file.
        let (mut depth, mut inline) = (0_usize, Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            let ahead = |offset: usize| tokens.get(at + offset).map_or("", String::as_str);
            match ahead(0) {
                "#" if is_test(&tokens[at..]) => {
                    at = file.skip_test_item(&tokens, at);
                    continue;
                }
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    if inline.last() == Some(&depth) {
                        inline.pop();
                    }
                }
                "mod" if ahead(2) == "{" => inline.push(depth),
                "use" => {
                    let end = end_of(&tokens, at, ";");
                    let is_visible = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
                    let visible = if is_visible { Visible::Elsewhere } else { Visible::Here };
                    file.use_tree(&tokens[at + 1..end], &mut Vec::new(), visible, inline.len());
                    at = end;
                }
                name if is_name(name) && ahead(1) == "::" => {
                    let mut segments = vec![name.to_owned()];
                    while tokens.get(at + 1).is_some_and(|token| token == "::")
                        && tokens.get(at + 2).is_some_and(|token| is_name(token))
                    {
                        segments.push(tokens[at + 2].clone());
                        at += 2;
                    }
                    file.add(segments, None, inline.len());
                }
                _ => {}
            }
            at += 1;
        }
        file
    }

    fn add(&mut self, mut segments: Vec<String>, import: Option<(String, Visible)>, inline: usize) {
        let inner = segments.iter().take(inline).take_while(|name| *name == "super").count();
        segments.drain(..inner);
        if inner > 0 && segments.first().is_none_or(|first| first != "super") {
            segments.insert(0, "self".to_owned());
        }
        self.named.push(Named { segments, import });
    }

    /// `a::{b, c::{self, d as e}, *}`, without the word `use`.
    fn use_tree(
        &mut self,
        tokens: &[String],
        before: &mut Vec<String>,
        visible: Visible,
        inline: usize,
    ) {
        let mut at = 0;
        let kept = before.len();
        while let Some(token) = tokens.get(at) {
            match token.as_str() {
                "{" => {
                    let end = matching(tokens, at);
                    let mut start = at + 1;
                    while start < end {
                        let comma = end_of(&tokens[..end], start, ",");
                        self.use_tree(&tokens[start..comma], before, visible, inline);
                        start = comma + 1;
                    }
                    before.truncate(kept);
                    return;
                }
                "as" => break,
                "::" | "*" => {}
                "self" if at == 0 && !before.is_empty() => {}
                name => before.push(name.to_owned()),
            }
            at += 1;
        }
        let name = tokens.get(at + 1).or(before.last()).cloned();
        if let Some(name) = name.filter(|_| !before.is_empty()) {
            self.add(before.clone(), Some((name, visible)), inline);
        }
        before.truncate(kept);
    }

    /// Skips the item under `#[cfg(test)]`, and returns where the next begins.
    fn skip_test_item(&mut self, tokens: &[String], at: usize) -> usize {
        let mut end = matching(tokens, at + 1) + 1;
        while tokens.get(end).is_some_and(|token| token == "#") {
            end = matching(tokens, end + 1) + 1;
        }
        if let Some("mod") = tokens.get(end).map(String::as_str) {
            self.test_only.extend(tokens.get(end + 1).cloned());
        }
        while let Some(token) = tokens.get(end) {
            match token.as_str() {
                ";" | "," => return end + 1,
                "{" => return matching(tokens, end) + 1,
                _ => end += 1,
            }
        }
        end
    }
}

/// Whether this is `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn is_test(tokens: &[String]) -> bool {
    let words: Vec<&str> = tokens.iter().take(7).map(String::as_str).collect();
    words.starts_with(&["#", "[", "cfg", "(", "test"])
        || words.starts_with(&["#", "[", "cfg", "(", "all", "(", "test"])
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The position where the bracket at `at` is closed, or the end.
fn matching(tokens: &[String], at: usize) -> usize {
    let mut depth = 0_usize;
    for (end, token) in tokens.iter().enumerate().skip(at) {
        match token.as_str() {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return end;
        }
    }
    tokens.len()
}

/// The next position of this token outside of brackets, or the end.
fn end_of(tokens: &[String], from: usize, token: &str) -> usize {
    let mut at = from;
    while at < tokens.len() && tokens[at] != token {
        at = if tokens[at] == "{" { matching(tokens, at) } else { at };
        at += 1;
    }
    at.min(tokens.len())
}

/// The names and punctuation of a source, without comments, strings and numbers.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(len) = literal(rest) {
            len
        } else if is_word(first) {
            let len = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            tokens.push(rest[..len].to_owned());
            len
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[len..];
    }
    tokens
}

/// The length of the string or character at the start, or of a lifetime's mark.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        rest.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['"', '#', '\'']))
    })?;
    let body = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = body.len() - body.trim_start_matches('#').len();
        let inner = body[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = inner.find(&close).map_or(inner.len(), |end| end + close.len());
        return Some(prefix.len() + hashes + 1 + end);
    }
    let quote = body.chars().next().filter(|quote| *quote != '#')?;
    let mut chars = body.char_indices().skip(1).peekable();
    if quote == '\'' && !body.starts_with("'\\") && body.chars().nth(2) != Some('\'') {
        return Some(prefix.len() + 1);
    }
    while let Some((at, letter)) = chars.next() {
        if letter == '\\' {
            chars.next();
        } else if letter == quote {
            return Some(prefix.len() + at + 1);
        }
    }
    Some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources =
            files.iter().map(|(module, text)| ((*module).to_owned(), (*text).to_owned())).collect();
        circles(&uses(&sources))
    }

    #[test]
    fn a_cycle_of_two_files_is_found() {
        let a = ("a", "use crate::b::B; pub struct A(B);");
        assert_eq!(found(&[a, ("b", "use crate::a::A; pub struct B(Box<A>);")]), ["a -> b -> a"]);
        assert_eq!(found(&[a, ("b", "pub struct B;")]), [""; 0]);
    }

    #[test]
    fn a_cycle_through_a_third_file_is_found() {
        let files = [
            ("a", "fn a() { crate::b::b() }"),
            ("b", "use super::{c::{C, D}, d};"),
            ("c", "use crate::{a as other};"),
            ("d", ""),
        ];
        assert_eq!(found(&files), ["a -> b -> c -> a"]);
    }

    #[test]
    fn a_cycle_through_a_re_export_of_the_root_is_found() {
        let root = ("", "mod a; mod b; pub use a::A; pub(crate) use self::b::B;");
        assert_eq!(
            found(&[root, ("a", "use crate::B;"), ("b", "use crate::{A, C};")]),
            ["a -> b -> a"]
        );
        assert_eq!(found(&[root, ("a", "use crate::B;"), ("b", "")]), [""; 0]);
    }

    #[test]
    fn a_cycle_of_a_module_and_its_child_is_found() {
        let child = ("a::b", "use super::A; pub struct B;");
        assert_eq!(found(&[("a", "mod b; use b::B;"), child]), ["a -> a::b -> a"]);
        assert_eq!(found(&[("a", "mod b; fn f() { b::f() }"), child]), ["a -> a::b -> a"]);
        assert_eq!(found(&[("a", "mod b; pub use b::B; pub struct A;"), child]), [""; 0]);
    }

    #[test]
    fn tests_comments_and_strings_make_no_cycle() {
        let a = ("a", "use crate::b::B;");
        let texts = r##"// crate::a
            /* crate::a */ const T: &str = "crate::a\""; const R: &str = r#""crate::a"#;
            const C: char = '"'; fn f<'a>(a: &'a str) {} "##;
        assert_eq!(found(&[a, ("b", texts)]), [""; 0]);
        assert_eq!(found(&[a, ("b", &format!("{texts} use crate::a::A;"))]), ["a -> b -> a"]);
        let tests = "#[cfg(test)] mod tests { use super::*; use crate::a::A; }";
        assert_eq!(found(&[a, ("b", tests)]), [""; 0]);
        assert_eq!(
            found(&[a, ("b", "#[cfg(test)] mod tests;"), ("b::tests", "use crate::a::A;")]),
            [""; 0]
        );
    }

    #[test]
    fn super_in_a_module_inside_a_file_is_that_file() {
        let a = ("a", "use crate::b::B;");
        assert_eq!(found(&[a, ("b", "mod inner { use super::x; }")]), [""; 0]);
        assert_eq!(found(&[a, ("b", "mod inner { use super::super::a; }")]), ["a -> b -> a"]);
    }
}
