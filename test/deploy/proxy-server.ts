import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.js';
import { ProcessGroup } from '../support/process-group.js';

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

/**
 * Starts a proxy, and waits until it answers.
 * @param prepare writes the configuration, and says how the proxy is started with it
 * @param timeoutMs time in which it has to answer
 * @throws with the output of the proxy if it ends or does not answer; nothing of it is left then
 */
export async function startProxy(
  name: string,
  prepare: (place: ProxyPlace) => ProxyCommand,
  timeoutMs = 30_000,
): Promise<ProxyServer> {
  const folder = mkdtempSync(join(tmpdir(), `ringkit-${name}-`));
  let group: ProcessGroup | undefined;
  const stop = async () => {
    await group?.end();
    rmSync(folder, { recursive: true });
  };
  try {
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    const { program, parameters, env, readCertificate } = prepare({ folder, httpPort, httpsPort });
    group = new ProcessGroup(program, parameters, { env: { ...process.env, ...env } });
    const deadline = AbortSignal.timeout(timeoutMs);
    // Caddy creates its certificate after it has begun to listen.
    while (!(await answers(httpsPort, readCertificate, deadline))) {
      if (group.isRunning && !deadline.aborted) continue;
      const fault = group.isRunning ? 'does not answer' : 'has ended';
      // All of the output is read then.
      await group.end();
      throw new Error(`${name} ${fault}:\n${group.output}`);
    }
    return {
      url: `https://127.0.0.1:${httpsPort}/`,
      plainURL: `http://127.0.0.1:${httpPort}/`,
      certificate: readCertificate(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A file of `deploy/`. */
export const readDeployed = (file: string): string =>
  readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');

export const hostOf = (url = ''): string => new URL(url).host;

/** Whether a request with TLS is answered now, with a certificate of this authority. Otherwise it takes 20 ms. */
async function answers(
  port: number,
  readCertificate: () => string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const [response] = (await once(
      get({ host: '127.0.0.1', port, ca: readCertificate(), agent: false, signal }),
      'response',
    )) as [IncomingMessage];
    response.resume();
    return true;
  } catch {
    return new Promise((resolve) => setTimeout(resolve, 20, false));
  }
}
