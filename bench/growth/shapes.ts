import { dependentShapes } from './dependents.ts'
import { objectShapes } from './objects.ts'
import { openingsAlone } from './openings.ts'
import { rowShapes } from './rows.ts'
import { scriptShapes } from './scripts.ts'
import type { Shape } from './shape.ts'
import { tableShapes } from './tables.ts'

/** One file with one or many statements, as a stranger may submit it. */
export const shapes: readonly Shape[] = [
  ...tableShapes,
  ...rowShapes,
  ...objectShapes,
  ...scriptShapes,
  ...dependentShapes,
  ...openingsAlone,
]
