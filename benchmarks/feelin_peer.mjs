// Times npm feelin on the cases of feel_bench.cc: node benchmarks/feelin_peer.mjs CASES.json, from the project's root.
// Prints {name: {ns, result}}: the best of many short rounds of parse and evaluation, and what it gave.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const require = createRequire(path.resolve('web/package.json'));
const { evaluate } = await import(pathToFileURL(require.resolve('feelin')));

const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return typeof value === 'object' || typeof value === 'undefined' ? (value == null ? null : String(value)) : value;
};

const figures = {};
for (const { name, text, inputs } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  try {
    const once = () => {
      const answer = evaluate(text, inputs);
      return answer !== null && typeof answer === 'object' && 'value' in answer && 'warnings' in answer ? answer.value : answer;
    };
    let best = Infinity;
    const result = plain(once());
    for (let warm = 0; warm < 2000; ++warm) once();
    for (let round = 0; round < 50; ++round) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < 100; ++i) once();
      best = Math.min(best, Number(process.hrtime.bigint() - start) / 100);
    }
    figures[name] = { ns: Math.round(best), result };
  } catch (error) {
    figures[name] = { error: String(error.message ?? error) };
  }
}
console.log(JSON.stringify(figures));
