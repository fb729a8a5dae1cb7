import { alterTableHandlers } from './alter-table.ts'
import { createTableHandlers } from './create-table.ts'
import type { Handlers } from './handler.ts'
import { indexHandlers } from './index-build.ts'
import { sessionHandlers } from './session.ts'

/** Every statement kind of the grammar has a handler: leaving one out does not compile. */
export const handlers: Handlers = {
  ...alterTableHandlers,
  ...createTableHandlers,
  ...indexHandlers,
  ...sessionHandlers,
} as unknown as Handlers
