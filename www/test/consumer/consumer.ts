// A program of somebody else, who has the package from npm: what it takes for granted is what the types must say.
import { openArchive, type MailArchive, type SearchReply } from 'maildex';

export async function subjects(site: string, query: string): Promise<readonly string[]> {
  const archive: MailArchive = await openArchive(site);
  try {
    const { lines, total }: SearchReply = await archive.search(query, { sort: 'newest', limit: 2, signal: new AbortController().signal });
    const n: number | null = total;
    // @ts-expect-error there is no such order
    void archive.search(query, { sort: 'sideways' });
    return [...lines.map(({ subject }) => subject.map(({ text }) => text).join('')), String(n), archive.info.title];
  } finally {
    archive.close();
  }
}
