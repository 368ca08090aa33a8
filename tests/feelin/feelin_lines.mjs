// The same as feel_lines.cc, by npm feelin: node tests/feelin/feelin_lines.mjs < expressions > values
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import readline from 'node:readline';

const require = createRequire(path.resolve(process.env.FEELIN_FROM ?? 'web/package.json'));
const { evaluate, toFeel } = await import(pathToFileURL(require.resolve('feelin')));

const shown = (value) => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'function') return { feel: 'function' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { feel: String(value) };
  if (typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)]));
  try {
    return { feel: toFeel(value).replace(/^@"(.*)"$/, '$1') };
  } catch (error) {
    return { feel: String(value) };
  }
};

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  try {
    const { value } = evaluate(line, {});
    console.log(JSON.stringify({ value: shown(value) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error).split('\n')[0] }));
  }
}
