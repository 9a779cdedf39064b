// Looks for anything that could recognise a person in what the gate ships: the built files, the models, and every
// package of the production dependency tree. Plain Node, no dependency: anybody can read it and run it.
//   node models/check-no-recognition.mjs [root of the gate]
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of files and packages that recognise, match or embed faces, or search among stored ones. */
const RECOGNITION =
  /recogni[sz]|face[-_.]?(api|res|net\b|id\b|match|embed|descriptor|verif|compare|template)|insightface|arcface|cosface|sphereface|adaface|vggface|deepface|openface|mobileface|ghostface|magface|dlib|re-?id(entification)?\b|embedding|speaker|iris[-_.]?(net|code)|facemesh|face[-_.]?(mesh|landmarks)|faiss|hnsw|annoy\b|[-_./]lsh\b|vector[-_.]?(db|store|search)/i;
/** Packages that bring models for people with them, or look after such models, whatever they are used for. */
const PACKAGES =
  /^(@vladmandic\/|@tensorflow-models\/|@mediapipe\/|@xenova\/|@huggingface\/|onnxruntime|ml5$|opencv|@techstark\/opencv|tracking$|clmtrackr|pico|@azure\/cognitiveservices|@aws-sdk\/client-rekognition|@google-cloud\/vision|clarifai)/;
/** This file, whose name says what it looks for. */
const ITSELF = 'models/check-no-recognition.mjs';
/** Extensions that weights come with. */
const WEIGHTS = new Set(
  '.onnx .ort .tflite .task .pb .pbtxt .pth .pt .ckpt .h5 .hdf5 .keras .caffemodel .prototxt .mnn .ncnn .param .params .safetensors .gguf .ggml .mlmodel .pmml .weights .npz .npy .pkl .joblib .dat .bin .model .t7 .engine .rknn .hef .blob'.split(
    ' ',
  ),
);
/** What a graph file of tfjs, a cascade of OpenCV or weights in a JSON file say of themselves. */
const GRAPH = /"modelTopology"|"weightsManifest"|opencv-cascade|"imports?_weights"/;
/** A JSON or XML file larger than this, bytes, is looked into no further than this. */
const LOOKED_INTO = 2_000_000;

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
const allowed = allowList();
const findings = [];
let files = 0;

for (const folder of ['dist', 'config', 'models']) look(join(root, folder), `${folder}/`);
const packages = productionPackages();
for (const place of packages) {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (RECOGNITION.test(name) || PACKAGES.test(name))
    findings.push(`${place}: a package that recognises, or brings models of people`);
  look(join(root, place), `${place}/`);
}
for (const line of findings) process.stderr.write(`${line}\n`);
process.stdout.write(
  `${packages.length} packages, ${files} files, ${allowed.size} allowed model files: ${findings.length === 0 ? 'nothing that recognises' : `${findings.length} found`}\n`,
);
process.exit(findings.length === 0 ? 0 : 1);

/** SHA-256 of the model files that may ship, from models/models.sha256. */
function allowList() {
  const lines = readFileSync(join(root, 'models/models.sha256'), 'utf8').trim().split('\n');
  return new Set(lines.map((line) => line.slice(0, 64)));
}

/** Folders of all packages that a production install brings, and of all that are installed without being locked. */
function productionPackages() {
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const places = Object.keys(locked).filter((place) => place !== '' && locked[place].dev !== true);
  const installed = installedPackages(join(root, 'node_modules'), 'node_modules');
  const unlocked = installed.filter((place) => locked[place] === undefined);
  return [...places.filter((place) => existsSync(join(root, place))), ...unlocked];
}

function installedPackages(folder, place) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && statSync(join(folder, name)).isDirectory())
    .flatMap((name) => {
      if (name.startsWith('@')) return installedPackages(join(folder, name), `${place}/${name}`);
      const nested = installedPackages(join(folder, name, 'node_modules'), `${place}/${name}/node_modules`);
      return existsSync(join(folder, name, 'package.json')) ? [`${place}/${name}`, ...nested] : nested;
    });
}

/** Every file of a folder; packages inside a package are looked at on their own. */
function look(folder, shown) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules') continue;
    const file = join(folder, name);
    if (statSync(file).isDirectory()) look(file, `${shown}${name}/`);
    else lookAt(file, `${shown}${name}`);
  }
}

function lookAt(file, shown) {
  files++;
  const isModel = WEIGHTS.has(extname(file).toLowerCase()) || isGraph(file);
  if (isModel && !allowed.has(createHash('sha256').update(readFileSync(file)).digest('hex')))
    findings.push(`${shown}: a model file that is not in models/models.sha256`);
  if (RECOGNITION.test(basename(file)) && shown !== ITSELF)
    findings.push(`${shown}: a name that stands for recognition`);
}

function isGraph(file) {
  if (!/\.(json|xml)$/i.test(file)) return false;
  return GRAPH.test(readFileSync(file).subarray(0, LOOKED_INTO).toString('latin1'));
}
