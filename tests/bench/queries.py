"""200 queries from the words of the mail itself: 40 each of five kinds, the same for the same documents.

Words are runs of 3 to 14 ASCII letters of subject and body, so that every engine's tokenizer keeps them whole.
"""

import collections
import hashlib
import json
import re

EACH = 40
WORD = re.compile(r"(?<![\w'])[a-z]{3,14}(?![\w'])")
PAIR = re.compile(r"(?<![\w'-])([a-z]{4,14}) ([a-z]{4,14})(?![\w'-])")
# Words that some engines leave out by themselves.
STOP = frozenset("""a about above after again against all also am among an and any are as at be because been before
being below between both but by can cannot could dear did do does doing dont down during each either else ever every few
for from further get got had has have having he her here hers him his how however i id if im in into is it its itself
ive just know least let like made make many may me might more most much must my need neither never no nor not now of
off often on once one only or other our ours out over own rather re said same say says see she should since so some
still such than that the their theirs them then there these they this those though through tis to too twas two under
until up us use used using very want wants was way we well were what when where whether which while who whom whose
why will with would yes yet you your yours even ll""".split())


def order(text):
    """A fixed order that has nothing to do with the words."""
    return hashlib.sha1(text.encode()).hexdigest()


def draw(docs):
    """The queries for a file of documents: kind, terms, and the text that maildex is asked."""
    docs = [json.loads(line) for line in open(docs, encoding="utf-8")]
    words = [set(WORD.findall((doc["subject"] + "\n" + doc["body"]).lower())) for doc in docs]
    n, counts = len(docs), collections.Counter(word for own in words for word in own)

    def between(least, most, letters):
        return {w for w, count in counts.items()
                if least <= count <= most and len(w) >= letters and w not in STOP}

    def pick(some):
        return sorted(sorted(some, key=order)[:EACH])

    middle = between(0.001 * n, 0.1 * n, 4)
    pairs, phrases = from_texts(docs, words, middle)
    prefixes = pick({word[:5] for word in middle if len(word) >= 8})
    return [
        *(query("common", [word]) for word in pick(between(0.03 * n, 0.35 * n, 4))),
        *(query("rare", [word]) for word in pick(between(2, 8, 5))),
        *(query("and2", pair) for pair in pairs),
        *(query("phrase", pair) for pair in phrases),
        *(query("prefix", [prefix]) for prefix in prefixes),
    ]


def from_texts(docs, words, middle):
    """Two words of one message, and two words side by side in one: both are sure to be found."""
    pairs, phrases = [], []
    stride = sorted(range(len(docs)), key=lambda i: order(f"d{docs[i]['date']}{docs[i]['subject']}{i % 7}"))
    for i in stride:
        if len(pairs) < EACH:
            own = sorted(words[i] & middle, key=order)
            if len(own) >= 2:
                pairs.append(sorted(own[:2]))
        if len(phrases) < EACH:
            for line in docs[i]["body"].split("\n"):
                found = [p for p in PAIR.findall(line) if p[0] in middle and p[1] in middle and p[0] != p[1]]
                if found:
                    best = list(min(found, key=lambda p: order(" ".join(p))))
                    if best not in phrases:
                        phrases.append(best)
                    break
        if len(pairs) == len(phrases) == EACH:
            break
    return pairs, phrases


def query(kind, terms):
    text = {"phrase": f'"{" ".join(terms)}"', "prefix": f"{terms[0]}*"}.get(kind, " ".join(terms))
    return {"kind": kind, "terms": terms, "text": text}
