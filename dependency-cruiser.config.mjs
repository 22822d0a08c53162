/**
 * Rules on imports between folders. Type imports count too. Tests may import everything, but no module imports a test.
 */

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

const test = '\\.test\\.ts$';
const ours = '^(src|server|demo|test|bench|load|scripts)/(?!node_modules/)';
const installed = 'node_modules';

/**
 * Modules of a folder may import only these paths of the project.
 * @param {string} folder
 * @param {string[]} allowed
 * @param {string} comment
 * @returns {Rule}
 */
const only = (folder, allowed, comment) => ({
  name: `boundary-${folder.replaceAll('/', '-')}`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: test },
  to: { path: ours, pathNot: allowed.map((path) => `^${path}`) },
});

/**
 * Modules of a folder may import only these packages.
 * @param {string} folder
 * @param {string[]} allowed
 * @param {string} comment
 * @returns {Rule}
 */
const onlyPackages = (folder, allowed, comment) => ({
  name: `packages-${folder.replaceAll('/', '-')}`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: test },
  to: {
    path: installed,
    pathNot: allowed.map((name) => `node_modules/${name}/`),
  },
});

/**
 * Only modules of `from` may import `to`.
 * @param {string} name
 * @param {string[]} from
 * @param {string} to
 * @param {string} comment
 * @returns {Rule}
 */
const onlyFrom = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src|server)/', pathNot: [test, ...from] },
  to: { path: to },
});

const core = 'src/core';

