import { plain, unknownIn } from './text.ts'
import type { Value } from './value.ts'

/** A value as JSON; null: a part of it is unknown. `levels`: how deep it may be nested. */
export function jsonOf(value: Value, levels = 20): string | null {
  if (levels === 0) return null
  switch (value.kind) {
    case 'text':
      return unknownIn(value) === null ? JSON.stringify(plain(value)) : null
    case 'plain':
      return value.value === undefined ? null : JSON.stringify(value.value)
    case 'list': {
      const items = value.items.map(item => jsonOf(item, levels - 1))
      return value.isOpen || items.includes(null) ? null : `[${items.join(',')}]`
    }
    case 'record': {
      const entries = [...value.entries].filter(([, each]) => !(each.kind === 'plain' && each.value === undefined))
      const parts = entries.map(([name, each]) => {
        const json = jsonOf(each, levels - 1)
        return json === null ? null : `${JSON.stringify(name)}:${json}`
      })
      return value.isOpen || parts.includes(null) ? null : `{${parts.join(',')}}`
    }
    default:
      return null
  }
}
