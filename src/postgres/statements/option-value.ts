import type { Node } from '@pgsql/types'

/** An option of the form (NAME = value) as text, or null when it is not given. Source: defGetString in define.c. */
export function optionText(options: readonly Node[] | undefined, name: string): string | null {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== name) continue
    const { arg } = option.DefElem
    if (!arg) return 'true'
    if ('String' in arg) return arg.String.sval ?? ''
    if ('Integer' in arg) return String(arg.Integer.ival ?? 0)
    if ('Boolean' in arg) return String(arg.Boolean.boolval ?? false)
    if ('TypeName' in arg) {
      const last = arg.TypeName.names?.at(-1)
      return last && 'String' in last ? (last.String.sval ?? '') : ''
    }
  }
  return null
}

export function isOn(options: readonly Node[] | undefined, name: string): boolean {
  const text = optionText(options, name)
  return text !== null && !isFalse(text)
}

/** True when it is given and false. */
export function isOff(options: readonly Node[] | undefined, name: string): boolean {
  const text = optionText(options, name)
  return text !== null && isFalse(text)
}

function isFalse(text: string): boolean {
  return ['false', 'off', '0', 'no', 'f', 'n'].includes(text.toLowerCase())
}
