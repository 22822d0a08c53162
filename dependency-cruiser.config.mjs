/**
 * Who may import whom. Type imports count too. Tests may look where they like, but nothing may look into a test.
 */

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

const test = '\\.test\\.ts$';
const ours = '^(src|server|demo|test|bench|load|scripts)/';
const installed = 'node_modules';

/**
 * Modules of a folder may import these paths of ours, and no others.
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
 * Modules of a folder may import these packages, and no others.
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
 * Only the modules of `from` may import these.
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

/** The folders of the server, each of which may import those above it here, and no others. */
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
      comment: 'A cycle has no first module: what is loaded when is left to chance.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { circular: true },
    },
    {
      name: 'no-cycle-in-tests',
      comment: 'Models of tests may know each other by type, and are loaded in one order.',
      severity: 'error',
      from: { path: '^test/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unknown-module',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A published module may import only what is installed with it.',
      severity: 'error',
      from: { path: '^(src|server)/', pathNot: test },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-import-of-tests',
      comment: 'A test is imported by nobody.',
      severity: 'error',
      from: {},
      to: { path: '\\.(test|spec)\\.ts$' },
    },

    only(`${core}/protocol`, [`${core}/protocol/`], 'protocol: nothing of ours'),
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
    only(`${core}/tabs`, [`${core}/(tabs|ports)/`], 'tabs: ports'),
    only(
      `${core}/missed-calls`,
      [`${core}/(missed-calls|notifications|ports|protocol)/`],
      'missed-calls: notifications, ports and protocol',
    ),
    only(
      `${core}/notifications`,
      [`${core}/(notifications|tabs|ports|protocol)/`],
      'notifications: tabs, ports and protocol',
    ),
    only(`${core}/storage`, [`${core}/(storage|ports|protocol)/`], 'storage: ports and protocol'),
    only(core, [core], 'core: nothing but core'),
    only(
      'src/locales',
      ['src/locales/', `${core}/protocol/notices`],
      'locales: the type of a notification',
    ),
    only(
      'src/service-worker',
      ['src/(service-worker|locales)/', `${core}/protocol/`, `${core}/storage/database`],
      'service-worker: protocol, locales, and the storage that it shares with pages',
    ),
    only(
      'server',
      ['server/', `${core}/protocol/`],
      'server: the protocol, and nothing else of src',
    ),
    ...serverFolders,
    {
      ...only('src', ['src/'], 'src: nothing of the server, the demo or the scripts'),
      // The former name of the server's package leads to it.
      from: { path: '^src/', pathNot: [test, '^src/server\\.ts$'] },
    },
    onlyFrom(
      'former-name-of-the-server',
      ['^src/server\\.ts$'],
      '^(src/server\\.ts$|node_modules/ringkit-server/)',
      'What pages load knows nothing of the server.',
    ),

    onlyPackages(`${core}/protocol`, [], 'protocol: nothing but itself'),
    onlyPackages(`${core}/machine`, [], 'machine: no package'),
    onlyPackages(`${core}/ports`, [], 'ports: no package'),
    onlyPackages(`${core}/service`, ['nanostores'], 'service: nanostores'),
    onlyPackages(`${core}/transports`, ['socket.io-client'], 'transports: the wire'),
    onlyPackages(`${core}/media`, ['(@types/)?simple-peer'], 'media: simple-peer'),
    onlyPackages(`${core}/missed-calls`, [], 'missed-calls: no package'),
    onlyPackages(`${core}/storage`, ['idb-keyval'], 'storage: IndexedDB by promises'),
    onlyPackages('src/locales', [], 'locales: no package'),
    {
      name: 'core-without-lit',
      comment: 'The core works without elements.',
      severity: 'error',
      from: { path: `^${core}/`, pathNot: test },
      to: { path: 'node_modules/(lit|lit-html|lit-element|@lit|lucide)/' },
    },
    onlyFrom(
      'simple-peer-in-one-file',
      [`^${core}/media/simple-peer-link`],
      'node_modules/(@types/)?simple-peer/',
      'Only the simple-peer link names simple-peer.',
    ),
    onlyFrom(
      'socket.io-client-in-one-file',
      [`^${core}/transports/server`],
      'node_modules/socket\\.io-client/',
      'Only the server transport names Socket.IO.',
    ),

    {
      name: 'elements-see-the-service',
      comment: 'Elements see the service and its stores, never a transport, media or the machine.',
      severity: 'error',
      from: { path: '^src/components/', pathNot: [test, provider] },
      to: {
        path: `^${core}/(transports|media|machine|missed-calls|notifications|storage)/`,
      },
    },
    {
      name: 'provider-sees-no-machine',
      comment: 'The provider composes; it owns no logic.',
      severity: 'error',
      from: { path: provider, pathNot: test },
      to: { path: [`^${core}/machine/`, `^${core}/transports/memory`] },
    },
    {
      name: 'provider-loads-adapters-when-needed',
      comment:
        'The provider takes adapters by dynamic import; so it does the module that composes those of missed calls.',
      severity: 'error',
      from: { path: provider, pathNot: [test, '/provider-missed-calls\\.ts$'] },
      to: {
        path: `^${core}/(transports|media|missed-calls|notifications|storage)/`,
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    {
      name: 'provider-loads-stages-when-needed',
      comment:
        'The dialogs, the minimal view of a call and the small offer of notifications are loaded at once; the rest when it is needed.',
      severity: 'error',
      from: { path: '^src/components/([^/]+)/', pathNot: test },
      to: {
        path: '^src/components/(ongoing-call-view|missed-call-list)/',
        pathNot: '^src/components/$1/',
        dependencyTypesNot: ['dynamic-import', 'type-only'],
      },
    },
    onlyFrom(
      'define-has-side-effects',
      ['^src/(define|standalone)/'],
      '^src/define/',
      'Registration is for tests, the demo and the bundles.',
    ),
    onlyFrom(
      'standalone-is-the-end',
      ['^src/standalone/'],
      '^src/standalone/',
      'The script bundles are imported by nobody.',
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
