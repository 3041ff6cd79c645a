import { launch } from 'puppeteer-core';

import { program } from './program.mjs';

const PREFERENCES = {
  // Puppeteer turns this off, and then pages from a disk may do what they may not do for a reader.
  'security.fileuri.strict_origin_policy': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'extensions.getAddons.cache.enabled': false,
};

export async function launchFirefox() {
  const browser = await launch({
    browser: 'firefox',
    executablePath: program('firefox-esr', 'firefox'),
    extraPrefsFirefox: PREFERENCES,
  });
  return {
    version: await browser.version(),
    close: () => browser.close(),
    fresh: async () => {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (source) => page.evaluate(source),
        type: (text) => page.keyboard.type(text),
        press: (key) => page.keyboard.press(key),
        // Puppeteer's goBack waits for ever where the fragment goes away: WebDriver BiDi reports no navigation then.
        back: async () => void (await page.evaluate('history.back()')),
        resize: (width, height) => page.setViewport({ width, height }),
        screenshot: async (file) => void (await page.screenshot({ path: file })),
        close: () => context.close(),
      };
    },
  };
}
