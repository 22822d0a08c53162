interface Policy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

let policy: Policy | undefined;

/**
 * Registers the service worker that shows notifications, and waits until it is active.
 * @param url URL of its script: the library's worker, or the page's own worker that imports it
 * @returns undefined if there are no service workers (plain http)
 */
export function registerWorker(url: string): Promise<ServiceWorkerRegistration> | undefined {
  const container = (navigator as Partial<Navigator>).serviceWorker;
  return container && register(container, url);
}

async function register(
  container: ServiceWorkerContainer,
  url: string,
): Promise<ServiceWorkerRegistration> {
  const { href } = new URL(url, document.baseURI);
  // A registration that the page has made itself (perhaps as a module, or for another scope) is reused.
  const known = await container.getRegistrations();
  const registration =
    known.find(({ active }) => active?.scriptURL === href) ??
    (await container.register(trusted(url) as string));
  if (registration.active) return registration;
  const worker = registration.installing ?? registration.waiting;
  await new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (registration.active) resolve();
      else if (!worker || worker.state === 'redundant')
        reject(new Error(`The service worker ${url} could not be installed.`));
    };
    worker?.addEventListener('statechange', check);
    check();
  });
  return registration;
}

/** Trusted Types does not accept a string as a script URL. It is trusted here because the page itself has set it. */
function trusted(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('ringkit', { createScriptURL: (given) => given });
  return policy?.createScriptURL(url) ?? url;
}
