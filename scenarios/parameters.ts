/** What a night sets, parameter by parameter, and where each comes from: for whoever reads a night or checks it. */
import type { Scenario } from './schema.ts';

type Parameter = {
  /** Dotted, as `crowd.startPatience.graceMs`. */
  readonly path: string;
  readonly value: number | string;
};

type Source = Scenario['sources'][string];

/** Parameters that one entry of `sources` speaks for. */
export type SourcedParameters = {
  /** As in `sources`; the parameter's own path when nothing is said of it. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly source: Source | null;
};

/** Every number that a night sets, and the words that choose a model, an action or an origin; names and titles are none. */
export function parametersOf(night: Scenario): Parameter[] {
  const { rooms, phases, incumbents, waves, bodies, crowd, client, server, moments, objectives } = night;
  const parameters: Parameter[] = [];
  const walk = (value: unknown, path: string, name: string) => {
    // What was read from a recorded file is not a parameter; the file is.
    if (name === 'quantilesMs') return;
    if (typeof value === 'number') parameters.push({ path, value });
    else if (typeof value === 'string' && ['kind', 'file', 'action', 'from'].includes(name)) {
      parameters.push({ path, value });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value))
        walk(inner, path === '' ? key : `${path}.${key}`, key);
    }
  };
  walk({ rooms, phases, moments, incumbents, waves, bodies, crowd, client, server, objectives }, '', '');
  return parameters;
}

/** The parameters in their order, gathered by the most special entry of `sources` that covers them. */
export function bySource(night: Scenario): SourcedParameters[] {
  const groups = new Map<string, { path: string; parameters: Parameter[]; source: Source | null }>();
  for (const parameter of parametersOf(night)) {
    const [path = parameter.path] = Object.keys(night.sources)
      .filter((source) => covers(source, parameter.path))
      .sort((a, b) => b.length - a.length);
    const group = groups.get(path) ?? { path, parameters: [], source: night.sources[path] ?? null };
    group.parameters.push(parameter);
    groups.set(path, group);
  }
  return [...groups.values()];
}

/** Whether a path of `sources` speaks for a parameter: its own, or one above it. */
export function covers(source: string, parameter: string): boolean {
  return parameter === source || parameter.startsWith(`${source}.`);
}
