import * as tf from '@tensorflow/tfjs-core';
import type { DetectorGraph, DetectorNode } from './model-files.ts';
import { VisionError } from './vision-error.ts';

/** One kernel call: its tensors by place in the plan's list. */
type Step = Readonly<{
  kernel: string;
  inputs: Readonly<Record<string, number>>;
  attrs: Readonly<Record<string, unknown>>;
  output: number;
  /** Places whose tensors nobody needs after this step. */
  spent: readonly number[];
}>;

/** Kernels and input names of the operations that the detector is made of. */
const KERNELS: Readonly<Record<string, Readonly<{ kernel: string; inputs: readonly string[] }>>> = {
  _FusedConv2D: { kernel: 'FusedConv2D', inputs: ['x', 'filter', 'bias'] },
  DepthwiseConv2dNative: { kernel: 'DepthwiseConv2dNative', inputs: ['x', 'filter'] },
  AddV2: { kernel: 'Add', inputs: ['a', 'b'] },
  Relu: { kernel: 'Relu', inputs: ['x'] },
  MaxPool: { kernel: 'MaxPool', inputs: ['x'] },
  Pad: { kernel: 'PadV2', inputs: ['x'] },
};

/**
 * The detector as a list of kernel calls, made once. The converter's executor looks every parameter up anew in every
 * call, which costs a small network as this a fifth of its time.
 */
export class NetworkPlan {
  readonly #places = new Map<string, number>();
  readonly #weights: readonly (readonly [number, tf.Tensor])[];
  readonly #steps: readonly Step[];
  readonly #outputs: readonly number[];

  /** The backend must be open. Throws VisionError `model` on a graph of other operations. */
  constructor(
    graph: DetectorGraph,
    weights: Readonly<Record<string, tf.Tensor>>,
    outputs: readonly string[],
  ) {
    const nodes = new Map(graph.modelTopology.node.map((node) => [node.name, node]));
    const order = inOrder(nodes, outputs);
    for (const node of order) this.#places.set(node.name, this.#places.size);
    this.#outputs = outputs.map((name) => this.#placeOf(name));
    this.#weights = order
      .filter((node) => node.op === 'Const')
      .flatMap((node) => {
        const weight = weights[node.name];
        return weight === undefined ? [] : [[this.#placeOf(node.name), weight] as const];
      });
    const operations = order.filter((node) => node.op !== 'Const' && node.op !== 'Placeholder');
    const lastUses = new Map<number, number>();
    operations.forEach((node, step) => {
      for (const name of dataInputs(node)) lastUses.set(this.#placeOf(name), step);
    });
    for (const kept of [...this.#outputs, ...this.#weights.map(([place]) => place), this.#inputPlace()]) {
      lastUses.delete(kept);
    }
    this.#steps = operations.map((node, step) => ({
      ...this.#callOf(node, weights),
      output: this.#placeOf(node.name),
      spent: [...lastUses].filter(([, last]) => last === step).map(([place]) => place),
    }));
  }

  /** The outputs for one input, which stays the caller's. Call inside tf.tidy. */
  run(input: tf.Tensor): readonly tf.Tensor[] {
    const tensors: tf.Tensor[] = [];
    for (const [place, weight] of this.#weights) tensors[place] = weight;
    tensors[this.#inputPlace()] = input;
    const engine = tf.engine();
    for (const { kernel, inputs, attrs, output, spent } of this.#steps) {
      const given: Record<string, tf.Tensor> = {};
      for (const name in inputs) given[name] = tensorAt(tensors, inputs[name]);
      tensors[output] = engine.runKernel(kernel, given, attrs as tf.NamedAttrMap) as tf.Tensor;
      for (const place of spent) tensorAt(tensors, place).dispose();
    }
    return this.#outputs.map((place) => tensorAt(tensors, place));
  }

  #placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new VisionError('model', `the detector has no ${name}`);
    return place;
  }

  #inputPlace(): number {
    return this.#placeOf('input');
  }

  #callOf(
    node: DetectorNode,
    weights: Readonly<Record<string, tf.Tensor>>,
  ): Pick<Step, 'kernel' | 'inputs' | 'attrs'> {
    const known = KERNELS[node.op];
    if (known === undefined)
      throw new VisionError('model', `the detector has a ${node.op}, which is not known`);
    const inputs = Object.fromEntries(
      known.inputs.map((name, at) => [name, this.#placeOf((node.input ?? [])[at] ?? '')]),
    );
    return { kernel: known.kernel, inputs, attrs: attributesOf(node, weights) };
  }
}

function attributesOf(node: DetectorNode, weights: Readonly<Record<string, tf.Tensor>>): Step['attrs'] {
  if (node.op === 'Pad') {
    const sides = [...(weights[node.input?.[1] ?? '']?.dataSync() ?? [])];
    return {
      paddings: Array.from({ length: sides.length / 2 }, (_, axis) => sides.slice(2 * axis, 2 * axis + 2)),
      constantValue: 0,
    };
  }
  const inner = (name: string): number[] => node.attr?.[name]?.list?.i?.slice(1, 3).map(Number) ?? [1, 1];
  const base64 = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();
  const pad = base64(node.attr?.['padding']?.s).toLowerCase();
  switch (node.op) {
    case '_FusedConv2D': {
      const fused = (node.attr?.['fused_ops']?.list?.s ?? []).map(base64);
      return {
        strides: inner('strides'),
        pad,
        dataFormat: 'NHWC',
        dilations: [1, 1],
        activation: fused.includes('Relu') ? 'relu' : 'linear',
      };
    }
    case 'DepthwiseConv2dNative':
      return { strides: inner('strides'), pad, dilations: [1, 1] };
    case 'MaxPool':
      return { filterSize: inner('ksize'), strides: inner('strides'), pad };
    default:
      return {};
  }
}

/** The tensors that an operation is run on: what a Pad is padded by is no tensor but a setting. */
function dataInputs(node: DetectorNode): readonly string[] {
  return (node.input ?? []).slice(0, node.op === 'Pad' ? 1 : undefined);
}

/** The nodes that the outputs need, each after those it needs itself. */
function inOrder(
  nodes: ReadonlyMap<string, DetectorNode>,
  outputs: readonly string[],
): readonly DetectorNode[] {
  const order = new Set<DetectorNode>();
  const visit = (name: string): void => {
    const node = nodes.get(name);
    if (node === undefined) throw new VisionError('model', `the detector has no ${name}`);
    if (order.has(node)) return;
    for (const needed of node.input ?? []) visit(needed);
    order.add(node);
  };
  for (const output of outputs) visit(output);
  return [...order];
}

function tensorAt(tensors: readonly tf.Tensor[], place: number | undefined): tf.Tensor {
  const tensor = tensors[place ?? -1];
  if (tensor === undefined) throw new VisionError('inference', 'a tensor is missing');
  return tensor;
}
