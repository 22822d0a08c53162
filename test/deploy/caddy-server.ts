import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../support/certificate.js';
import {
  hostOf,
  readDeployed,
  startProxy,
  type ProxyPlace,
  type ProxyServer,
} from './proxy-server.js';

const PROGRAM = ['/usr/bin/caddy', '/usr/local/bin/caddy'].find(existsSync);

/** Why tests that need Caddy are skipped; `false` if it is installed. */
export const withoutCaddy: string | false = PROGRAM === undefined && 'Caddy is not installed';

/** Starts Caddy with a site, whose first line ends with `{`. */
function command({ folder, httpPort, httpsPort }: ProxyPlace, site: string, directives = '') {
  const file = join(folder, 'Caddyfile');
  const options = ['admin off', 'skip_install_trust'];
  options.push(`http_port ${httpPort}`, `https_port ${httpsPort}`);
  const own = `bind 127.0.0.1\n${directives}`;
  const text = `{\n${options.join('\n')}\n}\n${site.replace(/ \{\n/, ` {\n${own}\n`)}`;
  writeFileSync(file, text);
  return {
    program: PROGRAM ?? '',
    parameters: ['run', '--adapter', 'caddyfile', '--config', file],
    env: { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, RINGKIT_DOMAIN: '127.0.0.1' },
  };
}

/**
 * Caddy with the Caddyfile for servers on the same machine.
 * @param nodes URLs of the servers
 */
export const startCaddy = (nodes: readonly string[]): Promise<ProxyServer> =>
  startProxy('caddy', (place) => {
    const { cert, key } = selfSigned();
    const [certFile, keyFile] = [join(place.folder, 'cert.pem'), join(place.folder, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    const site = readDeployed('caddy/Caddyfile')
      .replace('calls.example.org', '127.0.0.1')
      .replace(/127\.0\.0\.1:8787/, hostOf(nodes[0]))
      .replace(/127\.0\.0\.1:8788/, hostOf(nodes[1]));
    const started = command(place, site, `tls ${certFile} ${keyFile}`);
    return { ...started, readCertificate: () => cert };
  });

/** Caddy with the Caddyfile of `compose.yaml`, and a certificate of its own authority. */
export const startComposeCaddy = (node: string): Promise<ProxyServer> =>
  startProxy('caddy', (place) => {
    const { hostname, port } = new URL(node);
    const site = readDeployed('caddy/compose.Caddyfile').replace(
      'a server 8787',
      `a ${hostname} ${port}`,
    );
    const authority = join(place.folder, 'caddy/pki/authorities/local/root.crt');
    return { ...command(place, site), readCertificate: () => readFileSync(authority, 'utf8') };
  });
