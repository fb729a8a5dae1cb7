import type { Shape } from './shape.ts'

const openings = ['{{', '${', '<%=', '$a$ ', "E'", '/*', '(', ':a ', 'CREATE FUNCTION f() BEGIN;', '"{{', '@a@']

/** Nothing but what begins something that never ends. */
export const openingsAlone: readonly Shape[] = openings.map(opening => ({
  name: `${opening.trim()} that is never closed`,
  most: 16_000,
  text: count => opening.repeat(count),
}))
