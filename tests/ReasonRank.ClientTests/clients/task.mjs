// What every client is asked to do, and the line in which it tells what it got.
import { readFileSync } from 'node:fs';

export const { query, passages } = JSON.parse(readFileSync(new URL('passages.json', import.meta.url)));
export const top = 5;
export const url = process.env.RERANK_URL;
export const key = process.env.RERANK_KEY;
export const model = 'any-name';

/// all: every passage ranked; best: the top of it. Both are lists of { index, score, text? }, taken from the client's own types.
export function report(name, packageName, all, best) {
  const { version } = JSON.parse(readFileSync(new URL(`../node_modules/${packageName}/package.json`, import.meta.url)));
  console.log(JSON.stringify({ name, package: packageName, version, all, best }));
}

/// For clients whose host is fixed in their code: their requests to it go to the service instead, path and body untouched.
export function redirect(host) {
  const send = globalThis.fetch;
  globalThis.fetch = (address, init) => {
    const wanted = new URL(address);
    return send(wanted.origin === host ? url + wanted.pathname + wanted.search : address, init);
  };
}