/** The folders of the server. Each may import only the folders above it in this list. */
const serverFolders = [
  'clock',
  'observability',
  'storage',
  'limits',
  'auth',
  'calls',
  'presence',
  'messages',
  'inbox',
  'history',
  'preferences',
  'routing',
  'push',
  'gateway',
  'backend',
].map((folder, index, all) =>
  only(
    `server/${folder}`,
    [`server/(${all.slice(0, index + 1).join('|')})/`, `${core}/protocol/`],
    `server/${folder}: the folders listed before it`,
  ),
);
const provider = '^src/components/call-invitation-provider/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'In a cycle, the order in which modules are loaded is undefined.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { circular: true },
    },
    {
      name: 'no-cycle-in-tests',
      comment: 'Test code may have cycles of type imports, which do not affect the load order.',
      severity: 'error',
      from: { path: '^test/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unknown-module',
      comment: 'The imported module does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A published module may import only declared dependencies.',
      severity: 'error',
      from: { path: '^(src|server)/', pathNot: test },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-import-of-tests',
      comment: 'No module imports a test.',
      severity: 'error',
      from: {},
      to: { path: '\\.(test|spec)\\.ts$' },
    },

    only(`${core}/protocol`, [`${core}/protocol/`], 'protocol: no other folder of the project'),
    only(`${core}/machine`, [`${core}/(machine|protocol)/`], 'machine: protocol'),
    only(`${core}/clock`, [`${core}/(clock|ports)/`], 'clock: ports'),
    only(`${core}/ports`, [`${core}/(ports|protocol)/`], 'ports: protocol'),
    only(
      `${core}/service`,
      [`${core}/(service|machine|ports|protocol|clock)/`],
      'service: machine, ports, protocol and the clock, never an adapter',
    ),
    only(
      `${core}/transports`,
      [`${core}/(transports|ports|protocol|clock|tabs)/`],
      'transports: ports, protocol, the clock and tabs, never media',
    ),
    only(
      `${core}/media`,
      [`${core}/(media|ports|protocol|clock)/`],
      'media: ports, protocol and the clock, never transports',
    ),
    only(`${core}/tabs`, [`${core}/(tabs|clock|ports)/`], 'tabs: the clock and ports'),
    only(
      `${core}/missed-calls`,
      [`${core}/(missed-calls|notifications|ports|protocol)/`],
      'missed-calls: notifications, ports and protocol',
    ),
    only(`${core}/history`, [`${core}/(history|ports|protocol)/`], 'history: ports and protocol'),
    only(
      `${core}/notifications`,
      [`${core}/(notifications|tabs|ports|protocol)/`],
      'notifications: tabs, ports and protocol',
    ),
    only(`${core}/storage`, [`${core}/(storage|ports|protocol)/`], 'storage: ports and protocol'),
    only(core, [core], 'core: nothing but core'),
    only(
      'src/effects',
      ['src/effects/', `${core}/ports/media-effects`],
      'effects: only their own types, so that pages without a bundler can load few files',
    ),
    only(
      'src/locales',
      ['src/locales/', `${core}/protocol/notices`],
      'locales: the type of a notification',
    ),
    only(
      'src/service-worker',
      ['src/(service-worker|locales)/', `${core}/protocol/`, `${core}/storage/database`],
      'service-worker: protocol, locales, and the database that it shares with pages',
    ),
    only('server', ['server/', `${core}/protocol/`], 'server: only the protocol from src'),
    ...serverFolders,
    {
      ...only('src', ['src/'], 'src: nothing from server, demo or scripts'),
      // src/server.ts is the former name of the server's package, and imports it.
      from: { path: '^src/', pathNot: [test, '^src/server\\.ts$'] },
    },
    onlyFrom(
      'former-name-of-the-server',
      ['^src/server\\.ts$'],
      '^(src/server\\.ts$|node_modules/ringkit-server/)',
      'Code for pages does not import the server.',
    ),

    onlyPackages(`${core}/protocol`, [], 'protocol: no package'),
    onlyPackages(`${core}/machine`, [], 'machine: no package'),
    onlyPackages(`${core}/ports`, [], 'ports: no package'),
    onlyPackages(`${core}/service`, ['nanostores'], 'service: nanostores'),
    onlyPackages(`${core}/transports`, ['socket.io-client'], 'transports: socket.io-client'),
    onlyPackages(`${core}/media`, ['(@types/)?simple-peer'], 'media: simple-peer'),
    onlyPackages(`${core}/missed-calls`, [], 'missed-calls: no package'),
    onlyPackages(`${core}/history`, [], 'history: no package'),
    onlyPackages(`${core}/storage`, ['idb-keyval'], 'storage: idb-keyval'),
    onlyPackages('src/effects', [], 'effects: no package; libraries are loaded by URL'),
    onlyPackages('src/locales', [], 'locales: no package'),
    {
      name: 'core-without-lit',
      comment: 'The core does not depend on elements.',
      severity: 'error',
      from: { path: `^${core}/`, pathNot: test },
      to: { path: 'node_modules/(lit|lit-html|lit-element|@lit|lucide)/' },
    },
    onlyFrom(
      'simple-peer-in-one-file',
      [`^${core}/media/simple-peer-link`],
      'node_modules/(@types/)?simple-peer/',
      'Only the simple-peer link imports simple-peer.',
    ),
    onlyFrom(
      'socket.io-client-in-one-file',
      [`^${core}/transports/server`],
      'node_modules/socket\\.io-client/',
      'Only the server transport imports Socket.IO.',
    ),

    {
      name: 'elements-see-the-service',
      comment:
        'Elements import the service and its stores, never a transport, media or the machine.',
      severity: 'error',
      from: { path: '^src/components/', pathNot: [test, provider] },
      to: {
        path: `^${core}/(transports|media|machine|missed-calls|history|notifications|storage)/`,
      },
    },
    {
      name: 'provider-sees-no-machine',
      comment: 'The provider combines modules and contains no call logic.',
      severity: 'error',
      from: { path: provider, pathNot: test },
      to: { path: [`^${core}/machine/`, `^${core}/transports/memory`] },
    },
    {
      name: 'provider-loads-adapters-when-needed',
      comment:
        'The provider imports adapters dynamically, and so it imports the modules that combine those of missed calls and of the call history. Only two are needed before: the choice of devices, because the dialogs ring on the selected device, and do-not-disturb and blocked people, because they decide whether a call rings.',
      severity: 'error',
      from: { path: provider, pathNot: [test, '/provider-(missed-calls|call-history)\\.ts$'] },
      to: {
        path: `^${core}/(transports|media|missed-calls|history|notifications|storage)/`,
        pathNot: `^${core}/storage/(device-choices|preference-storage)\\.ts$`,
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'provider-loads-views-when-needed',
      comment:
        'The dialogs, the minimal call view and the offer of notifications are in the first file; other elements are loaded on demand.',
      severity: 'error',
      from: { path: '^src/components/([^/]+)/', pathNot: test },
      to: {
        path: '^src/components/(ongoing-call-view|missed-call-list|call-history)/',
        pathNot: '^src/components/$1/',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    onlyFrom(
      'define-has-side-effects',
      ['^src/(define|standalone)/'],
      '^src/define/',
      'Only tests, the demo and the bundles register elements.',
    ),
    onlyFrom(
      'standalone-is-the-end',
      ['^src/standalone/'],
      '^src/standalone/',
      'No module imports the entry points of the script builds.',
    ),
  ],
  options: {
    doNotFollow: { path: installed },
    exclude: { path: '^(server/)?(dist|bin)/' },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'browser', 'default'],
    },
  },
};
