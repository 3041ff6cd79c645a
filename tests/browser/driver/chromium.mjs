import { chromium } from 'playwright-core';
import { launch } from 'puppeteer-core';

import { program } from './program.mjs';

// Root in a container has no user namespace to make a sandbox with; the rest keeps Chromium from calling home.
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export async function launchChromium() {
  const browser = await chromium.launch({ executablePath: program('chromium', 'google-chrome'), args: FLAGS });
  return {
    version: `Chromium ${browser.version()}`,
    close: () => browser.close(),
    fresh: async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (source) => page.evaluate(source),
        type: (text) => page.keyboard.type(text),
        press: (key) => page.keyboard.press(key),
        back: async () => void (await page.goBack()),
        resize: (width, height) => page.setViewportSize({ width, height }),
        colours: (scheme) => page.emulateMedia({ colorScheme: scheme }),
        screenshot: async (file) => void (await page.screenshot({ path: file })),
        close: () => context.close(),
      };
    },
  };
}

/**
 * A browser for measuring the memory of pages, started with these flags too. Whoever watches a page's network, as
 * Playwright and the browser's own tools do, has it keep all that it fetched: a byte for each byte.
 */
export function launchUnwatched(more) {
  return launch({ executablePath: program('chromium', 'google-chrome'), args: [...FLAGS, ...more], pipe: true, networkEnabled: false });
}
