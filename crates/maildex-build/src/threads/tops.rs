//! Which tree a node is in, while trees are hung into others.

use super::NONE;
use super::forest::Forest;

/// The top of the tree that each node is in.
pub(super) struct Tops(Vec<u32>);

impl Tops {
    /// Looks at all trees.
    pub(super) fn new(forest: &Forest) -> Tops {
        let mut tops: Vec<u32> = (0..).take(forest.parents.len()).collect();
        for node in forest.bottom_up().into_iter().rev() {
            let parent = forest.parents[node as usize];
            if parent != NONE {
                tops[node as usize] = tops[parent as usize];
            }
        }
        Tops(tops)
    }

    /// The top of a node's tree.
    pub(super) fn of(&mut self, node: u32) -> u32 {
        let mut at = node;
        while self.0[at as usize] != at {
            // Halving the way keeps the next ones short.
            self.0[at as usize] = self.0[self.0[at as usize] as usize];
            at = self.0[at as usize];
        }
        at
    }

    /// Takes note that the tree with the top `node` hangs in that of `top` now.
    pub(super) fn set(&mut self, node: u32, top: u32) {
        self.0[node as usize] = top;
    }
}
