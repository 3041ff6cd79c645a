/**
 * The search engine as JavaScript sees it: what it is asked and what it answers.
 *
 * Every call either finishes or names all the byte ranges that it missed; nothing here does I/O. The Rust side
 * (`crates/maildex-wasm`) writes exactly these shapes.
 */

/** A part of a segment's logical blob. */
export interface ByteRange {
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

/** What one call of the engine comes to. */
export type Step<T> =
  | {
      readonly kind: 'missing';
      /** None where a question that reads many messages only stops for breath: it is to be asked again. */
      readonly ranges: readonly ByteRange[];
      /** How far a question is that reads messages; null for any other. The light engine does not say. */
      readonly progress?: Progress | null;
    }
  | { readonly kind: 'done'; readonly value: T };

/** How far a question is that reads messages for its answer. */
export interface Progress {
  /** Messages that were found so far. */
  readonly hits: number;
  /** Messages that are done with, of so many. */
  readonly read: number;
  readonly of: number;
}

/** A run of text that is either matched by the query or not. */
export interface Piece {
  readonly text: string;
  readonly mark: boolean;
  /** True for a mark on another form of a word than the one that was looked for. */
  readonly other?: boolean;
}

/** The last three need every hit before the first can be shown. */
export type Sort = 'newest' | 'oldest' | 'relevance' | 'sender' | 'subject' | 'size';

export interface SearchRequest {
  readonly query: string;
  readonly sort: Sort;
  readonly offset: number;
  readonly limit: number;
  /** True while the last word may be unfinished: it then stands for all words that begin so. */
  readonly typing: boolean;
  /** True when words outside quotes stand for all words with their stem; a note says which. */
  readonly forms?: boolean;
  /** Unix seconds: the engine has no clock. */
  readonly now: number;
  /** True for one line a thread: the first of its hits in this order. Every hit is needed for it. */
  readonly threads?: boolean;
}

/** What a result shows of a message. */
export interface Line {
  /** The message's public identity: 16 hexadecimal digits. */
  readonly key: string;
  /** Unix seconds; null when the message has no date. */
  readonly date: number | null;
  readonly from: readonly Piece[];
  readonly subject: readonly Piece[];
  readonly preview: string;
  readonly attachments: boolean;
  readonly html: boolean;
  /** Messages in its thread; for one that is not here, how many hold or mention it. */
  readonly threadSize: number;
  /** True when the message's own date cannot be right and another one orders it. */
  readonly misdated: boolean;
  readonly kind: Kind;
  /** True when it is not here and nobody is known to have it. */
  readonly missing: boolean;
}

/** What a message is: here, known only from inside another, or named and not here. */
export type Kind = 'message' | 'quoted' | 'placeholder';

/** Something the reader should know about how a part of the query was read. */
export interface Note {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A part of a query's text; all of them have to hold. Positions count UTF-8 bytes. */
export interface QueryPart {
  readonly from: number;
  readonly to: number;
  /** True when it only narrows, by people, dates and the like. */
  readonly filter: boolean;
}

export interface SearchReply {
  readonly understood: string;
  readonly notes: readonly Note[];
  readonly parts: readonly QueryPart[];
  /** Null while not known: then `total` tells. */
  readonly total: number | null;
  readonly atLeast: number;
  readonly offset: number;
  readonly lines: readonly Line[];
  /** With one line a thread: how many threads have a hit; else null. */
  readonly threads: number | null;
  /** With one line a thread: for each line the hits in its thread; else empty. */
  readonly inThread: readonly number[];
}

export interface TotalReply {
  readonly total: number;
}

export interface SuggestRequest {
  /** The query as far as it is typed; its last word is unfinished. */
  readonly text: string;
  readonly limit: number;
}

/** One way to go on with a query. */
export interface Suggestion {
  /** The page adds whole searches and the offer to forget them. */
  readonly kind: 'operator' | 'person' | 'value' | 'word' | 'search' | 'forget';
  /** What it puts in place of the unfinished word. */
  readonly text: string;
  /** The whole query with that in it. */
  readonly query: string;
  /** A line of help, or the name that goes with an address; may be empty. */
  readonly help: string;
  /** How many messages have it; null for an operator. */
  readonly messages: number | null;
}

export interface SuggestReply {
  readonly items: readonly Suggestion[];
  /** True when too many words begin so to be looked through: one more letter will tell. */
  readonly more: boolean;
}

/** Asks what was meant by words that are nowhere: after a search without hits, not while typing. */
export interface CorrectRequest {
  readonly query: string;
  readonly now: number;
  /** False looks among words that begin alike, some hundred KB at most; true reads the whole dictionary. */
  readonly everywhere: boolean;
}

export interface CorrectReply {
  /** The words that are in no message, each with those closest to it and how many messages have them. */
  readonly unknown: readonly {
    readonly word: string;
    readonly closest: readonly { readonly word: string; readonly messages: number }[];
  }[];
  /** The query with the likeliest words; null when there are none. */
  readonly query: string | null;
  /** Bytes of the dictionary that were not looked through: what `everywhere` would read. */
  readonly unread: number;
}

/** By what hits can be counted; people are senders. */
export type FacetName = 'year' | 'month' | 'people' | 'label' | 'list' | 'source' | 'has' | 'is' | 'filetype' | 'lang';

export interface FacetsRequest {
  readonly query: string;
  readonly now: number;
  readonly typing: boolean;
  readonly forms?: boolean;
  readonly which: readonly FacetName[];
  /** The most values of each facet; years and months come all. */
  readonly limit: number;
}

export interface FacetValue {
  /** `2001`, `2001-05`, an address (a name where there is none), a folder. */
  readonly value: string;
  /** The name of a person; else empty. */
  readonly name: string;
  readonly messages: number;
  /** The query that finds messages with this value; empty for mail without a sender. */
  readonly query: string;
}

export interface FacetGroup {
  readonly facet: FacetName;
  /** How many different values the hits have. */
  readonly different: number;
  /** The most frequent first; years and months by time. */
  readonly values: readonly FacetValue[];
}

/** Exact counts of all hits, in the order of `FacetName`. */
export interface FacetsReply {
  readonly total: number;
  /** Hits without a date, which are in no year or month. */
  readonly undated: number;
  readonly groups: readonly FacetGroup[];
}

export interface ExplainRequest {
  readonly query: string;
  readonly now: number;
  readonly typing: boolean;
  readonly forms?: boolean;
  readonly keys: readonly string[];
}

/** Words of a message that a part of a query means. */
export interface Occurrence {
  /** `subject`, `own words`, `quoted words`, `from`, `to`, `cc`, `bcc`, `attachment name`, `attachment text`, `date`, `size`, `body`, a header, or an operator. */
  readonly field: string;
  readonly text: string;
  readonly count: number;
  readonly how: 'exact' | 'prefix' | 'wildcard' | 'typing error' | 'other form' | 'regular expression';
}

/** A part of the query that holds for a message; one that is excluded and indeed not there has no places. */
export interface Reason {
  readonly part: string;
  readonly excluded: boolean;
  readonly places: readonly Occurrence[];
}

export interface ExplainReply {
  readonly explained: readonly { readonly key: string; readonly reasons: readonly Reason[] }[];
}

export interface WeighRequest {
  readonly query: string;
  readonly now: number;
  readonly typing: boolean;
  readonly sort: Sort;
  readonly threads?: boolean;
}

export interface WeighReply {
  /** What the search with all its hits reads at most. */
  readonly bytes: number;
  /** True when the answer stands in no list, so that messages have to be read. */
  readonly readsMessages: boolean;
}

export interface BatchRequest {
  readonly queries: readonly string[];
  readonly now: number;
}

export interface BatchCounts {
  readonly hits: number;
  /** Hits, and the other messages of their threads. */
  readonly withThreads: number;
  /** Hits that no other query of the batch has. */
  readonly unique: number;
  /** In the order of `sources`. */
  readonly bySource: readonly number[];
}

export interface BatchRow {
  /** Null, as the counts are, when nothing of the query can be answered; the notes say why. */
  readonly understood: string | null;
  readonly notes: readonly string[];
  readonly counts: BatchCounts | null;
}

export interface BatchReply {
  readonly sources: readonly string[];
  /** In the order of the queries. */
  readonly rows: readonly BatchRow[];
  /** What all queries find together; unique is what exactly one of them finds. */
  readonly total: BatchCounts;
}

/** Asks who writes to whom among the hits of a query. */
export interface CorrespondenceRequest {
  readonly query: string;
  readonly now: number;
  readonly typing: boolean;
  readonly forms?: boolean;
  /** The most senders; 100 at most. */
  readonly limit: number;
  /** Addresses, or names of people without one, that are told of besides, as recipients. */
  readonly also: readonly string[];
}

export interface Correspondent {
  readonly name: string;
  readonly address: string;
  /** The query for what they sent; empty for nobody. */
  readonly query: string;
  /** Hits that they sent, and hits that name them as a recipient. */
  readonly sent: number;
  readonly received: number;
}

/** Two people, by their index, and how much there is between them. */
export interface Tie {
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

export interface CorrespondenceReply {
  readonly total: number;
  /** How many different senders the hits have. */
  readonly different: number;
  /** The most frequent senders first, then those who were asked for besides. */
  readonly people: readonly Correspondent[];
  /** Hits that the first sent and the second is named in as a recipient. */
  readonly letters: readonly Tie[];
  /** Conversations with hits of both. */
  readonly conversations: readonly Tie[];
}

export interface SnippetsRequest {
  readonly query: string;
  readonly now: number;
  readonly typing: boolean;
  readonly forms?: boolean;
  readonly keys: readonly string[];
  readonly maxChars: number;
}

export interface Snippet {
  readonly key: string;
  readonly pieces: readonly Piece[];
}

export interface SnippetsReply {
  readonly snippets: readonly Snippet[];
}

export interface Person {
  readonly name: string;
  readonly address: string;
}

export interface Block {
  readonly kind: 'own' | 'quoted' | 'signature';
  readonly depth: number;
  readonly pieces: readonly Piece[];
}

export interface Attachment {
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  readonly inline: boolean;
  readonly sha256: string;
  /** What the HTML calls it behind `cid:`; empty for what is not inline. */
  readonly contentId: string;
  /** True when the archive has it, so that it can be opened. */
  readonly kept: boolean;
}

export interface MessageRequest {
  readonly key: string;
  readonly query: string;
  readonly forms?: boolean;
  readonly now: number;
}

export interface Message {
  readonly line: Line;
  /** Without brackets; may be empty. */
  readonly messageId: string;
  /** Those that nothing else here tells. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  /** The sender's zone in minutes east of UTC, where the message tells it. */
  readonly zone: number | null;
  readonly blocks: readonly Block[];
  readonly attachments: readonly Attachment[];
  readonly hasHtml: boolean;
  /** True when the archive has the raw message. */
  readonly hasSource: boolean;
  readonly places: readonly {
    readonly source: string;
    readonly path: string;
    readonly offset: number;
    readonly folder: string;
  }[];
  readonly problems: readonly { readonly kind: string; readonly detail: string }[];
}

export type MessageReply = Message | { readonly notFound: true };

export interface KeyRequest {
  readonly key: string;
}

/** Which file of a message: the attachment of this number, from 0 on, or -1 for the raw message. */
export interface FileRequest {
  readonly key: string;
  readonly number: number;
}

/** A stretch of a file, in a file of the site. */
export interface KeptPart {
  readonly name: string;
  readonly packLength: number;
  /** Where its frame begins there, how long it is, and whether it is packed (raw deflate). */
  readonly at: number;
  readonly stored: number;
  readonly packed: boolean;
  /** Where the stretch begins in the frame's content, and its bytes. */
  readonly skip: number;
  readonly length: number;
}

export interface KeptFile {
  readonly sha256: string;
  readonly size: number;
  /** Null for a file that the archive does not have. */
  readonly parts: readonly KeptPart[] | null;
}

export interface FileReply {
  readonly file: KeptFile | null;
  /** Its bytes, checked; the engine says where they are, and the worker reads them. */
  readonly bytes: ArrayBuffer | null;
}

export interface HtmlReply {
  readonly html: string | null;
}

export interface ThreadNode {
  /** Null for a ghost: a message that others name and that is not in the archive. */
  readonly key: string | null;
  readonly messageId: string | null;
  /** The key of what tells of one that is not here: a quoted message or a placeholder. */
  readonly standIn: string | null;
  readonly parent: number | null;
  readonly depth: number;
  /** True when the place in the tree is a guess, by subject or conversation, rather than told by a reference. */
  readonly guessed: boolean;
  readonly line: Line | null;
}

export interface ThreadReply {
  readonly focus: number;
  readonly nodes: readonly ThreadNode[];
}

/** What is known not to be here: counts by reason, and months that fall silent. */
export interface MissingReply {
  /** Message-IDs that are mentioned and never seen. */
  readonly mentioned: number;
  /** Quoted, with sender and date, and without their original. */
  readonly quoted: number;
  /** Quoted, and nothing is claimed of them: their sender or date could not be read. */
  readonly unread: number;
  /** Numbers that a consecutive series leaves out. */
  readonly skipped: number;
  /** Documents that a list names without text in this copy; these are not missing. */
  readonly listed: number;
  /** Months with less than a tenth of what the months around them have; as `2003-05`. */
  readonly silent: readonly { readonly month: string; readonly messages: number; readonly expected: number }[];
}

export interface ArchiveInfo {
  readonly title: string;
  readonly messages: number;
  /** How many are known only from inside others, and how many are named and not here. */
  readonly quoted: number;
  readonly placeholders: number;
  readonly undated: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly segments: number;
  /** True when words may stand for their other forms. */
  readonly forms: boolean;
  /** The archive's time zone: from when on which offset from UTC holds, both in seconds, ascending; empty is UTC. */
  readonly zone: Zone;
}

export type Zone = readonly (readonly [from: number, offset: number])[];

/** The questions that take rounds of reading, by name, each with what it asks and what it answers. */
export interface Questions {
  search: { ask: SearchRequest; reply: SearchReply };
  total: { ask: SearchRequest; reply: TotalReply };
  suggest: { ask: SuggestRequest; reply: SuggestReply };
  correct: { ask: CorrectRequest; reply: CorrectReply };
  facets: { ask: FacetsRequest; reply: FacetsReply };
  explain: { ask: ExplainRequest; reply: ExplainReply };
  weigh: { ask: WeighRequest; reply: WeighReply };
  batch: { ask: BatchRequest; reply: BatchReply };
  correspondence: { ask: CorrespondenceRequest; reply: CorrespondenceReply };
  missing: { ask: object; reply: MissingReply };
  snippets: { ask: SnippetsRequest; reply: SnippetsReply };
  message: { ask: MessageRequest; reply: MessageReply };
  html: { ask: KeyRequest; reply: HtmlReply };
  file: { ask: FileRequest; reply: FileReply };
  thread: { ask: KeyRequest; reply: ThreadReply };
}

export type QuestionName = keyof Questions;

/** One method for each question. */
export type Engine = {
  /** Adds one segment, in the manifest's order; throws when its front is damaged. */
  open(front: Uint8Array): void;
  /** Adds one of which the manifest holds no front: that is missed like any bytes when its kind is asked for. */
  expect(kind: string, messages: number, frontLength: number): void;
  /** Hands over bytes that were missing; throws when a checksum fails. */
  put(segment: number, offset: number, bytes: Uint8Array): void;
  info(): ArchiveInfo;
  /** Gives its memory back; it is not to be used again. */
  free(): void;
} & { [Name in QuestionName]: (ask: Questions[Name]['ask']) => Step<Questions[Name]['reply']> };
