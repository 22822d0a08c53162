import type { PushOutcomeBus, PushOutcomeNotice } from './push-dispatcher.js';
import type { RedisStore } from '../storage/redis-store.js';

/** Notifies other nodes of settled invitations over Redis. Notices are lost while Redis is unreachable. */
export function createPushOutcomeBus(store: RedisStore): PushOutcomeBus {
  const name = store.channel('pushes');
  const listen = () => {
    // On failure reconnect, and subscribe again on the next connection.
    store.listener.ssubscribe(name).catch(() => store.listener.disconnect(true));
  };
  return {
    publish(notice) {
      const text = JSON.stringify([store.nodeID, notice]);
      store.execute((redis) => redis.spublish(name, text)).catch(() => {});
    },
    onPublished(onNotice) {
      store.listener.on('smessage', (channel: string, text: string) => {
        if (channel !== name) return;
        const [nodeID, notice] = JSON.parse(text) as [string, PushOutcomeNotice];
        if (nodeID !== store.nodeID) onNotice(notice);
      });
      store.listener.on('ready', listen);
      if (store.isReady) listen();
    },
  };
}
