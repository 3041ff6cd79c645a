//! Languages by name and by code.

/// Codes of ISO 639-1 with English names: what the build can tell.
const LANGUAGES: &str = "\
    af afrikaans|ak akan|am amharic|ar arabic|az azerbaijani|be belarusian|bg bulgarian|bn bengali|\
    ca catalan|cs czech|cy welsh|da danish|de german|el greek|en english|eo esperanto|es spanish|\
    et estonian|fa persian|fi finnish|fr french|gu gujarati|he hebrew|hi hindi|hr croatian|hu hungarian|\
    hy armenian|id indonesian|it italian|ja japanese|jv javanese|ka georgian|km khmer|kn kannada|\
    ko korean|la latin|lt lithuanian|lv latvian|mk macedonian|ml malayalam|mr marathi|my burmese|\
    nb norwegian|ne nepali|nl dutch|or oriya|pa punjabi|pl polish|pt portuguese|ro romanian|ru russian|\
    si sinhala|sk slovak|sl slovene|sn shona|sr serbian|sv swedish|ta tamil|te telugu|th thai|\
    tk turkmen|tl tagalog|tr turkish|uk ukrainian|ur urdu|uz uzbek|vi vietnamese|yi yiddish|zh chinese|\
    zu zulu\
    ";

/// The code of a language, by its code or its name in lower case.
pub fn language(name: &str) -> Option<&'static str> {
    LANGUAGES.split('|').find_map(|row| {
        let (code, own) = row.split_once(' ')?;
        (code == name || own == name).then_some(code)
    })
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn names_and_codes() {
        assert_eq!(language("german"), Some("de"));
        assert_eq!(language("de"), Some("de"));
        assert_eq!(language("klingon"), None);
    }
}
