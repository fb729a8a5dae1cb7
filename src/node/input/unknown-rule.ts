import { closest } from '../../lint/config/closest.ts'
import type { Registry } from '../../lint/registry.ts'
import { Failure } from '../failure.ts'

/** `There is no rule "x". Did you mean "y"?` People who come from another linter may use the names of that linter. */
export function unknownRule(id: string, { rules }: Pick<Registry, 'rules'>): Failure {
  const translated = rules.filter(rule => rule.peers?.some(peer => peer === id || peer.endsWith(`:${id}`)))
  const guess = closest(
    id,
    rules.map(rule => rule.id),
  )
  const similar = rules.filter(rule => rule.id.includes(id))
  const meant = [translated, rules.filter(rule => rule.id === guess), similar].find(each => each.length > 0) ?? []
  const names = meant
    .slice(0, 5)
    .map(rule => `"${rule.id}"`)
    .join(' or ')
  return new Failure(
    `There is no rule "${id}". ${names ? `Did you mean ${names}?` : '"migrate-lint rules" lists them.'}`,
  )
}
