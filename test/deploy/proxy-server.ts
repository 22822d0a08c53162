import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';

/** A real proxy with a configuration of `deploy/`, on loopback. */
export interface ProxyServer {
  /** Its address with TLS. */
  readonly url: string;
  /** Its address without TLS. */
  readonly plainURL: string;
  /** PEM of the authority of its certificate. */
  readonly certificate: string;
  readonly stop: () => Promise<void>;
}

/** Where a proxy listens, and the folder for its files. */
export interface ProxyPlace {
  readonly folder: string;
  readonly httpPort: number;
  readonly httpsPort: number;
}

interface ProxyCommand {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Reads its certificate, once it answers. */
  readonly readCertificate: () => string;
}

/** @param prepare writes the configuration, and says how the proxy is started with it */
export async function startProxy(
  name: string,
  prepare: (place: ProxyPlace) => ProxyCommand,
): Promise<ProxyServer> {
  const folder = mkdtempSync(join(tmpdir(), `ringkit-${name}-`));
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const { program, parameters, env, readCertificate } = prepare({ folder, httpPort, httpsPort });
  const child = spawn(program, parameters, {
    ...(env && { env: { ...process.env, ...env } }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  // Caddy creates its certificate after it has begun to listen.
  while (!(await answers(httpsPort, readCertificate))) {
    if (child.exitCode !== null) throw new Error(`${name} has ended: ${errors}`);
  }
  return {
    url: `https://127.0.0.1:${httpsPort}/`,
    plainURL: `http://127.0.0.1:${httpPort}/`,
    certificate: readCertificate(),
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true });
    },
  };
}

/** A file of `deploy/`. */
export const readDeployed = (file: string): string =>
  readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');

export const hostOf = (url = ''): string => new URL(url).host;

/** Whether a request with TLS is answered now, with a certificate of this authority. Otherwise it takes 20 ms. */
async function answers(port: number, readCertificate: () => string): Promise<boolean> {
  try {
    const [response] = (await once(
      get({ host: '127.0.0.1', port, ca: readCertificate(), agent: false }),
      'response',
    )) as [IncomingMessage];
    response.resume();
    return true;
  } catch {
    return new Promise((resolve) => setTimeout(resolve, 20, false));
  }
}
