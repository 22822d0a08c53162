import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from '../support/certificate.js';
import { hostOf, readDeployed, startProxy, type ProxyServer } from './proxy-server.js';

/** Debian installs it in a folder that is not in the PATH of other users than root. */
const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

/** Why tests that need nginx are skipped; `false` if it is installed. */
export const withoutNginx: string | false = PROGRAM === undefined && 'nginx is not installed';

/**
 * nginx with the configuration of deploy/nginx.
 * @param nodes URLs of the servers
 */
export const startNginx = (nodes: readonly string[]): Promise<ProxyServer> =>
  startProxy('nginx', ({ folder, httpPort, httpsPort }) => {
    const { cert, key } = selfSigned();
    writeFileSync(join(folder, 'cert.pem'), cert);
    writeFileSync(join(folder, 'key.pem'), key);
    const site = readDeployed('nginx/ringkit.conf')
      // Only the addresses and files are those of the test.
      .replace('listen 80;', `listen 127.0.0.1:${httpPort};`)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${httpsPort} ssl;`)
      .replace(/\/etc\/letsencrypt\/\S+\/fullchain\.pem/, join(folder, 'cert.pem'))
      .replace(/\/etc\/letsencrypt\/\S+\/privkey\.pem/, join(folder, 'key.pem'))
      .replace(/127\.0\.0\.1:8787/, hostOf(nodes[0]))
      .replace(/127\.0\.0\.1:8788/, hostOf(nodes[1]));
    writeFileSync(join(folder, 'nginx.conf'), mainConfiguration(folder, site));
    return {
      program: PROGRAM ?? '',
      parameters: ['-p', folder, '-c', join(folder, 'nginx.conf')],
      readCertificate: () => cert,
    };
  });

const mainConfiguration = (folder: string, site: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
${site}
}
`;
