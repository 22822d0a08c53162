import type { Logger } from '../ports/logger.js';
import { CallError } from './call-error.js';
import type { CallbackMap, CallbackName, InvitationEvents } from './types.js';

/** Something that the page is told: a callback's name and its arguments. */
export type CallbackInvocation = {
  [K in CallbackName]: { readonly name: K; readonly args: CallbackMap[K] };
}[CallbackName];

export type Handler = (...args: readonly unknown[]) => unknown;

export interface Callbacks {
  /** @returns a function that stops listening */
  readonly listen: (name: CallbackName, handle: Handler) => () => void;
  /** @returns false when the page has a function of its own for it, or a listener returned false */
  readonly fire: (fact: CallbackInvocation) => boolean;
  /** Tells a fault, as `onError`: a `CallError` once, however many report it (the part that failed, who waited for it). */
  readonly report: (error: unknown) => void;
}

/**
 * Tells the page's function, then whoever listens (a provider makes DOM events of it). What throws or rejects goes
 * to `onError` and breaks nothing; what goes wrong in `onError` itself is logged.
 * @param events asked anew at each fact: a page may renew its object at any time
 */
export function createCallbacks(
  events: () => InvitationEvents | undefined,
  logger: Logger | undefined,
): Callbacks {
  const listeners = new Map<CallbackName, Set<Handler>>();
  const reported = new WeakSet<CallError>();

  const run = (name: CallbackName, job: () => unknown): void => {
    const failed = (error: unknown): void => {
      if (name === 'onError') logger?.warn('onError failed', { error });
      else report(error);
    };
    try {
      Promise.resolve(job()).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
  const fire = ({ name, args }: CallbackInvocation): boolean => {
    let free = true;
    run(name, () => {
      const current = events();
      const own = current?.[name] as Handler | undefined;
      free = !own;
      return own?.apply(current, args);
    });
    for (const handle of [...(listeners.get(name) ?? [])])
      run(name, () => {
        const answer = handle(...args);
        if (answer === false) free = false;
        return answer;
      });
    return free;
  };
  const report = (error: unknown): void => {
    if (error instanceof CallError) {
      if (reported.has(error)) return;
      reported.add(error);
    }
    fire({ name: 'onError', args: [error] });
  };

  return {
    listen(name, handle) {
      const handlers = listeners.get(name) ?? new Set();
      listeners.set(name, handlers);
      // A wrapper of its own for each call: the same function may listen twice, and stop once.
      const own: Handler = (...args) => handle(...args);
      handlers.add(own);
      return () => void handlers.delete(own);
    },
    fire,
    report,
  };
}
