import type { ByHand } from './by-hand.ts'
import { withSums } from './tables-with-sums.ts'
import { withVersions } from './tables-with-versions.ts'

/** Tables of tools that cannot be run here, written after the places in their source that src/systems/tracking names. */
export const byHand: readonly ByHand[] = [...withSums, ...withVersions]
