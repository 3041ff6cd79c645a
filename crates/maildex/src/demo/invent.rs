//! Rare words: names of people, places and boats, part numbers, files, figures. Most are drawn by rank from
//! an endless list, so that new ones keep turning up at any size of archive, as they do in real mail.

use super::rng::Rng;

/// The kinds of invented words that a template may ask for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Invented {
    Surname,
    FullName,
    Place,
    Compound,
    Yacht,
    PartNumber,
    File,
    Url,
    Length,
    Weight,
    Money,
    Fortune,
    Code,
    Price,
    Hour,
    DayOfMonth,
    Pressure,
    Millimetres,
    Position,
    Initials,
}

impl Invented {
    /// The kind that a slot of this name means.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "surname" => Self::Surname,
            "fullname" => Self::FullName,
            "rareplace" => Self::Place,
            "compound" => Self::Compound,
            "yacht" => Self::Yacht,
            "partno" => Self::PartNumber,
            "file" => Self::File,
            "url" => Self::Url,
            "fig" => Self::Length,
            "kg" => Self::Weight,
            "money" => Self::Money,
            "fortune" => Self::Fortune,
            "code" => Self::Code,
            "price" => Self::Price,
            "hour" => Self::Hour,
            "dayof" => Self::DayOfMonth,
            "hpa" => Self::Pressure,
            "mm" => Self::Millimetres,
            "latlon" => Self::Position,
            "initials" => Self::Initials,
            _ => return None,
        })
    }

    /// Appends one word of this kind.
    pub(super) fn fill(self, rng: &mut Rng, out: &mut String) {
        let text = match self {
            Self::Surname => surname(rng.rank(SURNAMES)),
            Self::FullName => format!("{} {}", given(rng.rank(GIVEN)), surname(rng.rank(SURNAMES))),
            Self::Place => place(rng.rank(PLACES)),
            Self::Compound => compound(rng),
            Self::Yacht => yacht(rng),
            Self::PartNumber => part_number(rng),
            Self::File => file_name(rng),
            Self::Url => url(rng),
            Self::Length => length(rng),
            Self::Weight => weight(rng),
            Self::Money => money(rng),
            Self::Fortune => format!("£{},{:03}", rng.range(50, 980), rng.below(10) * 100),
            // Letters and digits that nobody confuses; a word that occurs once, as such codes do.
            Self::Code => (0..6).map(|_| char::from(*rng.pick(b"ACDEFGHJKLMNPQRTUVWXY34679"))).collect(),
            Self::Price => format!("£{}.{}0", rng.range(1, 48), rng.below(10)),
            Self::Hour => format!("{}:{:02}", rng.range(6, 22), rng.below(12) * 5),
            Self::DayOfMonth => rng.range(1, 28).to_string(),
            Self::Pressure => format!("{}.{} hPa", rng.range(958, 1038), rng.below(10)),
            Self::Millimetres => format!("{}.{}", rng.below(64), rng.below(10)),
            Self::Position => position(rng),
            Self::Initials => {
                let mut letter = || char::from(b'A' + u8::try_from(rng.below(26)).unwrap_or(0));
                format!("{}. {}.", letter(), letter())
            }
        };
        out.push_str(&text);
    }
}

/// How slowly each list thins out, in thousandths kept per octave of ranks (see [`Rng::rank`]).
const SURNAMES: u64 = 950;
const GIVEN: u64 = 880;
const PLACES: u64 = 940;

/// One people's way of making names: beginnings, middles that lengthen rare names, endings.
struct Sounds {
    starts: &'static [&'static str],
    middles: &'static [&'static str],
    ends: &'static [&'static str],
}

