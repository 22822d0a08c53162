import type { Contestant } from '../rounds.js';
import type { StartSystem } from './contestants.js';
import type { Generators } from './generators.js';

/** Measures the memory of one connection, at this number of connections, in kB. */
export function memoryOf(
  name: string,
  start: StartSystem,
  generators: Generators,
  connections: number,
): Contestant<number> {
  return {
    name,
    async round() {
      const { nodes, close } = await start();
      const used = async (): Promise<number> => {
        const all = await Promise.all(nodes.map((node) => node.usageWithoutGarbage()));
        return all.reduce((sum, usage) => sum + (usage?.memory ?? NaN), 0);
      };
      try {
        // Memory for code that the first connections load does not count.
        await generators.connect(urlsOf(nodes), WARM_UP_CONNECTIONS);
        await generators.disconnect();
        const before = await used();
        await generators.connect(urlsOf(nodes), connections);
        return ((await used()) - before) / connections / 1_000;
      } finally {
        await generators.disconnect();
        await close();
      }
    },
  };
}

const WARM_UP_CONNECTIONS = 200;
const urlsOf = (nodes: readonly { readonly url: string }[]) => nodes.map(({ url }) => url);
