import type { Logger } from '../ports/logger.js';
import { CallError } from './call-error.js';
import type { CallbackMap, CallbackName, InvitationEvents } from './callback-types.js';

/** A callback's name and its arguments. */
export type CallbackInvocation = {
  [K in CallbackName]: { readonly name: K; readonly args: CallbackMap[K] };
}[CallbackName];

export type Handler = (...args: readonly unknown[]) => unknown;

export interface Callbacks {
  /** @returns a function that stops listening */
  readonly listen: (name: CallbackName, handle: Handler) => () => void;
  /** @returns false if the page has a callback of that name, or a listener returned false */
  readonly fire: (invocation: CallbackInvocation) => boolean;
  /** Calls `onError`. The same `CallError` is reported once, even if both the failed part and its caller report it. */
  readonly report: (error: unknown) => void;
}

/**
 * Calls the page's callback, then the listeners (a provider dispatches DOM events). If one of them throws or rejects,
 * the error is passed to `onError` and the others are still called; an error in `onError` itself is logged.
 * @param events returns the page's current callbacks: it may replace the object at any time
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
    let isDefault = true;
    run(name, () => {
      const current = events();
      const own = current?.[name] as Handler | undefined;
      isDefault = !own;
      return own?.apply(current, args);
    });
    for (const handle of [...(listeners.get(name) ?? [])])
      run(name, () => {
        const answer = handle(...args);
        if (answer === false) isDefault = false;
        return answer;
      });
    return isDefault;
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
      // A wrapper for each call of `listen`, so that a function that was added twice can be removed once.
      const own: Handler = (...args) => handle(...args);
      handlers.add(own);
      return () => void handlers.delete(own);
    },
    fire,
    report,
  };
}
