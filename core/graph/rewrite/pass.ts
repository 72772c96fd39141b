import type { NodeProto } from '../onnx/types.ts';
import { standardDomain } from '../standard-domain.ts';
import type { DetachedArgMax } from '../passes/detached-arg-max.ts';
import type { WatchedValue } from '../passes/watched-labels.ts';
import type { GraphEdit } from './edit.ts';

/** One change that a pass made. */
export interface Applied {
  readonly pass: string;
  /** The node that was rewritten: its name, or its first output where it has none. */
  readonly node: string;
  /** What it became, for a person. */
  readonly what: string;
}

/** A node that a pass is for and cannot rewrite. */
export interface Skipped {
  readonly pass: string;
  readonly node: string;
  readonly because: string;
}

/** What a pass did to a graph. */
interface PassOutcome {
  readonly applied: readonly Applied[];
  readonly skipped: readonly Skipped[];
  /** Final steps taken off the graph: whoever runs it does them. */
  readonly detached: readonly DetachedArgMax[];
  /** Outputs that were added, for whoever runs the graph to look at; absent: none. */
  readonly watched?: readonly WatchedValue[];
}

export interface Pass {
  readonly name: string;
  run(edit: GraphEdit): PassOutcome;
}

/** What became of a node: left as it is (null), replaced, or not rewritable. */
export type NodeOutcome =
  null | { readonly nodes: readonly NodeProto[]; readonly what: string } | { readonly because: string };

/** A pass that rewrites node by node; the last of the new nodes makes the values that the old one made. */
export function nodePass(name: string, rewrite: (node: NodeProto, edit: GraphEdit) => NodeOutcome): Pass {
  return {
    name,
    run(edit) {
      const applied: Applied[] = [];
      const skipped: Skipped[] = [];
      edit.nodes = edit.nodes.flatMap((node) => {
        const outcome = rewrite(node, edit);
        if (outcome === null) return [node];
        if ('because' in outcome) {
          skipped.push({ pass: name, node: nodeTitle(node), because: outcome.because });
          return [node];
        }
        applied.push({ pass: name, node: nodeTitle(node), what: outcome.what });
        return outcome.nodes;
      });
      return { applied, skipped, detached: [] };
    },
  };
}

export function nodeTitle(node: NodeProto): string {
  return node.name === '' ? (node.output[0] ?? node.opType) : node.name;
}

/** A standard operator of that name (domain `ai.onnx`). */
export function isStandard(node: NodeProto, opType: string): boolean {
  return node.opType === opType && standardDomain(node.domain);
}
