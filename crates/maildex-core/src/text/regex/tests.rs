use super::Regex;

fn check(pattern: &str, text: &str, expect: Option<&str>) {
    let regex = Regex::new(pattern, false).unwrap();
    assert_eq!(regex.find(text).as_deref(), expect, "{pattern} in {text}");
    assert_eq!(regex.matches(text), expect.is_some(), "{pattern} in {text}");
}

#[test]
fn letters_of_any_script_match_in_either_case() {
    check("pine", "PINE 4.58", Some("PINE"));
    check("привет", "ПРИВЕТ", Some("привет"));
    check("[À-Ý]t", "été", Some("ét"));
    check("cafe", "Café", None);
    check(r"^\S+ \d{4}$", "MAY 2001", Some("MAY 2001"));
    check(r"a\/b", "x A/B", Some("A/B"));
}

#[test]
fn lines_have_ends_where_that_is_asked_for() {
    assert!(!Regex::new("^b$", false).unwrap().matches("a\nb\nc"));
    assert!(Regex::new("^b$", true).unwrap().matches("a\nb\nc"));
    assert!(!Regex::new("a.b", true).unwrap().matches("a\nb"));
}

#[test]
fn what_blows_up_is_refused_and_told() {
    for pattern in ["(a{1000}){1000}", &"abc".repeat(3400), &"(".repeat(5000), r"(\w|\d|[a-z]){300}"] {
        let problem = Regex::new(pattern, false).unwrap_err();
        assert!(problem.starts_with("no regular expression that can be used ("), "{problem}");
    }
    assert!(Regex::new("[a", false).unwrap_err().contains("class"));
    assert!(Regex::new("(?=a)", false).unwrap_err().contains("look"));
}

#[test]
fn a_costly_pattern_says_so() {
    assert_eq!(Regex::new("colou?r", false).unwrap().cost, 1);
    assert_eq!(Regex::new(r"\w{500}zz", false).unwrap().cost, 16);
}
