//! A payload as a tree of objects that is edited and written without the codec's writer.

use qris_codec::mpm::Objects;
use qris_codec::tlv::{Object, Unit};
use qris_codec::{Path, Payload, Tag, checksum};

/// An object and its value.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    tag: Tag,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Inside(Vec<Node>),
}

/// The objects of a payload.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// Whether lengths count bytes, if that makes a difference.
    pub(crate) counts_bytes: bool,
}

/// The place of an object: its position in each level, from the root down.
pub(crate) type Place = Vec<usize>;

impl Node {
    fn text(tag: Tag, value: &str) -> Self {
        Self { tag, value: Value::Text(value.to_owned()) }
    }

    fn inside(&self) -> &[Self] {
        match &self.value {
            Value::Text(_) => &[],
            Value::Inside(nodes) => nodes,
        }
    }
}

impl Tree {
    /// Reads all objects, including 63.
    pub(crate) fn new(payload: &Payload<'_>) -> Self {
        // Lengths of ASCII text do not show their unit; the standard says characters.
        let counts_bytes = payload.unit() == Unit::Bytes && !payload.as_str().is_ascii();
        Self { nodes: read(payload, None, payload.objects()), counts_bytes }
    }

    /// The text with right lengths. `None` if a length needs more than two digits.
    pub(crate) fn written(&self) -> Option<String> {
        write(&self.nodes, self.counts_bytes)
    }

    /// The same with the right checksum.
    pub(crate) fn sealed(&self) -> Option<String> {
        with_checksum(&self.written()?)
    }

    /// The places of all objects, each template before its content.
    pub(crate) fn places(&self) -> Vec<Place> {
        fn walk(nodes: &[Node], above: &[usize], places: &mut Vec<Place>) {
            for (at, node) in nodes.iter().enumerate() {
                let place = [above, &[at]].concat();
                places.push(place.clone());
                walk(node.inside(), &place, places);
            }
        }
        let mut places = Vec::new();
        walk(&self.nodes, &[], &mut places);
        places
    }

    /// A copy with a changed level at this place.
    fn with(&self, place: &[usize], change: impl FnOnce(&mut Vec<Node>, usize)) -> Self {
        let mut copy = self.clone();
        let (&at, above) = place.split_last().expect("a place has a position");
        let mut level = &mut copy.nodes;
        for &at in above {
            let Value::Inside(inside) = &mut level[at].value else { panic!("no template") };
            level = inside;
        }
        change(level, at);
        copy
    }

    /// Without one object.
    pub(crate) fn without(&self, place: &[usize]) -> Self {
        self.with(place, |level, at| drop(level.remove(at)))
    }

    /// With one object twice: the second right after the first, or at the end of its level.
    pub(crate) fn doubled(&self, place: &[usize]) -> [Self; 2] {
        let is_checksum = |it: &Node| place.len() == 1 && it.tag == Tag::CHECKSUM;
        let behind = self.with(place, |level, at| level.insert(at, level[at].clone()));
        let last = self.with(place, |level, at| {
            let twin = level[at].clone();
            // 63 stays last, so the copy goes first.
            let end = level.iter().position(is_checksum).unwrap_or(level.len());
            level.insert(if is_checksum(&twin) { 0 } else { end }, twin);
        });
        [behind, last]
    }

    /// With one value cut: to nothing, to one character, to half, and by the last character.
    pub(crate) fn cut(&self, place: &[usize]) -> Vec<Self> {
        let (&at, above) = place.split_last().expect("a place has a position");
        let level = above.iter().fold(&self.nodes[..], |level, &at| level[at].inside());
        let value: Vec<char> = self.value(&level[at]).unwrap_or_default().chars().collect();
        let mut lengths = vec![0, 1, value.len() / 2, value.len().saturating_sub(1)];
        lengths.sort_unstable();
        lengths.dedup();
        let shorter = lengths.into_iter().filter(|&length| length < value.len());
        let cut = |length: usize| {
            let value = value[..length].iter().collect();
            self.with(place, |level, at| level[at].value = Value::Text(value))
        };
        shorter.map(cut).collect()
    }

