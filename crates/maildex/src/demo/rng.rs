//! A small random source of our own: the demo archive must have the same bytes on every platform and with
//! every version of every crate, so nothing here uses floats or a generator that may change.

/// SplitMix64 (Steele, Lea and Flood, 2014): one word of state, which also makes it a good hash of a seed.
#[derive(Clone)]
pub(super) struct Rng(u64);

impl Rng {
    /// Starts a stream that depends on `seed` and on `tag` alone.
    pub(super) fn derive(seed: u64, tag: u64) -> Self {
        let mut rng = Self(seed ^ tag.wrapping_mul(0xd6e8_feb8_6659_fd93));
        rng.0 = rng.next() ^ tag;
        rng
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n`; 0 for an empty range.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// An index into a list of `len` entries.
    pub(super) fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number in `low..=high`.
    pub(super) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `permille` of 1000 cases.
    pub(super) fn permille(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One entry of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// An index drawn by weight; 0 when all weights are 0.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let mut rest = self.below(weights.clone().sum());
        for (idx, weight) in weights.enumerate() {
            if rest < weight {
                return idx;
            }
            rest -= weight;
        }
        0
    }

    /// A rank in `0..2^40` by a power law in whole octaves: each octave is `keep`/1000 as likely as the one
    /// before, and flat inside. The number of different ranks in n draws grows as n^(1/(1 - log2(keep/1000))),
    /// which is Heaps' law: with `keep` 900 the exponent is 0.87.
    ///
    /// The first octave has 16 ranks, so that no rank stands out.
    pub(super) fn rank(&mut self, keep: u64) -> u64 {
        let mut octave = 4;
        while octave < 40 && self.permille(keep) {
            octave += 1;
        }
        (1 << octave) - 16 + self.below(1 << octave)
    }
}

/// FNV-1a, for tags made of words.
pub(super) fn tag(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
