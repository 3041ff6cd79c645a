//! JSON text (RFC 8259), written value by value. One format, no types in between: serde with serde-wasm-bindgen took a
//! fifth of the whole wasm, and `JSON.parse` is faster than a call into JavaScript for every field.

use core::fmt::Write;

/// A JSON text in the making. Whoever writes calls for one value where one may stand; commas come by themselves.
#[derive(Default)]
pub(crate) struct Json {
    text: String,
}

impl Json {
    /// The text so far.
    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// An object, whose members `write` names by [`Json::key`].
    pub(crate) fn object(&mut self, write: impl FnOnce(&mut Json)) {
        self.between('{', '}', write);
    }

    /// A list with what `write` makes of each item.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Json, T),
    ) {
        self.between('[', ']', |json| items.into_iter().for_each(|item| write(json, item)));
    }

    /// The name of a member; its value comes next.
    pub(crate) fn key(&mut self, name: &str) -> &mut Json {
        self.text(name);
        self.text.push(':');
        self
    }

    /// A string.
    pub(crate) fn text(&mut self, value: &str) {
        self.separate();
        self.text.push('"');
        for char in value.chars() {
            match char {
                '"' | '\\' => self.text.extend(['\\', char]),
                // Writing into a string does not fail.
                '\0'..='\x1f' => _ = write!(self.text, "\\u{:04x}", u32::from(char)),
                _ => self.text.push(char),
            }
        }
        self.text.push('"');
    }

    /// A whole number. JavaScript holds it exactly up to 2^53.
    pub(crate) fn number(&mut self, value: i64) {
        self.separate();
        _ = write!(self.text, "{value}");
    }

    /// True or false.
    pub(crate) fn truth(&mut self, value: bool) {
        self.literal(if value { "true" } else { "false" });
    }

    /// A value that may be absent: then it is null.
    pub(crate) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Json, T)) {
        match value {
            Some(value) => write(self, value),
            None => self.literal("null"),
        }
    }

    fn literal(&mut self, text: &str) {
        self.separate();
        self.text.push_str(text);
    }

    fn between(&mut self, open: char, close: char, write: impl FnOnce(&mut Json)) {
        self.separate();
        self.text.push(open);
        write(self);
        self.text.push(close);
    }

    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.text.push(',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn commas_stand_between_values_and_nowhere_else() {
        let mut json = Json::default();
        json.object(|json| {
            json.key("none").list([0; 0], |json, item| json.number(item));
            json.key("some").list([1, -2], |json, item| json.number(item));
            json.key("empty").object(|_| ());
            json.key("absent").option(None, |json, text: &str| json.text(text));
            json.key("present").option(Some(true), |json, value| json.truth(value));
        });
        assert_eq!(json.into_text(), r#"{"none":[],"some":[1,-2],"empty":{},"absent":null,"present":true}"#);
    }

    #[test]
    fn what_could_end_a_string_is_escaped() {
        let mut json = Json::default();
        json.list(["\"\\", "a\u{0}\n\u{1f}\u{7f}\u{2028}", "[", "é😀"], |json, item| json.text(item));
        assert_eq!(json.into_text(), "[\"\\\"\\\\\",\"a\\u0000\\u000a\\u001f\u{7f}\u{2028}\",\"[\",\"é😀\"]");
    }
}
