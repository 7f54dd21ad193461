/**
 * V8's CPU profile as the tree that clinic's flame graph is drawn from, with names as 0x writes them. What stood idle is
 * not in it: a flame graph shows work.
 */
import { fileOf, ownPath } from '../../reports/profile-attribution.ts';
import type { CallFrame, CpuProfile } from '../../reports/profile-schema.ts';

export type FlameNode = {
  readonly name: string;
  /** Samples with this function on the stack, and on top of it. */
  readonly value: number;
  readonly top: number;
  readonly children: readonly FlameNode[];
};

export function flameTree({ nodes }: CpuProfile): FlameNode {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const called = new Set(nodes.flatMap(({ children }) => children));
  // V8 looks at 255 functions of a stack at most, so that this is never deep.
  const build = (id: number): FlameNode | null => {
    const node = byId.get(id);
    if (node === undefined || isIdle(node.callFrame)) return null;
    const children = node.children.map(build).filter((child) => child !== null);
    const value = children.reduce((sum, child) => sum + child.value, node.hitCount);
    return value === 0 ? null : { name: nameOf(node.callFrame), value, top: node.hitCount, children };
  };
  const roots = nodes.filter(({ id }) => !called.has(id)).map(({ id }) => build(id));
  // V8's own root is no function: what it called begins the stacks.
  const children = roots.flatMap((root) => root?.children ?? []);
  return {
    name: 'all stacks',
    value: children.reduce((sum, { value }) => sum + value, 0),
    top: 0,
    children,
  };
}

function isIdle({ functionName, url }: CallFrame): boolean {
  return url === '' && functionName === '(idle)';
}

/** `name file:line:column`; what has no file is the machine's own code. */
function nameOf(frame: CallFrame): string {
  const name = frame.functionName.replace(/\s+/g, ' ').trim() || '(anonymous)';
  const file = fileOf(frame);
  if (file === '') return `${name} [CPP]`;
  if (file.startsWith('wasm:')) return `${name} [WASM:Opt]`;
  return `${name} ${file}:${frame.lineNumber + 1}:${frame.columnNumber + 1}`;
}

/** Whether a frame of a tree is a function of this project: clinic takes a TypeScript file for V8's own code, and hides it. */
export function isOurs(file: string | null, root: string): boolean {
  return file !== null && ownPath(file, root) !== null;
}
