/**
 * Layer norm: y = gain·x̂ + bias with x̂ = (x − mean)·r, r = 1/√(variance + ε) over each row of x [R, C].
 * `stats` [R, 2] keeps mean and r for the way back.
 */
import { fma, sumLanes } from "./lanes";
import { loadPart, storePart } from "./parts";

export function layerNorm(
  x: usize, gain: usize, bias: usize, y: usize, stats: usize, R: usize, C: usize, epsilon: f32,
): void {
  const whole = (C & ~3) << 2, rest = C & 3, row = C << 2;
  for (const end = x + R * row; x < end; x += row, y += row, stats += 8) {
    let sums = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) sums = f32x4.add(sums, v128.load(x + j));
    if (rest) sums = f32x4.add(sums, loadPart(x + whole, rest));
    const mean = sumLanes(sums) / <f32>C;
    const means = f32x4.splat(mean);
    sums = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) {
      const centred = f32x4.sub(v128.load(x + j), means);
      sums = fma(centred, centred, sums);
    }
    if (rest) {
      // the lanes past the end must not count −mean
      const centred = loadCentred(x + whole, means, rest);
      sums = fma(centred, centred, sums);
    }
    const inverse: f32 = 1 / sqrt<f32>(sumLanes(sums) / <f32>C + epsilon);
    const scale = f32x4.splat(inverse);
    store<f32>(stats, mean);
    store<f32>(stats, inverse, 4);
    for (let j: usize = 0; j < whole; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), scale);
      v128.store(y + j, fma(normal, v128.load(gain + j), v128.load(bias + j)));
    }
    if (rest) {
      const normal = f32x4.mul(f32x4.sub(loadPart(x + whole, rest), means), scale);
      const part = fma(normal, loadPart(gain + whole, rest), loadPart(bias + whole, rest));
      storePart(y + whole, part, rest);
    }
  }
}

/** x − mean in the first `count` lanes, 0 in the others. */
// @ts-ignore: decorator
@inline
function loadCentred(from: usize, means: v128, count: usize): v128 {
  const centred = f32x4.sub(loadPart(from, count), means);
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
  return v128.and(centred, lanes);
}

/**
 * With g = dy·gain: dx = r·(g − mean(g) − x̂·mean(g·x̂)) in each row; dGain = Σ dy·x̂ and dBias = Σ dy over
 * all rows.
 */
export function layerNormGradient(
  dy: usize, x: usize, gain: usize, stats: usize,
  dx: usize, dGain: usize, dBias: usize, R: usize, C: usize,
): void {
  const whole = (C & ~3) << 2, rest = C & 3, row = C << 2;
  memory.fill(dGain, 0, row);
  memory.fill(dBias, 0, row);
  for (const end = x + R * row; x < end; x += row, dy += row, dx += row, stats += 8) {
    const means = v128.load32_splat(stats), scale = v128.load32_splat(stats, 4);
    let sum = f32x4.splat(0), product = f32x4.splat(0);
    for (let j: usize = 0; j < whole; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), scale);
      const above = v128.load(dy + j);
      v128.store(dGain + j, fma(above, normal, v128.load(dGain + j)));
      v128.store(dBias + j, f32x4.add(above, v128.load(dBias + j)));
      const g = f32x4.mul(above, v128.load(gain + j));
      sum = f32x4.add(sum, g);
      product = fma(g, normal, product);
    }
    if (rest) {
      const normal = f32x4.mul(loadCentred(x + whole, means, rest), scale);
      const above = loadPart(dy + whole, rest);
      storePart(dGain + whole, fma(above, normal, loadPart(dGain + whole, rest)), rest);
      storePart(dBias + whole, f32x4.add(above, loadPart(dBias + whole, rest)), rest);
      const g = f32x4.mul(above, loadPart(gain + whole, rest));
      sum = f32x4.add(sum, g);
      product = fma(g, normal, product);
    }
    const meanSum = f32x4.splat(sumLanes(sum) / <f32>C);
    const meanProduct = f32x4.splat(sumLanes(product) / <f32>C);
    for (let j: usize = 0; j < whole; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), scale);
      const g = f32x4.sub(f32x4.mul(v128.load(dy + j), v128.load(gain + j)), meanSum);
      v128.store(dx + j, f32x4.mul(scale, f32x4.sub(g, f32x4.mul(normal, meanProduct))));
    }
    if (rest) {
      const normal = f32x4.mul(f32x4.sub(loadPart(x + whole, rest), means), scale);
      const g = f32x4.sub(
        f32x4.mul(loadPart(dy + whole, rest), loadPart(gain + whole, rest)),
        meanSum,
      );
      const part = f32x4.mul(scale, f32x4.sub(g, f32x4.mul(normal, meanProduct)));
      storePart(dx + whole, part, rest);
    }
  }
}
