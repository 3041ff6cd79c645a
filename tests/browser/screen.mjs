// What a person does at a page and sees on it. Waiting is always for something to be seen, never for time to pass.

/** How long a thing may take to be seen, on a busy machine. */
const PATIENCE_MS = 20_000;
/** How often one looks. */
const LOOK_MS = 40;

/** Thrown by a scenario that cannot be tried here. */
export class Skip extends Error {}

export class Screen {
  #page;

  constructor(page) {
    this.#page = page;
  }

  async open(url) {
    await this.#page.goto(url);
    // The search box of the HTML is replaced when the page's code has arrived.
    await this.until('the page starts', `customElements.get('maildex-app') !== undefined`);
  }

  /** Goes to a page that is not the archive's. */
  visit(url) {
    return this.#page.goto(url);
  }

  /** Leaves the page for an empty one. */
  blank() {
    return this.#page.goto('about:blank');
  }

  /** The value of an expression in the page. */
  evaluate(source) {
    return this.#page.evaluate(source);
  }

  /** Looks until an expression is neither false nor null nor undefined, and gives its value. */
  async until(what, source) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      let seen;
      try {
        seen = await this.#page.evaluate(source);
      } catch (error) {
        // A page that is being replaced cannot be asked.
        if (Date.now() > deadline) throw error;
      }
      if (seen !== undefined && seen !== null && seen !== false) return seen;
      if (Date.now() > deadline) throw new Error(`expected ${what}, found ${await this.#said()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** What the page says instead: its errors, or else all of it. */
  #said() {
    return this.#page.evaluate(
      `[...document.querySelectorAll('[role="alert"]')].map((alert) => alert.innerText).join(' ').replace(/\\s+/g, ' ')
        || document.body.innerText.replace(/\\s+/g, ' ').slice(0, 200)`,
    );
  }

  /** The text of an element once there is one with a text. */
  text(selector) {
    return this.until(`text in ${selector}`, `document.querySelector(${quote(selector)})?.innerText.trim() || null`);
  }

  see(selector) {
    return this.until(selector, `document.querySelector(${quote(selector)}) !== null`);
  }

  gone(selector) {
    return this.until(`no ${selector}`, `document.querySelector(${quote(selector)}) === null`);
  }

  async click(selector) {
    await this.see(selector);
    await this.#page.evaluate(`document.querySelector(${quote(selector)}).click()`);
  }

  /** Types a query as a person does, key by key. */
  async search(query) {
    await this.#page.evaluate(`document.querySelector('#search').focus()`);
    await this.#page.type(query);
    await this.#page.press('Enter');
  }

  type(text) {
    return this.#page.type(text);
  }

  press(key) {
    return this.#page.press(key);
  }

  back() {
    return this.#page.back();
  }

  /** Whether the browser can be told of colours. */
  get hasColours() {
    return this.#page.colours !== undefined;
  }

  /** Light or dark colours, as the reader's system has them. */
  colours(scheme) {
    return this.#page.colours(scheme);
  }

  resize(width, height) {
    return this.#page.resize(width, height);
  }

  /** Waits until the page says that it has found so many messages. */
  total(n) {
    const said = n === 1 ? '1 message' : `${n.toLocaleString('en-US')} messages`;
    return this.until(`"${said}" above the results`, `document.querySelector('.total')?.innerText.startsWith(${quote(said)})`);
  }

  /** The keys of the results in sight, in order. */
  keys() {
    return this.until(
      'results',
      `(() => {
        const rows = [...document.querySelectorAll('#results a.row')];
        rows.sort((a, b) => a.ariaPosInSet - b.ariaPosInSet);
        return rows.length > 0 ? rows.map((row) => row.dataset.key) : null;
      })()`,
    );
  }
}

/** A string as JavaScript. */
export function quote(text) {
  return JSON.stringify(text);
}

export function equal(found, expected, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, found ${a}`);
}
