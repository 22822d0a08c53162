import type { PushOutcomeBus, PushOutcomeNotice } from './push-dispatcher.js';
import type { RedisStore } from '../storage/redis-store.js';

/** What nodes tell each other of invitations that one of them has pushed. What is lost with a connection is not told. */
export function createPushOutcomeBus(store: RedisStore): PushOutcomeBus {
  const name = store.channel('pushes');
  const listen = () => {
    // What fails here breaks the connection: it is tried again with the next one.
    store.listener.ssubscribe(name).catch(() => store.listener.disconnect(true));
  };
  return {
    publish(notice) {
      const text = JSON.stringify([store.nodeID, notice]);
      store.ask((redis) => redis.spublish(name, text)).catch(() => {});
    },
    onPublished(told) {
      store.listener.on('smessage', (channel: string, text: string) => {
        if (channel !== name) return;
        const [nodeID, notice] = JSON.parse(text) as [string, PushOutcomeNotice];
        if (nodeID !== store.nodeID) told(notice);
      });
      store.listener.on('ready', listen);
      if (store.isReady) listen();
    },
  };
}
