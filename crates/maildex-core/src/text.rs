//! What a text is made of: words, quoted parts, snippets. The build and the query share this module, so that they
//! cannot disagree.
