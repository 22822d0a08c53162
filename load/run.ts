/**
 * `npm run load`: users without screens sign in and call each other, as on a day as it is, and it is told how fast it
 * went, what went otherwise than planned, and what the server used.
 *
 * npm run load -- --users 500 --calls-per-second 10
 * npm run load -- --help
 *
 * The exit code is 1 when anything went otherwise than planned, 2 when it can't be tried as asked.
 */
import { LoadError } from './load-error.js';
import { runLoad } from './load.js';
import { readOptions, USAGE } from './options.js';
import { formatReport, isSound } from './report.js';

const tell = (line: string): void => console.log(line);
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
    const where = nodes.length === 0 ? 'a server of its own' : nodes.join(', ');
    tell(
      `${users} users, ${callsPerSecond} calls a second for ${seconds} s, ${where}, seed ${seed}`,
    );
    const load = await runLoad(options, tell, stopped.signal);
    tell(`\n${formatReport(load, options)}`);
    if (!isSound(load)) process.exitCode = 1;
  } else tell(USAGE);
} catch (error) {
  console.error(error instanceof LoadError ? error.message : error);
  process.exitCode ??= error instanceof LoadError ? 2 : 1;
}
