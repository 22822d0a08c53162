interface Policy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy;
}

let policy: Policy | undefined;

/**
 * Registers the service worker that shows notifications, and waits until it can.
 * @param url of its script; the page's own worker, where that imports the kit's
 * @returns undefined where there are no service workers (plain http)
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
  // One that the page has registered itself, as a module perhaps, or for another scope, stays as it is.
  const known = await container.getRegistrations();
  const registration =
    known.find(({ active }) => active?.scriptURL === href) ??
    (await container.register(trusted(url) as string));
  if (registration.active) return registration;
  const worker = registration.installing ?? registration.waiting;
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (registration.active) resolve();
      else if (!worker || worker.state === 'redundant')
        reject(new Error(`The worker ${url} did not install.`));
    };
    worker?.addEventListener('statechange', look);
    look();
  });
  return registration;
}

/** Under Trusted Types a plain text is no address of a script. The address is the page's own attribute. */
function trusted(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('ringkit', { createScriptURL: (given) => given });
  return policy?.createScriptURL(url) ?? url;
}
