/** Walking several tensors in step: the axes of a loop, merged until few are left. */

/** One loop: how often, and how many numbers on each tensor goes each time. */
export interface Axis {
  size: number;
  steps: number[];
}

/** The steps of a contiguous tensor: the last axis moves by one number. */
export function contiguousSteps(shape: number[]): number[] {
  const steps = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    steps[i] = step;
    step *= shape[i]!;
  }
  return steps;
}

/** The steps of a tensor that is broadcast to more axes: where it repeats, it does not move. */
export function broadcastSteps(shape: number[], rank: number): number[] {
  const missing = rank - shape.length;
  const own = contiguousSteps(shape);
  return Array.from({ length: rank }, (_, i) => {
    const j = i - missing;
    return j < 0 || shape[j] === 1 ? 0 : own[j]!;
  });
}

/** Joins neighbouring axes that all tensors cross in one stride, and leaves out axes of size one. */
export function merge(axes: Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const outer = merged.at(-1);
    if (outer && outer.steps.every((step, i) => step === axis.steps[i]! * axis.size)) {
      merged[merged.length - 1] = { size: outer.size * axis.size, steps: axis.steps };
    } else merged.push(axis);
  }
  return merged;
}

/** Puts axes of size one in front until there are `count`; undefined when there are already more. */
export function padded(axes: Axis[], { count, tensors }: { count: number; tensors: number }) {
  if (axes.length > count) return undefined;
  const one: Axis = { size: 1, steps: new Array<number>(tensors).fill(0) };
  return [...new Array<Axis>(count - axes.length).fill(one), ...axes];
}
