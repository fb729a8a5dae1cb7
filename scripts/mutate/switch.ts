/** Numbers of the flips whose places the program came to since the set was last cleared. */
export const reached = new Set<number>()

let active = Number(process.env.FLIP ?? -1)

/** Makes one flip, and takes back the one before. */
export function flip(number: number): void {
  active = number
}

/** What the source asks at each place that can be flipped. */
export function isFlipped(number: number): boolean {
  reached.add(number)
  return number === active
}
