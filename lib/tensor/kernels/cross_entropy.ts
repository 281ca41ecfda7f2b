/**
 * Softmax cross-entropy: the mean over counted rows of −ln softmax(logits)[label], logits [R, V],
 * labels [R]; a row labelled −1 does not count.
 */
import { storeSome, sumLanes } from "./lanes";
import { loadPart, maxLanes, storePart } from "./parts";
import { exp } from "./transcendental";

/** The first row whose label is neither −1 nor in 0 … V − 1, or −1 when there is none. */
export function firstBadLabel(labels: usize, R: usize, V: i32): i32 {
  for (let i: usize = 0; i < R; i++) {
    const label = load<i32>(labels + (i << 2));
    if (label < -1 || label >= V) return <i32>i;
  }
  return -1;
}

/** How many rows count. */
export function countedRows(labels: usize, R: usize): usize {
  let counted: usize = 0;
  for (let i: usize = 0; i < R; i++) counted += usize(load<i32>(labels + (i << 2)) >= 0);
  return counted;
}

/**
 * The loss of each row [R] in float64, 0 where it does not count, and where `gradient` is not 0 the gradient of
 * the mean loss by the logits, (softmax(logits) − oneHot(label))·share, with zeros in the rows that do not count.
 *
 * @param share 1 / counted rows
 */
export function crossEntropy(
  logits: usize, labels: usize, losses: usize, gradient: usize, R: usize, V: usize, share: f32,
): void {
  for (let i: usize = 0; i < R; i++, logits += V << 2) {
    const label = load<i32>(labels + (i << 2));
    let loss: f64 = 0;
    if (label >= 0) loss = rowLoss(logits, <usize>label, gradient, V, share);
    else if (gradient) memory.fill(gradient, 0, V << 2);
    store<f64>(losses + (i << 3), loss);
    if (gradient) gradient += V << 2;
  }
}

/** loss (one number) = Σ losses / counted. */
export function meanLoss(losses: usize, loss: usize, R: usize, counted: usize): void {
  let total: f64 = 0;
  for (let i: usize = 0; i < R; i++) total += load<f64>(losses + (i << 3));
  store<f32>(loss, <f32>(total / <f64>max<usize>(counted, 1)));
}

/** −ln softmax(logits)[label] of one row, and its gradient times `share`. */
function rowLoss(logits: usize, label: usize, gradient: usize, V: usize, share: f32): f64 {
  const row = V << 2, last = (row - 4) & ~15, rest = ((V - 1) & 3) + 1;
  const end = loadEnd(logits + last, rest);
  let most = end;
  // pmax forgets a NaN, but its power makes the sum NaN, and so the loss
  for (let j: usize = 0; j < last; j += 16) most = f32x4.pmax(most, v128.load(logits + j));
  const largest = maxLanes(most), shift = f32x4.splat(largest);
  const endPower = exp(f32x4.sub(end, shift));
  let sums = endPower, others = f32x4.splat(0), j: usize = 0;
  for (; j + 32 <= last; j += 32) { // two at a time, since each has to wait for its own steps
    const power = exp(f32x4.sub(v128.load(logits + j), shift));
    const other = exp(f32x4.sub(v128.load(logits + j, 16), shift));
    if (gradient) v128.store(gradient + j, power), v128.store(gradient + j, other, 16);
    sums = f32x4.add(sums, power), others = f32x4.add(others, other);
  }
  if (j < last) {
    const power = exp(f32x4.sub(v128.load(logits + j), shift));
    if (gradient) v128.store(gradient + j, power);
    sums = f32x4.add(sums, power);
  }
  sums = f32x4.add(sums, others);
  const sum = sumLanes(sums), chosen = label << 2;
  if (gradient) {
    const scale = f32x4.splat(share / sum);
    for (let j: usize = 0; j < last; j += 16) {
      v128.store(gradient + j, f32x4.mul(v128.load(gradient + j), scale));
    }
    storeSome(gradient + last, f32x4.mul(endPower, scale), rest);
    store<f32>(gradient + chosen, load<f32>(gradient + chosen) - share);
  }
  return Math.log(<f64>sum) + <f64>largest - <f64>load<f32>(logits + chosen);
}

/** The last one to four numbers of a row, −∞ in the lanes past its end. */
// @ts-ignore: decorator
@inline
function loadEnd(from: usize, count: usize): v128 {
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
  return v128.bitselect(v128.load(from), f32x4.splat(-Infinity), lanes);
}

/** to = from·factor, where the factor is one number in memory. */
export function scaleBy(from: usize, factor: usize, to: usize, count: usize): void {
  const scale = v128.load32_splat(factor);
  const whole = (count & ~3) << 2, rest = count & 3;
  for (let j: usize = 0; j < whole; j += 16) {
    v128.store(to + j, f32x4.mul(v128.load(from + j), scale));
  }
  if (rest) storePart(to + whole, f32x4.mul(loadPart(from + whole, rest), scale), rest);
}
