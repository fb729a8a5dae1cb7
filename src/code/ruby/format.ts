import type { Span } from '../../parse/span.ts'
import { hole, replaced, type Text, textAt } from '../text.ts'
import { unknown, type Value } from '../value.ts'

/**
 * `format('%s %<name>s %{name}', …)`. Directives with flags or widths make the result unknown. `write` gives the text of a value; null:
 * unknown.
 */
export function formatted(of: Text, args: readonly Value[], at: Span, write: (value: Value) => Text | null): Value {
  let next = 0
  return replaced(of, /%(?:<(\w+)>([sd])|\{(\w+)\}|([sd%])|.)/gs, ([whole, typed, , braced, kind]) => {
    if (kind === '%') return textAt('%', at)
    const name = typed ?? braced
    const [options] = args
    const value =
      name === undefined
        ? kind === undefined
          ? undefined
          : args[next++]
        : options?.kind === 'record'
          ? options.entries.get(name)
          : undefined
    const why = value?.kind === 'unknown' ? value.why : 'its text is formatted'
    return (value && write(value)) ?? hole(at, why, name ?? whole)
  })
}

/** `'%s' % values` */
export function percent(of: Text, value: Value | undefined, at: Span, write: (value: Value) => Text | null): Value {
  if (!value) return unknown('its text is formatted', at)
  return formatted(of, value.kind === 'list' ? value.items : [value], at, write)
}
