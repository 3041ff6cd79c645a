"""Writes fold_table.rs, the tables behind fold.rs, to standard output:

    python3 fold_table.py > fold_table.rs

Needs only the standard library. The tables hold what lower-casing leaves: a letter with its diacritics taken off, the
canonical decomposition of letters whose marks are kept, a few letters and ligatures that are spelled out. Hangul, kana
and full-width forms are arithmetic and live in fold.rs. Characters past U+FFFF are left alone: none of them is common
in mail, and u16 keys halve the tables.
"""

import sys
import unicodedata

# Marks that are taken off. Everywhere else (Indic vowel signs, Thai tones) a mark makes another word.
DROPPED = [
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
]

# Letters that do not decompose but that people type without.
SPELLED = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ĸ": "k", "ƒ": "f", "ƀ": "b", "ɓ": "b", "ƈ": "c", "ɖ": "d", "ɗ": "d", "ǝ": "e", "ɛ": "e",
    "ɠ": "g", "ǥ": "g", "ɨ": "i", "ɩ": "i", "ƙ": "k", "ƚ": "l", "ɫ": "l", "ɲ": "n", "ƞ": "n", "ɔ": "o", "ɵ": "o",
    "ƥ": "p", "ʀ": "r", "ʃ": "s", "ƫ": "t", "ƭ": "t", "ʈ": "t", "ʉ": "u", "ʊ": "u", "ʋ": "v", "ƴ": "y", "ƶ": "z",
    "ȷ": "j", "ɐ": "a", "ŀ": "l", "ŉ": "n", "ĳ": "ij", "ª": "a", "º": "o",
}

# Blocks whose compatibility forms are only another way to print the same letters and digits.
COMPATIBLE = [(0x00B2, 0x00B3), (0x00B9, 0x00B9), (0x01C4, 0x01CC), (0x01F1, 0x01F3), (0x2070, 0x2079), (0x207F, 0x2089),
              (0x2090, 0x209C), (0xFB00, 0xFB06), (0xFB13, 0xFB17)]

# Arithmetic in fold.rs, or not decomposed at all: й is a letter of its own and stays one.
ELSEWHERE = [(0x0000, 0x007F), (0x0439, 0x0439), (0x3040, 0x30FF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
             (0xFF00, 0xFFEF), (0xD800, 0xF8FF)]


def within(ranges, code):
    return any(low <= code <= high for low, high in ranges)


def is_mark(code):
    return unicodedata.category(chr(code)).startswith("M")


def folded(text):
    out = ""
    for char in unicodedata.normalize("NFD", text):
        code = ord(char)
        compatible = unicodedata.normalize("NFKD", char).lower()
        if within(COMPATIBLE, code) and compatible != char:
            out += folded(compatible)
        elif char in SPELLED:
            out += SPELLED[char]
        elif not (is_mark(code) and within(DROPPED, code)):
            out += char
    return out


def ranges(codes):
    out = []
    for code in codes:
        if out and out[-1][1] + 1 == code:
            out[-1][1] = code
        else:
            out.append([code, code])
    return out


def rows(items, per_line):
    for at in range(0, len(items), per_line):
        print("    " + " ".join(item + "," for item in items[at:at + per_line]))


def table(doc, name, kind, items, per_line):
    print(f"\n/// {doc}\n#[rustfmt::skip]\npub(super) static {name}: [{kind}; {len(items)}] = [")
    rows(items, per_line)
    print("];")


def main():
    pairs, spelled = [], []
    for code in range(0x80, 0x10000):
        char = chr(code)
        if within(ELSEWHERE, code) or char.lower() != char or (is_mark(code) and within(DROPPED, code)):
            continue
        # Letters that share a capital are one: σ ς, β ϐ, i ı, s ſ.
        twin = char.upper().lower()
        to = folded(twin if len(twin) == 1 else char)
        if to == char or not to:
            continue
        if len(to) == 1:
            pairs.append((code, ord(to)))
        else:
            if to not in spelled:
                spelled.append(to)
            pairs.append((code, 0xE000 + spelled.index(to)))
    ideographs = [ord(unicodedata.normalize("NFD", chr(code))[0]) for code in range(0xF900, 0xFADA)]
    ideographs = [to if to < 0x10000 else 0 for to in ideographs]
    marks = ranges([code for code in range(0x300, 0x10000) if is_mark(code)])
    dropped = ranges([code for code in range(0x300, 0x10000) if is_mark(code) and within(DROPPED, code)])

    print(f"//! Written by fold_table.py from Unicode {unicodedata.unidata_version}: change that, not this.")
    table("How far a lower-case character is from the one before it (the first from U+0000): small numbers, which pack "
          "well.", "STEPS", "u16", [f"{a - before:#x}" for (a, _), before in zip(pairs, [0] + [a for a, _ in pairs])], 16)
    table("What each of them folds to; from U+E000 on, the number of a word of `SPELLED`.", "FOLDS", "u16",
          [f"{b:#x}" for _, b in pairs], 12)
    escaped = ["".join(c if ord(c) < 0x80 else f"\\u{{{ord(c):x}}}" for c in to) for to in spelled]
    print("\n/// Folds of more than one character, with a space between two.\npub(super) static SPELLED: &str = \"\\")
    for at in range(0, len(escaped), 6):
        print("    " + " ".join(escaped[at:at + 6]) + (" \\" if at + 6 < len(escaped) else "\\"))
    print("    \";")
    table("What the compatibility ideographs from U+F900 on stand for; 0 for one past U+FFFF.", "IDEOGRAPHS", "u16",
          [f"{to:#x}" for to in ideographs], 12)
    table("First and last of each run of combining marks.", "MARKS", "(u16, u16)",
          [f"({a:#x}, {b:#x})" for a, b in marks], 6)
    table("The marks that are taken off.", "DROPPED", "(u16, u16)", [f"({a:#x}, {b:#x})" for a, b in dropped], 6)
    print(f"{len(pairs)} pairs, {len(spelled)} spelled, {len(marks)} runs of marks", file=sys.stderr)


if __name__ == "__main__":
    main()
