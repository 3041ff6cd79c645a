//! What words a wildcard and a typing error stand for, by trying everything.

/// Whether a word has a shape: `*` is any characters, `?` one.
pub(crate) fn fits(word: &str, shape: &str) -> bool {
    let mut rest = shape.chars();
    match rest.next() {
        None => word.is_empty(),
        Some('*') => {
            let ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
            ends.into_iter().any(|at| fits(&word[at..], rest.as_str()))
        }
        Some(c) => {
            let mut letters = word.chars();
            letters.next().is_some_and(|letter| c == '?' || c == letter)
                && fits(letters.as_str(), rest.as_str())
        }
    }
}

/// How many letters are to be added, left out, replaced or swapped with their neighbour to make one word the other.
/// Words whose lengths differ by more than two count as three errors apart.
pub(crate) fn errors(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let mut ways = Vec::new();
            if i == 0 && j == 0 {
                ways.push(0);
            }
            if i > 0 {
                ways.push(table[i - 1][j] + 1);
            }
            if j > 0 {
                ways.push(table[i][j - 1] + 1);
            }
            if i > 0 && j > 0 {
                ways.push(table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            }
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                ways.push(table[i - 2][j - 2] + 1);
            }
            table[i][j] = ways.into_iter().min().unwrap_or(0);
        }
    }
    table[a.len()][b.len()]
}
