import { withoutRedis } from '../../test/support/redis-server.js';
import { takeTurns, type Series } from '../rounds.js';
import { formatTable, type Row } from '../table.js';
import { bareRelay, inMemory, withDataFolder, withoutInbox, withRedis } from './contestants.js';
import { Generators } from './generators.js';
import { memoryOf } from './memory.js';
import { rateOf } from './rate.js';
import { memoryRows, rateRows } from './rows.js';

interface Options {
  readonly rounds: number;
  /** Number of connections for the memory measurement. */
  readonly connections: number;
}

/**
 * Compares the signalling server with a bare Socket.IO relay: the memory of a connection, and the rate of invitations.
 * @returns whether no round has failed
 */
export async function benchServer(
  { rounds, connections }: Options,
  report: (line: string) => void,
): Promise<boolean> {
  const generators = await Generators.start();
  try {
    report(`memory of ${connections} connections`);
    const memory = await takeTurns(
      [
        memoryOf('bare relay', bareRelay, generators, connections),
        memoryOf('ringkit', inMemory, generators, connections),
      ],
      rounds,
      report,
      0,
    );
    report('invitations per second');
    const bare = { to: 0, as: 'bare' };
    const entries = [
      ['bare relay', bareRelay, undefined],
      ['ringkit, without its inbox', withoutInbox, { ...bare, goal: true }],
      ['ringkit, in memory', inMemory, bare],
      ['ringkit, data folder', withDataFolder, bare],
      ...(withoutRedis === false
        ? ([
            ['ringkit, Redis', withRedis(1), bare],
            ['ringkit, Redis, three nodes', withRedis(3), { to: 4, as: 'one node', goal: true }],
          ] as const)
        : []),
    ] as const;
    if (withoutRedis !== false) report(`Redis is not measured: ${withoutRedis}.`);
    const rate = await takeTurns(
      entries.map(([name, start]) => rateOf(name, start, generators)),
      rounds,
      report,
      0,
    );
    const rows: readonly Row[] = [
      ...memoryRows(memory, connections),
      ...rateRows(
        rate,
        entries.map(([, , comparison]) => comparison),
      ),
    ];
    report(`\nMedians. The clients run on the same machine.\n\n${formatTable(rows)}`);
    return reportFailures([...memory, ...rate], report);
  } finally {
    await generators.close();
  }
}

function reportFailures(
  series: readonly Series<unknown>[],
  report: (line: string) => void,
): boolean {
  const failures = series.flatMap((one) => one.failures);
  if (failures.length > 0) report(`\n${failures.length} rounds failed:\n${failures.join('\n')}`);
  return failures.length === 0;
}
