/** Numbers as the page says them. */

/** A share in per cent, with a decimal where it is small. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value < 9.95 && value > 0 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** A loss in nats. */
export function nats(value: number): string {
  return value.toFixed(3);
}

/** A width such as `1 character` or `2 characters`. */
export function counted(value: number, one: string): string {
  return `${value} ${one}${value === 1 ? "" : "s"}`;
}