const SURNAME_SOUNDS: [Sounds; 6] = [
    Sounds {
        starts: &[
            "Bran", "Hal", "Thor", "Wes", "Ash", "Pen", "Kel", "Ros", "Stan", "Mor", "Tre", "Win", "El",
            "Had", "Lang", "Brock", "Crav", "Dun", "Fen", "Garth", "Hol", "Ing", "Kirk", "Lin", "Mar", "Nor",
            "Os", "Pol", "Rad", "Sker", "Tol", "Ulf", "Ver", "Whit", "Yar", "Cold", "Bat", "Chal", "Gor",
        ],
        middles: &["er", "a", "en", "in", "al", "o", "ar", "el", "under", "ing", "am", "is"],
        ends: &[
            "ton", "by", "wick", "sen", "dale", "worth", "stone", "ness", "holm", "ley", "ford", "mere",
            "gate", "land", "croft", "shaw", "thwaite", "combe", "ham", "rigg", "bourne", "field", "well",
        ],
    },
    Sounds {
        starts: &[
            "Ada", "Oke", "Chi", "Eke", "Nwa", "Olu", "Aba", "Ogu", "Ife", "Kwa", "Ama", "Mba", "Nda",
            "Tembe", "Sowa", "Diba", "Zula", "Ngo", "Baka", "Yelu",
        ],
        middles: &["bi", "ka", "lo", "ndi", "ra", "so", "tu", "wo", "me", "shi"],
        ends: &[
            "bele", "nde", "kolo", "dibe", "tunde", "wale", "koma", "ndu", "zie", "mara", "sanya", "bia",
            "gwu", "femi", "toye", "lani",
        ],
    },
    Sounds {
        starts: &[
            "Kowal", "Zal", "Vor", "Bel", "Now", "Star", "Gor", "Lis", "Mal", "Pod", "Rad", "Sok", "Tal",
            "Wis", "Zem", "Dob", "Jar", "Kras", "Mir", "Brz",
        ],
        middles: &["ow", "ev", "in", "icz", "an", "ut", "el", "or"],
        ends: &[
            "ski", "ova", "enko", "ić", "ek", "czyk", "auskas", "ák", "ín", "ich", "uk", "ár", "šić", "ny",
        ],
    },
    Sounds {
        starts: &[
            "Bel", "Mont", "Cas", "Val", "Quin", "Ser", "Alm", "Bor", "Cor", "Del", "Fer", "Gal", "Lor",
            "Mir", "Oliv", "Pal", "Riv", "Sal", "Tor", "Ven",
        ],
        middles: &["av", "er", "in", "ol", "and", "est", "ar", "am"],
        ends: &[
            "ela", "osa", "ino", "etti", "ares", "ande", "ães", "eiro", "olli", "ez", "ault", "ière", "onte",
            "ugo", "inho", "acci",
        ],
    },
    Sounds {
        starts: &[
            "Taka", "Mori", "Haya", "Kuro", "Shira", "Mina", "Hoshi", "Naka", "Oka", "Tsuka", "Chandra",
            "Bhatta", "Subra", "Rama", "Vidya", "Pali", "Sura", "Deva",
        ],
        middles: &["no", "ka", "shi", "mi", "ra", "vi", "tsu", "ma"],
        ends: &[
            "mura", "sawa", "hara", "zaki", "gawa", "moto", "shima", "tani", "nath", "kar", "puri", "swami",
            "dasa", "raj", "yan", "wal",
        ],
    },
    Sounds {
        starts: &[
            "Abd", "Har", "Kas", "Naj", "Sal", "Tar", "Zah", "Ber", "Dem", "Kar", "Öz", "Yıl", "Gün", "Papa",
            "Ste", "Kall", "Theo", "Geor",
        ],
        middles: &["al", "ou", "im", "ar", "id", "an", "el"],
        ends: &[
            "ani", "oğlu", "demir", "akis", "opoulos", "ouri", "idze", "adze", "yan", "ian", "man", "taş",
            "bilir", "eddin", "awi", "ellis",
        ],
    },
];

