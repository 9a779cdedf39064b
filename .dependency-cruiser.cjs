/** The import table of docs/architecture.md, as rules. One room per line: what it may reach. */
const rooms = {
  domain: [],
  ports: ['domain'],
  thermal: ['domain', 'ports'],
  camera: ['domain'],
  vision: ['domain', 'camera', 'ports'],
  registration: ['domain'],
  screening: ['domain'],
  feedback: ['domain', 'ports'],
  records: ['domain'],
  alerts: ['domain'],
  gate: ['domain', 'screening', 'vision'],
  config: ['domain'],
  notice: ['domain', 'config', 'records'],
  io: ['domain', 'ports', 'camera', 'vision', 'screening', 'records', 'alerts', 'config'],
  simulation: ['domain', 'ports'],
  doctor: ['domain', 'ports', 'config', 'thermal', 'feedback', 'io', 'records', 'app'],
  app: ['config', 'domain', 'ports', 'thermal', 'camera', 'vision', 'registration', 'screening', 'feedback', 'records', 'alerts', 'gate'],
};
/** npm packages and the one place that may import each. */
const fences = {
  zod: '^src/(config|alerts|records|simulation|io/recording|vision|io/tfjs)/',
  yaml: '^src/config/',
  pino: '^src/io/log',
  mqtt: '^src/io/mqtt/',
  aedes: '^src/io/mqtt/',
  koffi: '^src/io/linux/',
  'csv-parse': '^src/io/csv/',
  'd3-[^/]+': '^src/io/chart/',
  lowdb: '^src/io/store/',
  sharp: '^src/(io/image|simulation|training)/',
  'age-encryption': '^src/io/age/',
  '@scure/base': '^src/config/',
  '@tensorflow/[^/]+': '^src/(io/tfjs|training)/',
  'log-update': '^src/io/terminal/',
  chalk: '^src/io/terminal/',
  'string-width': '^src/io/terminal/',
  pdfkit: '^src/io/pdf/',
  uqr: '^src/io/qr/',
  commander: '^src/(cli\\.ts|commands/)',
};
/** Camera frames, what is cut from them, and photos. */
const pictures = '^src/(camera|simulation|training|domain/(camera-frame|still)|ports/(camera|face-finder|photo-)|io/(age|camera|image|tfjs)/|io/store/(photo-|read-photo)|app/visit-photos|commands/photo-)';
/** What leaves the gate. */
const outgoing = '^src/(alerts|io/mqtt)/|^src/(domain/(alert|gate-report|remote-command)|ports/(alert-|gate-reports))';
const pure = ['domain', 'ports', 'thermal', 'camera', 'vision', 'registration', 'screening', 'gate', 'feedback'];
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([name, may]) => ({
      name: `room-${name}`,
      severity: 'error',
      comment: `src/${name} may import only: ${may.join(', ') || 'itself'}`,
      from: { path: `^src/${name}/` },
      to: { path: '^src/', pathNot: `^src/(${[name, ...may].join('|')})/` },
    })),
    ...Object.entries(fences).map(([pkg, only]) => ({
      name: `fence-${pkg}`,
      severity: 'error',
      from: { pathNot: only, path: '^src/' },
      to: { path: `(^|/)node_modules/${pkg}/` },
    })),
    { name: 'pure-has-no-node', severity: 'error', from: { path: `^src/(${pure.join('|')})/` }, to: { dependencyTypes: ['core'] } },
    { name: 'pure-has-no-npm', severity: 'error', from: { path: `^src/(${pure.join('|')})/` }, to: { dependencyTypes: ['npm', 'npm-dev'] } },
    { name: 'io-adapters-are-strangers', severity: 'error', from: { path: '^src/io/([^/]+)/' }, to: { path: '^src/io/', pathNot: '^src/io/($1/|log\\.ts)' } },
    { name: 'simulation-only-from-the-root', severity: 'error', from: { path: '^src/', pathNot: '^src/(simulation|commands|training)/' }, to: { path: '^src/simulation/' } },
    { name: 'no-picture-in-alerts', severity: 'error', comment: 'no picture has a way to MQTT, not even a roundabout one', from: { path: outgoing }, to: { path: pictures, reachable: true } },
    { name: 'no-alert-in-pictures', severity: 'error', comment: 'what handles photos cannot send', from: { path: '^src/(camera/|io/(age|image)/|io/store/(photo-|read-photo)|ports/photo-)' }, to: { path: outgoing, reachable: true } },
    { name: 'no-tests-in-src', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: 'tfjs-node' } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] } },
};
