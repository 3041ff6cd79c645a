//! The words of attached documents, which another process reads.

use crate::attached::{Reader, Unread, Words};
use crate::build::{Attachments, BuildOptions};
use crate::message::{Attachment, Message, Problem, ProblemKind, kind};
use rustc_hash::FxHashMap;

/// Bytes of words that are remembered: the same file often lies in messages that follow each other.
const MAX_KNOWN: usize = 16 << 20;
/// What one remembered file takes beside its words.
const OWN: usize = 100;

/// Puts words into messages. What it puts there depends on the attachment alone.
pub(crate) struct Documents {
    reader: Reader,
    most: usize,
    keeps_bytes: bool,
    known: FxHashMap<[u8; 32], Words>,
    n_known: usize,
}

impl Documents {
    /// None where documents are not read. `most` bytes of words are read of each; the documents themselves stay in the
    /// message if they are to be kept.
    pub(crate) fn of(options: &BuildOptions, most: usize, keeps_bytes: bool) -> Option<Documents> {
        let program = options.reader.as_deref().filter(|_| options.attachments != Attachments::Drop)?;
        let reader = Reader::new(program);
        Some(Documents { reader, most, keeps_bytes, known: FxHashMap::default(), n_known: 0 })
    }

    /// Reads what is attached to a message.
    pub(crate) fn fill(&mut self, message: &mut Message) {
        for attachment in &mut message.attachments {
            if kind(&attachment.bytes).is_some() {
                let unread = self.read(attachment);
                message.problems.extend(unread.map(|unread| Problem::new(problem(unread), &attachment.name)));
            }
            if !self.keeps_bytes {
                attachment.bytes = Vec::new();
            }
        }
    }

    fn read(&mut self, attachment: &mut Attachment) -> Option<Unread> {
        if let Some(words) = self.known.get(&attachment.sha256) {
            attachment.text.clone_from(&words.text);
            return words.unread;
        }
        let words = self.reader.read(&attachment.bytes, self.most);
        attachment.text.clone_from(&words.text);
        let unread = words.unread;
        let size = words.text.len() + OWN;
        if self.n_known + size > MAX_KNOWN {
            self.known.clear();
            self.n_known = 0;
        }
        self.n_known += size;
        self.known.insert(attachment.sha256, words);
        unread
    }
}

fn problem(unread: Unread) -> ProblemKind {
    match unread {
        Unread::Cut => ProblemKind::AttachmentCut,
        Unread::Locked => ProblemKind::AttachmentLocked,
        Unread::Damaged => ProblemKind::AttachmentDamaged,
        Unread::TooLarge => ProblemKind::AttachmentTooLarge,
        Unread::TooMuch => ProblemKind::AttachmentTooMuch,
        Unread::Failed => ProblemKind::AttachmentFailed,
    }
}
