/**
 * The package: opens the archive of a site with the code that the site itself has for it (`maildex.js`), so that one
 * package fits archives of every version, and carries their types.
 */
import type { MailArchive } from '../api/maildex.ts';

export type {
  ArchiveInfo, HtmlReply, MailArchive, MessageReply, Problem, ProblemError, SearchOptions, SearchReply, SnippetsReply, Sort, ThreadReply, Waiting,
} from '../api/maildex.ts';

/** Opens the archive of the site at this address. Rejects where there is none, or with its `ProblemError`. */
export async function openArchive(url: string | URL): Promise<MailArchive> {
  const site = new URL('.', new URL(url, document.baseURI)).href;
  // The address is known at run time only: whoever bundles this has nothing to look for.
  const own: unknown = await import(/* @vite-ignore */ /* webpackIgnore: true */ `${site}maildex.js`);
  if (!isApi(own)) throw new TypeError(`expected openArchive in ${site}maildex.js; is this the address of a site that maildex built?`);
  return await own.openArchive(site);
}

function isApi(own: unknown): own is { readonly openArchive: (url: string) => Promise<MailArchive> } {
  return typeof own === 'object' && own !== null && 'openArchive' in own && typeof own.openArchive === 'function';
}
