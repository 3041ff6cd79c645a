/** Which messages the reader has picked among the results. No elements here. */
export class Picking {
  #keys: readonly string[] = [];
  #query = '';
  isOn = false;

  /** In the order in which they were picked. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  has(key: string): boolean {
    return this.#keys.includes(key);
  }

  /** Picks a message or puts it back; to pick one is to begin. */
  toggle(key: string): void {
    this.isOn = true;
    this.#keys = this.has(key) ? this.#keys.filter((other) => other !== key) : [...this.#keys, key];
  }

  /** Begins to pick, or ends it and forgets what was picked. */
  toggleMode(): void {
    this.isOn = !this.isOn;
    this.#keys = [];
  }

  /** What was picked belongs to a search: another one ends it. */
  follow(query: string): void {
    if (query === this.#query) return;
    this.#query = query;
    this.isOn = false;
    this.#keys = [];
  }
}
