/** A page of this origin (`WindowClient`). */
export interface PageClient {
  readonly visibilityState: DocumentVisibilityState;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  focus(): Promise<unknown>;
}

interface WorkerEvent extends Event {
  waitUntil(job: Promise<unknown>): void;
}

/**
 * The part of `ServiceWorkerGlobalScope` that is used. TypeScript's types of workers and of pages exclude each other in
 * one project.
 */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: {
      type: 'window';
      includeUncontrolled: true;
    }): Promise<readonly PageClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
  /** Options that the page's own worker has set. */
  readonly ringkit?: unknown;
  addEventListener(
    type: 'push',
    handle: (event: WorkerEvent & { readonly data: { json(): unknown } | null }) => void,
  ): void;
  addEventListener(
    type: 'notificationclick',
    handle: (
      event: WorkerEvent & { readonly notification: Notification; readonly action: string },
    ) => void,
  ): void;
}

export const scope = globalThis as unknown as WorkerScope;
