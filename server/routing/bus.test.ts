import { busContract } from '../../test/contract/bus.js';
import { createMemoryBus } from './bus.js';

busContract('the bus in memory', async () => {
  const bus = createMemoryBus();
  return {
    nodes: [bus, bus],
    subscribe: (_node, deviceID, ...how) =>
      bus.subscribe(deviceID.split('-')[0] ?? '', deviceID, ...how),
  };
});
