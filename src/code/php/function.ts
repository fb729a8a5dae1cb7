import type { Argument } from '../syntax.ts'

/**
 * Functions of PHP that work on one of their arguments, and which one that is. They are read as methods of that argument, so that its
 * kind decides. `implode(', ', $list)` works on the list.
 */
const subjects: ReadonlyMap<string, number> = new Map(
  [
    'strtolower strtoupper mb_strtolower mb_strtoupper ucfirst lcfirst trim ltrim rtrim chop str_contains str_starts_with str_ends_with',
    'strlen mb_strlen substr str_pad str_repeat sprintf vsprintf strval intval json_encode count sizeof array_keys array_values',
    'array_merge array_filter array_reverse array_unique array_flip array_combine array_column array_slice array_push array_pop',
    'array_shift array_diff array_intersect array_is_list reset end current array_key_first array_key_last array_walk array_fill_keys',
    'collect strpos mb_substr nl2br addslashes sort usort ksort uasort array_chunk is_array is_string',
  ]
    .join(' ')
    .split(' ')
    .map((name): [string, number] => [name, 0])
    .concat([
      ['implode', 1],
      ['join', 1],
      ['explode', 1],
      ['in_array', 1],
      ['array_map', 1],
      ['array_search', 1],
      ['array_key_exists', 1],
      ['str_replace', 2],
      ['str_ireplace', 2],
      ['preg_replace', 2],
      ['preg_match', 1],
      ['preg_split', 1],
    ]),
)

export function isAboutItsArgument(name: string): boolean {
  return subjects.has(name)
}

/** The argument that a function works on, and the others; null: it is not such a function, or the call has another form. */
export function subjectOf(name: string, args: readonly Argument[]): { subject: Argument; others: Argument[] } | null {
  const index = subjects.get(name.toLowerCase())
  const subject = index === undefined ? undefined : args[index]
  if (!subject || args.some(arg => arg.spread !== undefined || arg.name !== undefined)) return null
  return { subject, others: args.filter(arg => arg !== subject) }
}
