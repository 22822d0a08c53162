/**
 * `npm run load`: simulated users sign in and call each other, with a realistic mix of outcomes. Reports the latencies, the
 * calls with other outcomes than planned, and the resources that the server used.
 *
 * npm run load -- --users 500 --calls-per-second 10
 * npm run load -- --help
 *
 * The exit code is 1 if a call had another outcome than planned, and 2 if the options are invalid or no server is available.
 */
import { LoadError } from './load-error.js';
import { runLoad } from './load.js';
import { readOptions, USAGE } from './options.js';
import { formatReport, hasPlannedOutcomes } from './report.js';

const print = (line: string): void => console.log(line);
const stopped = new AbortController();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    process.exitCode = code;
    stopped.abort();
  });
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options) {
    const { users, callsPerSecond, seconds, nodes, seed } = options;
    const where = nodes.length === 0 ? 'a new server' : nodes.join(', ');
    print(
      `${users} users, ${callsPerSecond} calls per second for ${seconds} s, ${where}, seed ${seed}`,
    );
    const load = await runLoad(options, print, stopped.signal);
    print(`\n${formatReport(load, options)}`);
    if (!hasPlannedOutcomes(load)) process.exitCode = 1;
  } else print(USAGE);
} catch (error) {
  console.error(error instanceof LoadError ? error.message : error);
  process.exitCode ??= error instanceof LoadError ? 2 : 1;
}
