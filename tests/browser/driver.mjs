// One way to drive three browsers: launch(name) → a Browser with pages of the same few methods.
//
// Chromium by playwright-core, Firefox by puppeteer-core (WebDriver BiDi, so no geckodriver is needed), WebKitGTK's
// MiniBrowser by plain W3C WebDriver under Xvfb. None of them downloads a browser: they use the ones of the system.

import { launchChromium } from './driver/chromium.mjs';
import { launchFirefox } from './driver/firefox.mjs';
import { launchWebkit } from './driver/webkit.mjs';

/**
 * @typedef {object} Page
 * @property {(url: string) => Promise<void>} goto
 * @property {(source: string) => Promise<any>} evaluate the value of a JavaScript expression, awaited
 * @property {(text: string) => Promise<void>} type into what has the focus
 * @property {(key: 'Enter' | 'Escape' | string) => Promise<void>} press a key by its DOM name
 * @property {() => Promise<void>} back
 * @property {(width: number, height: number) => Promise<void>} resize
 * @property {(scheme: 'light' | 'dark') => Promise<void>} [colours] only where the browser can be told
 * @property {(file: string) => Promise<void>} screenshot
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Browser
 * @property {string} version
 * @property {() => Promise<Page>} fresh a page of a profile that has seen nothing
 * @property {() => Promise<void>} close
 */

/** @type {Record<string, () => Promise<Browser>>} */
const launchers = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebkit };

export const names = Object.keys(launchers);

/** Starts the browser with this name. @returns {Promise<Browser>} */
export function launch(name) {
  return launchers[name]();
}