const GIVEN_SOUNDS: [Sounds; 5] = [
    Sounds {
        starts: &[
            "Al", "Bea", "Cora", "Dor", "Ed", "Flo", "Gwen", "Har", "Is", "Jas", "Lav", "Mab", "Ned", "Ol",
            "Pru", "Ros", "Syl", "Theo", "Win", "Ada",
        ],
        middles: &["e", "i", "a", "o"],
        ends: &["bert", "trix", "lia", "wyn", "mund", "per", "inia", "line", "ton", "nella", "rick", "fred"],
    },
    Sounds {
        starts: &["Ama", "Kwe", "Chi", "Ngo", "Olu", "Tem", "Zan", "Fol", "Abi", "Eme"],
        middles: &["ba", "le", "ni", "so"],
        ends: &["ra", "di", "ma", "ola", "ke", "si", "zi", "bi", "ka"],
    },
    Sounds {
        starts: &["Mil", "Stan", "Vla", "Jar", "Bog", "Rad", "Lud", "Dan", "Zof", "Ire"],
        middles: &["o", "i", "e"],
        ends: &["mir", "slav", "ia", "ka", "na", "dan", "ta", "neta", "jka"],
    },
    Sounds {
        starts: &["Yu", "Ha", "Mi", "Ao", "Sa", "Re", "Ki", "No", "Pri", "Ana", "Dev", "Lak"],
        middles: &["ri", "ka", "to", "su"],
        ends: &["ko", "ki", "na", "ka", "mi", "ya", "shi", "van", "jay", "lini"],
    },
    Sounds {
        starts: &[
            "Fer", "Lu", "Cat", "Jo", "Mar", "Val", "Rai", "Est", "Nur", "Fat", "Sam", "Lei", "Eir", "Sig",
        ],
        middles: &["a", "i", "e"],
        ends: &["nando", "cia", "lina", "rique", "bela", "tien", "mundo", "ima", "ir", "la", "run", "rid"],
    },
];

const PLACE_SOUNDS: Sounds = Sounds {
    starts: &[
        "Sker", "Gar", "Hel", "Tor", "Bru", "Nor", "Ling", "Mus", "Ork", "Pap", "Quen", "Ram", "Sul", "Uy",
        "Vat", "Whal", "Yell", "Bre", "Cul", "Dal", "Eg", "Fug", "Gru", "Ham", "Ire", "Kirk", "Lax", "Mar",
        "Ness", "Od", "Rock", "San", "Trow", "Wether", "Selk", "Krab", "Gull", "Wrack",
    ],
    middles: &["a", "i", "er", "na", "sti", "ma", "la", "um", "ir", "ga", "ro", "vi"],
    ends: &[
        "voe", "geo", "wick", "ness", "holm", "skerry", "stack", "garth", "quoy", "bister", "sand", "haven",
        "ayre", "noust", "setter", "breck", "taing", "ster", "fea", "dale", "head", "firth", "clett", "bay",
    ],
};

/// Joins sounds so that low ranks give short names and each higher rank another name.
fn from_sounds(sounds: &Sounds, rank: u64) -> String {
    let mut rng = Rng::derive(rank, 0x50f7);
    let n_middles = match rank {
        0..250 => 0,
        250..12_000 => 1,
        12_000..400_000 => 2,
        _ => 3,
    };
    let mut name = (*rng.pick(sounds.starts)).to_owned();
    for _ in 0..n_middles {
        name.push_str(rng.pick(sounds.middles));
    }
    name.push_str(rng.pick(sounds.ends));
    name
}

/// The surname of a rank; many ranks share a short one, rare ranks have long or double ones.
pub(super) fn surname(rank: u64) -> String {
    let mut rng = Rng::derive(rank, 1);
    let name = from_sounds(rng.pick(&SURNAME_SOUNDS), rank);
    if rng.permille(60) {
        format!("{name}-{}", from_sounds(rng.pick(&SURNAME_SOUNDS), rank / 7))
    } else {
        name
    }
}

/// The given name of a rank.
pub(super) fn given(rank: u64) -> String {
    from_sounds(Rng::derive(rank, 2).pick(&GIVEN_SOUNDS), rank)
}

fn place(rank: u64) -> String {
    let mut rng = Rng::derive(rank, 3);
    let name = from_sounds(&PLACE_SOUNDS, rank);
    match rng.below(12) {
        0 => format!("Upper {name}"),
        1 => format!("Nether {name}"),
        2 => format!("{name} Point"),
        3 => format!("the {name} road"),
        4 => format!("Old {name}"),
        _ => name,
    }
}

