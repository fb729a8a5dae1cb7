import type { Node } from '@pgsql/types'

/** The statements of a routine's body that is SQL rather than text: BEGIN ATOMIC … END is a list in a list, RETURN … one statement. */
export function statementsIn(body: Node): Node[] {
  return 'List' in body ? (body.List.items ?? []).flatMap(statementsIn) : [body]
}
