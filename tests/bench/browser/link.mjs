// A slow link between a browser and a host on the loopback address: every byte late, and all of them through one pipe.
//
// Works below HTTP, so that workers, preloads and service workers are slowed as the page is, in any browser. A new
// connection costs a round trip before its first byte, as TCP's handshake does (TLS, slow start and loss are left out).
// Connections share the pipe packet by packet. What is sent upwards, some 500 bytes a request, is only late.

import { connect, createServer } from 'node:net';

/** Bytes that a packet of Ethernet carries. */
const PACKET = 1460;
const TICK_MS = 2;

/**
 * A link to the host at this address.
 * @param {string} url
 * @param {{ bitsPerSecond: number, roundTripMs: number }} speed
 */
export function link(url, { bitsPerSecond, roundTripMs }) {
  const { hostname, port } = new URL(url);
  const pipe = new Pipe(bitsPerSecond / 8000);
  const server = createServer((browser) => {
    const host = connect(Number(port), hostname);
    const open = Date.now() + roundTripMs;
    const late = (work) => setTimeout(work, Math.max(0, open - Date.now()) + roundTripMs / 2);
    browser.on('data', (bytes) => late(() => host.write(bytes)));
    browser.on('end', () => late(() => host.end()));
    const lane = pipe.lane((bytes) => setTimeout(() => browser.write(bytes), roundTripMs / 2), () => setTimeout(() => browser.end(), roundTripMs / 2));
    host.on('data', (bytes) => lane.put(bytes));
    host.on('end', () => lane.end());
    const drop = () => (browser.destroy(), host.destroy(), lane.drop());
    browser.on('error', drop).on('close', drop);
    host.on('error', drop);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ url: `http://127.0.0.1:${server.address().port}/`, close: () => (server.close(), pipe.close()) });
    });
  });
}

/** What all connections share: a packet of each in turn, as fast as it goes. */
class Pipe {
  #lanes = [];
  #perMs;
  #credit = 0;
  #last = performance.now();
  #timer = setInterval(() => this.#send(), TICK_MS);

  constructor(perMs) {
    this.#perMs = perMs;
  }

  lane(write, end) {
    const lane = { waiting: [], ended: false, write, end };
    const drop = () => (this.#lanes = this.#lanes.filter((other) => other !== lane));
    this.#lanes.push(lane);
    return {
      put: (bytes) => {
        for (let at = 0; at < bytes.length; at += PACKET) lane.waiting.push(bytes.subarray(at, at + PACKET));
      },
      end: () => (lane.ended = true),
      drop,
    };
  }

  #send() {
    const now = performance.now();
    this.#credit += (now - this.#last) * this.#perMs;
    this.#last = now;
    while (this.#credit > 0) {
      const lane = this.#lanes.find(({ waiting }) => waiting.length > 0);
      // An idle pipe saves nothing up.
      if (lane === undefined) {
        this.#credit = 0;
        break;
      }
      const packet = lane.waiting.shift();
      this.#credit -= packet.length;
      lane.write(packet);
      // To the end of the queue, so that the others come first.
      this.#lanes = [...this.#lanes.filter((other) => other !== lane), lane];
    }
    for (const lane of this.#lanes.filter(({ ended, waiting }) => ended && waiting.length === 0)) {
      lane.end();
      this.#lanes = this.#lanes.filter((other) => other !== lane);
    }
  }

  close() {
    clearInterval(this.#timer);
  }
}
