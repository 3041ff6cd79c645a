//! Threads by References and In-Reply-To, with a place kept for every message that is referenced and not here.
