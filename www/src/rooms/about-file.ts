/** `about.json`: what a site tells of itself. It is read as untrusted text: what is not as expected is left out. */

/** So many of something, and the first of them. */
export interface Oddity {
  readonly reason: string;
  readonly n: number;
  readonly example: string;
  readonly detail: string;
}

export interface Input {
  readonly source: string;
  readonly kind: string;
  readonly found: number;
  readonly copies: number;
  readonly files: number;
  readonly bytes: number;
  readonly notRead: readonly Oddity[];
  readonly damages: readonly Oddity[];
  readonly sha256: string;
  /** Files of a folder, whose sum is that of its listing; null for a file. */
  readonly listed: number | null;
}

export interface About {
  readonly version: string;
  readonly description: string;
  readonly source: string;
  readonly licence: string;
  readonly contact: string;
  readonly found: number;
  readonly copies: number;
  readonly threads: number;
  readonly damaged: number;
  readonly damages: readonly Oddity[];
  readonly remarks: readonly Oddity[];
  readonly inputs: readonly Input[];
}

/** Reads the file; throws where it is no JSON object. */
export function parseAbout(text: string): About {
  const root = record(JSON.parse(text));
  if (root === null) throw new Error('expected an object');
  return {
    version: line(root['maildex']),
    description: line(root['description']),
    source: line(root['source_url']),
    licence: line(root['licence']),
    contact: line(root['contact']),
    found: count(root['found']),
    copies: count(root['copies']),
    threads: count(root['threads']),
    damaged: count(root['damaged']),
    damages: oddities(root['damages']),
    remarks: oddities(root['remarks']),
    inputs: list(root['inputs']).map(input),
  };
}

function input(own: Readonly<Record<string, unknown>>): Input {
  const sum = record(own['sum']);
  return {
    source: line(own['source']),
    kind: line(own['kind']),
    found: count(own['found']),
    copies: count(own['copies']),
    files: count(own['files']),
    bytes: count(own['bytes']),
    notRead: oddities(own['not_read']),
    damages: oddities(own['damages']),
    sha256: /^[0-9a-f]{64}$/.exec(line(sum?.['sha256']))?.[0] ?? '',
    listed: sum !== null && typeof sum['files'] === 'number' ? count(sum['files']) : null,
  };
}

function oddities(value: unknown): Oddity[] {
  return list(value).map((own) => ({ reason: line(own['reason']), n: count(own['n']), example: line(own['example']), detail: line(own['detail']) }));
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

function list(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record).filter((own) => own !== null) : [];
}

function line(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

/** Where a text leads, if it is an address of the web or of mail; null for other texts. */
export function linkOf(text: string): string | null {
  if (/^https?:\/\/[^\s"'<>]+$/i.test(text) && URL.canParse(text)) return text;
  return /^[^\s@<>"'/:?&#%]+@[^\s@<>"'/:?&#%]+$/.test(text) ? `mailto:${text}` : null;
}