    fn value(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Inside(nodes) => write(nodes, self.counts_bytes),
        }
    }

    /// With four more characters at the end of the last value, inside the last template if the
    /// last object is one.
    pub(crate) fn longer_at_the_end(&self) -> Self {
        fn lengthen(nodes: &mut [Node]) {
            match nodes.last_mut().map(|it| &mut it.value) {
                Some(Value::Text(text)) => text.push_str("0000"),
                Some(Value::Inside(nodes)) => lengthen(nodes),
                None => {}
            }
        }
        let mut copy = self.clone();
        lengthen(&mut copy.nodes);
        copy
    }

    /// The expected text of an amendment: each object at this path has the new value or is removed,
    /// empty templates are removed, and a new object is before the first with a higher tag.
    ///
    /// `None` if the path leads into a value that is not a template.
    pub(crate) fn amended(&self, path: Path, value: Option<&str>) -> Option<Self> {
        let path: Vec<Tag> = path.tags().collect();
        Some(Self { nodes: amend(&self.nodes, &path, value, true)?, ..*self })
    }
}

fn read<'a>(payload: &Payload<'a>, above: Option<Path>, objects: Objects<'a>) -> Vec<Node> {
    let node = |object: Object<'a>| {
        let tag = object.tag();
        let path = above.map_or(Path::new(tag), |above| above.join(tag));
        let is_template = path.is_template() && !object.value().is_empty();
        match payload.inside(&object).filter(|_| is_template) {
            Some(objects) => Node { tag, value: Value::Inside(read(payload, Some(path), objects)) },
            None => Node::text(tag, object.value()),
        }
    };
    objects.map(node).collect()
}

fn write(nodes: &[Node], counts_bytes: bool) -> Option<String> {
    let mut text = String::new();
    for node in nodes {
        let value = match &node.value {
            Value::Text(text) => text.clone(),
            Value::Inside(nodes) => write(nodes, counts_bytes)?,
        };
        let length = if counts_bytes { value.len() } else { value.chars().count() };
        if length > 99 {
            return None;
        }
        text.push_str(&format!("{}{length:02}{value}", node.tag));
    }
    Some(text)
}

fn amend(nodes: &[Node], path: &[Tag], value: Option<&str>, is_root: bool) -> Option<Vec<Node>> {
    let (&tag, below) = path.split_first()?;
    let (mut out, mut found) = (Vec::new(), false);
    for node in nodes {
        if node.tag != tag {
            out.push(node.clone());
            continue;
        }
        found = true;
        if below.is_empty() {
            out.extend(value.map(|value| Node::text(tag, value)));
            continue;
        }
        if matches!(&node.value, Value::Text(text) if !text.is_empty()) {
            return None;
        }
        let inside = amend(node.inside(), below, value, false)?;
        if !inside.is_empty() {
            out.push(Node { tag, value: Value::Inside(inside) });
        }
    }
    let Some(value) = value.filter(|_| !found) else { return Some(out) };
    let new = match below {
        [] => Node::text(tag, value),
        below => Node { tag, value: Value::Inside(amend(&[], below, Some(value), false)?) },
    };
    let is_behind = |it: &Node| it.tag > tag || (is_root && it.tag == Tag::CHECKSUM);
    out.insert(out.iter().position(is_behind).unwrap_or(out.len()), new);
    Some(out)
}

/// A text with its last four bytes replaced by its checksum.
pub(crate) fn with_checksum(text: &str) -> Option<String> {
    let covered = text.get(..text.len().checked_sub(4)?)?;
    Some(followed_by_checksum(covered))
}

/// A text followed by its checksum.
pub(crate) fn followed_by_checksum(covered: &str) -> String {
    format!("{covered}{:04X}", checksum(covered.as_bytes()))
}
