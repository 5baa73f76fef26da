/*
 * The rooms and which other rooms each may import. Tests may import what they need.
 * What is not named here may import no other room.
 */
const judged = ['model', 'text', 'snapshot', 'rules', 'vfp'];
// View models are made of each other; a cycle of files is refused all the same.
const views = ['inspect', 'tables', 'graph', 'views'];
const sharedRooms = {
  model: [],
  text: ['model'],
  parsers: ['model', 'text'],
  bundles: ['model', 'text'],
  // Reads packets from bytes; what its flows belong to is told by the snapshot.
  capture: ['model'],
  snapshot: ['model', 'text', 'parsers'],
  // How VFP compares rules with headers: rules judge them by it, traces walk by it.
  vfp: ['model'],
  // Traces say what the rules of a node do to a packet; captures are held against that.
  rules: ['model', 'text', 'snapshot', 'vfp', 'trace'],
  // Walks packets; reads nothing but what the files say.
  trace: judged,
  ...Object.fromEntries(views.map((room) => [room, [...judged, ...views, 'trace', 'capture']])),
  secrets: [],
  chains: [...judged, ...views, 'trace'],
  report: [...judged, ...views, 'trace', 'bundles', 'secrets', 'chains'],
  // Makes bundles as text; tests read them back by the real parsers.
  synthetic: ['model', 'text', 'parsers', 'snapshot'],
  ipc: [],
};
/** The contract passes the types of every shared room, and views are made in its shapes. */
const typesOnly = {
  rules: ['parsers'],
  ipc: Object.keys(sharedRooms),
  ...Object.fromEntries([...views, 'report'].map((room) => [room, ['ipc', 'parsers']])),
};
const test = '(\\.(test|spec)\\.tsx?$|/testing/)';
const node = { dependencyTypes: ['core'] };

function oneOf(names) {
  return `^(${names.join('|')})/`;
}

/** A room may import itself and `allowed`, of all that is the project's own. */
function room(folder, allowed, typesOnly = []) {
  const own = ['shared', 'electron', 'renderer', 'e2e', 'assets'];
  const rules = [
    {
      name: `${folder}-imports`,
      comment: `${folder} may import: ${[...allowed, ...typesOnly].join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: `^${folder}/`, pathNot: test },
      to: { path: oneOf(own), pathNot: oneOf([folder, ...allowed, ...typesOnly]) },
    },
  ];
  if (typesOnly.length > 0) {
    rules.push({
      name: `${folder}-imports-types-only`,
      comment: `${folder} may use only types of: ${typesOnly.join(', ')}`,
      severity: 'error',
      from: { path: `^${folder}/`, pathNot: test },
      to: {
        path: oneOf(typesOnly),
        pathNot: oneOf([folder, ...allowed]),
        dependencyTypesNot: ['type-only'],
      },
    });
  }
  return rules;
}

/** What dependency-cruiser enforces. */
export const layers = {
  forbidden: [
    ...Object.entries(sharedRooms).flatMap(([name, allowed]) =>
      room(
        `shared/${name}`,
        allowed.map((each) => `shared/${each}`),
        (typesOnly[name] ?? []).map((each) => `shared/${each}`),
      ),
    ),
    {
      name: 'room-without-rules',
      comment: 'a new room says here what it may import',
      severity: 'error',
      from: {
        path: '^shared/([^/]+)/',
        pathNot: [`^shared/(${Object.keys(sharedRooms).join('|')})/`, test],
      },
      to: { path: '^(shared|electron|renderer)/', pathNot: '^shared/$1/' },
    },
    ...room('electron/main', ['shared/ipc'], ['shared']),
    ...room('electron/preload', ['shared/ipc']),
    ...room('electron/sources', ['shared/model', 'shared/text']),
    ...room('electron/analysis', ['shared', 'electron/sources']),
    ...room('electron/transports', []),
    ...room('electron/collect', [
      'shared/model',
      'electron/sources',
      'electron/transports',
      'assets/collector',
    ]),
    ...room(
      'electron/live',
      // Of the parsers: the level of a line that is followed.
      ['shared/ipc', 'shared/parsers/logs', 'electron/transports', 'electron/collect'],
      ['electron/sources', 'shared'],
    ),
    ...room('electron/cli', [
      'shared',
      'electron/sources',
      'electron/analysis',
      'electron/transports',
      'electron/collect',
    ]),
    ...room('renderer', ['shared/ipc', 'assets/icons'], ['shared']),
    {
      name: 'shared-is-pure',
      comment: 'shared runs anywhere: no Node, no packages but these',
      severity: 'error',
      from: { path: '^shared/', pathNot: test },
      to: {
        pathNot: ['^shared/', '^node_modules/(zod|jsonc-parser|yaml)/'],
        dependencyTypesNot: ['local'],
      },
    },
    {
      name: 'no-electron-outside-the-app',
      comment: 'the analysis process and the command line are plain Node',
      severity: 'error',
      from: {
        path: '^(shared|renderer|electron/(sources|analysis|cli|transports|collect|live))/',
        pathNot: test,
      },
      to: { path: '(^electron$|^node_modules/electron(-33)?/)' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: test },
      to: node,
    },
    {
      name: 'no-cycles',
      comment: 'types may refer to each other, code may not',
      severity: 'error',
      from: { pathNot: test },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: { path: '^(shared|electron|renderer|e2e)/' },
      to: { couldNotResolve: true, pathNot: '\\.css$' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/', pathNot: test },
      to: { path: test },
    },
  ],
};