/// Words of sea and farm that make field names, sheds and boats: `Saltgarth`, `Ropefold`.
fn compound(rng: &mut Rng) -> String {
    const FIRST: &[&str] = &[
        "Salt", "Rope", "Tide", "Gull", "Herring", "Kelp", "Lamp", "Net", "Oar", "Pitch", "Rain", "Seal",
        "Storm", "Thrift", "Wrack", "Anchor", "Barley", "Bell", "Candle", "Clay", "Crow", "Dune", "Ember",
        "Fog", "Goose", "Hay", "Iron", "Kettle", "Lark", "Milk", "Moon", "Needle", "Oat", "Peat", "Quill",
        "Raven", "Sheep", "Sloe", "Stone", "Swan", "Tallow", "Tar", "Thistle", "Wax", "Whin", "Wind", "Wool",
        "Eel",
    ];
    const SECOND: &[&str] = &[
        "garth", "fold", "house", "yard", "shed", "bank", "well", "mill", "gate", "moor", "hollow", "acre",
        "field", "croft", "pool", "stair", "barn", "dyke", "ledge", "loft", "market", "meadow", "path",
        "pen", "quay", "ridge", "row", "slip", "stead", "stile", "track", "wall", "wharf", "close",
    ];
    format!("{}{}", rng.pick(FIRST), rng.pick(SECOND))
}

fn yacht(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("{} of {}", given(rng.rank(GIVEN)), place(rng.rank(PLACES))),
        1 => format!("{} {}", given(rng.rank(GIVEN)), rng.pick(&["II", "III", "IV"])),
        2 => compound(rng),
        _ => surname(rng.rank(SURNAMES)),
    }
}

fn part_number(rng: &mut Rng) -> String {
    let letters = |rng: &mut Rng, n: usize| -> String {
        (0..n).map(|_| char::from(*rng.pick(b"ABCDEFGHKLMNPRSTVWXZ"))).collect()
    };
    match rng.below(4) {
        0 => format!("{}-{}", letters(rng, 2), rng.range(100, 9999)),
        1 => format!("{}{}{}", letters(rng, 2), rng.range(100, 9999), letters(rng, 1)),
        2 => format!("{}/{}-{:02}", rng.range(10, 999), letters(rng, 2), rng.below(100)),
        _ => format!("{}{}", letters(rng, 1), rng.range(10_000, 999_999)),
    }
}

fn file_name(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => format!("IMG_{:04}.jpg", rng.below(10_000)),
        1 => format!("{}-{}.pdf", compound(rng).to_ascii_lowercase(), rng.range(1, 40)),
        2 => format!("scan{:05}.png", rng.below(100_000)),
        _ => format!("{}_v{}.xls", surname(rng.rank(SURNAMES)).to_lowercase(), rng.range(1, 9)),
    }
}

fn url(rng: &mut Rng) -> String {
    let word = compound(rng).to_ascii_lowercase();
    match rng.below(4) {
        0 => format!("http://www.orrowey-ferries.example/{word}/{}.html", rng.range(100, 9999)),
        1 => format!("http://weather.orrowey.example/data/{}/{word}.csv", rng.range(2008, 2019)),
        2 => format!("https://files.orrowey-ferries.example/{word}/{:08x}", rng.next() >> 32),
        _ => format!("http://tollin-museum.example/{word}?item={}", rng.range(10, 99_999)),
    }
}

fn length(rng: &mut Rng) -> String {
    let (whole, tenth) = (rng.range(1, 480), rng.below(10));
    match rng.below(5) {
        0 => format!("{whole} mm"),
        1 => format!("{whole}.{tenth} cm"),
        2 => format!("{whole} cm"),
        _ => format!("{}.{tenth} m", whole % 40 + 1),
    }
}

fn weight(rng: &mut Rng) -> String {
    match rng.below(3) {
        0 => format!("{}.{} tonnes", rng.range(1, 9), rng.below(10)),
        1 => format!("{}.{} kg", rng.range(2, 99), rng.below(10)),
        _ => format!("{} kg", rng.range(20, 990)),
    }
}

fn money(rng: &mut Rng) -> String {
    match rng.below(3) {
        0 => format!("£{}", rng.range(20, 999)),
        1 => format!("£{},{:03}", rng.range(1, 48), rng.below(100) * 10),
        _ => format!("£{}.{:02}", rng.range(11, 940), rng.below(100)),
    }
}

fn position(rng: &mut Rng) -> String {
    let mut minutes = || (rng.below(60), rng.below(1000));
    let ((north, n), (west, w)) = (minutes(), minutes());
    format!("61°{north:02}.{n:03}'N 011°{west:02}.{w:03}'W")
}

/// Misspells a word of plain letters, as fast typists do: two letters swapped, one lost or one doubled.
pub(super) fn misspell(word: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = rng.index(letters.len().saturating_sub(2)) + 1;
    if letters.len() < 4 {
        return word.to_owned();
    }
    match rng.below(3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}
