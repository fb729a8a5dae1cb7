/** Numbers of the flips that the program has reached since the set was last cleared. */
export const reached = new Set<number>()

let active = Number(process.env.FLIP ?? -1)

/** Activates one flip, and deactivates the previous one. */
export function flip(number: number): void {
  active = number
}

/** The question that the source asks at each place that can be flipped. */
export function isFlipped(number: number): boolean {
  reached.add(number)
  return number === active
}
