import { type LockMode, lockModes } from '../../../src/postgres/lock.ts'

/** True when `mode` is `least` or stronger. */
export function atLeast(mode: LockMode | null, least: LockMode): boolean {
  return mode !== null && lockModes.indexOf(mode) >= lockModes.indexOf(least)
}
