/** The words of the sheet. */

/** Keys, and what they do. */
export const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'to the search box'],
  [['j', 'k'], 'next and previous result'],
  [['Home', 'End'], 'first and last result'],
  [['PgUp', 'PgDn'], 'a page of results up and down'],
  [['↓'], 'from the box into the results'],
  [['Enter'], 'search; open the message'],
  [['s'], 'star or unstar'],
  [['x'], 'pick the message'],
  [['Shift', '↓'], 'pick the next too'],
  [['Esc'], 'back'],
  [['?'], 'this sheet'],
];

/** Operators, as docs/query.md has them: a row is an example and what it finds. */
export const OPERATORS: readonly { readonly title: string; readonly rows: readonly (readonly [example: string, what: string])[] }[] = [
  {
    title: 'Words',
    rows: [
      ['budget meeting', 'both words, anywhere'],
      ['"budget meeting"', 'side by side'],
      ['budget OR meeting', 'either word'],
      ['{budget meeting plan}', 'any of these'],
      ['-draft', 'without this word'],
      ['(draft OR plan) budget', 'brackets group'],
      ['meet*', 'words that begin so'],
      ['*ship  wom?n', 'words of this shape: * any letters, ? one'],
      ['recieve~1', 'with so many typing errors, 1 or 2'],
      ['"state * union"', 'any word in place of the *'],
      ['"final budget"~3', 'in any order, so many other words among them'],
      ['budget NEAR/5 plan', 'at most so many words from each other'],
    ],
  },
  {
    title: 'People',
    rows: [
      ['from:amy', 'by name, address or domain'],
      ['from:acme.example', 'anyone of this domain'],
      ['to:bob', 'to Bob, by To, Cc or Bcc'],
      ['onlyto:bob  cc:bob  bcc:bob', 'by that header only'],
      ['with:amy', 'from or to Amy'],
      ['between:(amy bob)', 'from the one to the other'],
      ['from:(amy OR bob)', 'an operator holds for its group'],
    ],
  },
  {
    title: 'Where',
    rows: [
      ['subject:budget', 'in the subject'],
      ['body:budget', 'in the text'],
      ['new:budget', 'in the writer’s own words'],
      ['quoted:budget', 'in what the writer quotes'],
      ['filename:pdf', 'in the name of an attachment'],
      ['has:attachment', 'with an attachment'],
      ['filetype:pdf  has:image', 'with a file of this kind'],
      ['label:inbox  list:dev  source:box.zip', 'in a folder, on a list, from an input'],
      ['header:x-mailer=pine', 'in a header of any name that was kept'],
      ['subject:/^re:.*\\d{4}/  body:/colou?r/', 'by a regular expression; messages are read'],
    ],
  },
  {
    title: 'What it is',
    rows: [
      ['is:reply  is:forward  is:root', 'an answer, passed on, the first of its thread'],
      ['is:list  is:bulk  is:bounce', 'to a list, to many, a delivery report'],
      ['has:link  has:html  has:thread', 'with a web address, HTML, other messages'],
      ['has:signed  has:encrypted', 'with a signature, sealed'],
      ['is:duplicate  is:misdated', 'found twice, with a date that cannot be'],
      ['larger:5M  smaller:20K', 'by its size'],
    ],
  },
  {
    title: 'When',
    rows: [
      ['date:2003-05', 'in a year, a month or on a day'],
      ['date:2003-05..2004-02', 'from the one to the end of the other'],
      ['after:2003-05-17', 'from that day on'],
      ['before:2004', 'before that year'],
      ['newer_than:2w  older_than:1y', 'by days (d), weeks, months (m), years'],
      ['has:date', 'with a date at all'],
    ],
  },
  {
    title: 'Released documents',
    rows: [
      ['docid:C05772624', 'by its number'],
      ['case:F-2014-20439', 'by its case'],
      ['release:part', 'in full, in part, or on a day'],
      ['exemption:B6', 'with something taken out on this ground'],
      ['has:redaction', 'with something taken out'],
    ],
  },
];
