import type { Handlers } from './handler.ts'

/** Every statement kind of the grammar has a handler: leaving one out does not compile. */
export const handlers: Handlers = {} as Handlers
