import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { OPTIONS, variableOf } from '../../server/settings.js';
import {
  ignoreRules,
  instructionsOf,
  parseDockerfile,
  splitCopy,
  type Stage,
} from '../support/container-image.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** The environment variables of the server. */
const variables = new Set(Object.keys(OPTIONS).map(variableOf));
/** Names that an environment file sets. */
const namesIn = (path: string): string[] =>
  read(path)
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split('=', 1)[0] ?? '');

describe('the Dockerfile', () => {
  const stages = parseDockerfile(read('deploy/Dockerfile'));
  const image = stages.at(-1) as Stage;

  it('has images with a version, and copies only what exists and is not ignored', () => {
    const isIgnored = ignoreRules(read('.dockerignore'));
    for (const stage of stages) {
      assert.match(stage.image, /^node:\d+-\w+-slim$/);
      for (const { text, options } of instructionsOf(stage, 'COPY')) {
        if (options['from'] !== undefined) {
          assert.ok(stages.some(({ name }) => name === options['from']));
          continue;
        }
        for (const source of splitCopy(text)[0]) {
          assert.ok(existsSync(join(root, source)), source);
          assert.equal(isIgnored(source), false, source);
        }
      }
    }
  });

  it('sends no secrets, local builds or repository to the builder', () => {
    const isIgnored = ignoreRules(read('.dockerignore'));
    for (const path of [
      ...['.git', '.git/config', 'node_modules', 'server/node_modules/x', 'server/dist/cli.js'],
      ...['deploy/.env', 'server/.env', 'src/key.pem', 'test/support/tokens.ts', 'dist/ringkit.js'],
      ...['server/cli.test.ts', 'README.md'],
    ]) {
      assert.equal(isIgnored(path), true, path);
    }
    for (const path of ['server/cli.ts', 'src/core/protocol/limits.ts', 'package-lock.json']) {
      assert.equal(isIgnored(path), false, path);
    }
  });

  it('ends with an unprivileged user, a signal and a health check that need no other programs', () => {
    const [user] = instructionsOf(image, 'USER');
    // A number, so that Kubernetes can check that it is not root.
    assert.match(user?.text ?? '', /^[1-9]\d*:[1-9]\d*$/);
    assert.equal(instructionsOf(image, 'STOPSIGNAL')[0]?.text, 'SIGTERM');
    for (const name of ['HEALTHCHECK', 'ENTRYPOINT']) {
      const [instruction] = instructionsOf(image, name);
      const [program] = JSON.parse(instruction?.text.replace(/^CMD /, '') ?? '[]') as string[];
      assert.equal(program, 'node', name);
    }
    const set = instructionsOf(image, 'ENV').flatMap(({ text }) => text.match(/\w+(?==)/g) ?? []);
    for (const name of set) assert.ok(name === 'NODE_ENV' || variables.has(name), name);
    assert.ok(!set.some((name) => /SECRET|TOKEN|REDIS/.test(name)));
  });
});

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly build?: { readonly context: string; readonly dockerfile: string };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

describe('compose.yaml', () => {
  const text = read('deploy/compose.yaml');
  const compose = parse(text) as Compose;
  const services = Object.entries(compose.services);

  it('names only what it defines', () => {
    for (const [name, service] of services) {
      for (const network of service.networks ?? []) assert.ok(network in compose.networks, name);
      for (const other of Object.keys(service.depends_on ?? {})) {
        assert.ok(other in compose.services, name);
      }
      for (const { source } of service.configs ?? []) assert.ok(source in compose.configs, name);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) assert.ok(existsSync(join(root, 'deploy', source)), volume);
        else assert.ok(source in compose.volumes, volume);
      }
    }
    const { build } = compose.services['server'] as Service;
    assert.ok(existsSync(join(root, 'deploy', build?.context ?? '', build?.dockerfile ?? '')));
  });

  it('runs every service without privileges, with a read-only file system', () => {
    for (const [name, service] of services) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.doesNotMatch(service.image, /^[^:]+$|:latest$/, name);
    }
    // Only the proxy is reached from outside, and only the server reaches Redis.
    const published = services.filter(([, { ports }]) => ports).map(([name]) => name);
    assert.deepEqual(published, ['caddy']);
    assert.deepEqual(compose.services['redis']?.networks, ['inside']);
  });

  it('sets options of the server, from variables that env.example explains', () => {
    for (const name of Object.keys(compose.services['server']?.environment ?? {})) {
      assert.ok(variables.has(name), name);
    }
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    used.delete('RINGKIT_VERSION');
    assert.deepEqual([...used].sort(), namesIn('deploy/env.example').sort());
  });
});

interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector?: Readonly<Record<string, unknown>>;
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number;
        readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number };
        readonly containers: readonly {
          readonly securityContext: object;
          readonly livenessProbe: { readonly httpGet?: { readonly path: string } };
          readonly readinessProbe: { readonly httpGet?: { readonly path: string } };
        }[];
      };
    };
  };
}

describe('the Kubernetes resources', () => {
  const folder = 'deploy/kubernetes/';
  const kustomization = parse(read(`${folder}kustomization.yaml`)) as {
    readonly resources: readonly string[];
    readonly configMapGenerator: readonly { readonly literals: readonly string[] }[];
  };
  const resources = kustomization.resources.flatMap((file) =>
    parseAllDocuments(read(folder + file)).map((document) => {
      assert.deepEqual(document.errors, [], file);
      return document.toJS() as Resource;
    }),
  );
  const find = (kind: string, name: string) =>
    resources.find((one) => one.kind === kind && one.metadata.name === name)?.spec;

  it('are all listed, once', () => {
    const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.yaml'));
    assert.deepEqual(
      files.filter((file) => file !== 'kustomization.yaml').sort(),
      [...kustomization.resources].sort(),
    );
    const names = resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.equal(new Set(names).size, names.length);
  });

  it('select the nodes, probe them, and give them time to end', () => {
    const server = find('Deployment', 'ringkit')?.template;
    const labels = { 'app.kubernetes.io/name': 'ringkit' };
    assert.deepEqual(server?.metadata.labels, labels);
    assert.deepEqual(find('Deployment', 'ringkit')?.selector, { matchLabels: labels });
    assert.deepEqual(find('Service', 'ringkit')?.selector, labels);
    assert.deepEqual(find('PodDisruptionBudget', 'ringkit')?.selector, { matchLabels: labels });
    const [container] = server?.spec.containers ?? [];
    assert.equal(container?.livenessProbe.httpGet?.path, '/healthz');
    assert.equal(container.readinessProbe.httpGet?.path, '/readyz');
    assert.ok((server?.spec.terminationGracePeriodSeconds ?? 0) >= 5 + 10);
  });

  it('run without privileges', () => {
    for (const { spec } of resources.filter(({ spec }) => spec?.template)) {
      assert.equal(spec.template?.spec.securityContext.runAsNonRoot, true);
      for (const { securityContext } of spec.template?.spec.containers ?? []) {
        assert.deepEqual(securityContext, {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    const user = instructionsOf(parseDockerfile(read('deploy/Dockerfile')).at(-1) as Stage, 'USER');
    const { runAsUser } = find('Deployment', 'ringkit')?.template?.spec.securityContext ?? {};
    assert.equal(user[0]?.text.split(':')[0], String(runAsUser));
  });

  it('set options of the server', () => {
    const literals = kustomization.configMapGenerator.flatMap(({ literals }) => literals);
    const names = literals.map((literal) => literal.split('=', 1)[0] ?? '');
    for (const name of [...names, ...namesIn(`${folder}secrets.env.example`)]) {
      assert.ok(variables.has(name), name);
    }
    // Secrets are in the secret.
    assert.ok(!names.some((name) => /SECRET|REDIS/.test(name)));
  });
});

describe('the systemd unit', () => {
  const isHere = spawnSync('systemd-analyze', ['--version']).status === 0;
  const options = { skip: !isHere && 'systemd-analyze is not installed' };

  it('is valid and has little access to the machine', options, () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringkit-unit-'));
    try {
      const file = join(folder, 'ringkit.service');
      // The test machine has Node elsewhere.
      writeFileSync(
        file,
        read('deploy/systemd/ringkit.service').replace('/usr/bin/node', process.execPath),
      );
      const verify = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
        encoding: 'utf8',
      });
      const own = verify.stderr.split('\n').filter((line) => line.includes('ringkit'));
      assert.deepEqual(own, []);
      const security = spawnSync(
        'systemd-analyze',
        ['security', '--offline=yes', '--threshold=20', '--no-pager', file],
        { encoding: 'utf8' },
      );
      assert.equal(security.status, 0, security.stdout + security.stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sets options of the server', () => {
    for (const name of namesIn('deploy/systemd/ringkit.env')) assert.ok(variables.has(name), name);
    const [, command = ''] = /^ExecStart=(.*)$/m.exec(read('deploy/systemd/ringkit.service')) ?? [];
    for (const [, name = ''] of command.matchAll(/ --([\w-]+)/g)) assert.ok(name in OPTIONS, name);
  });
});
