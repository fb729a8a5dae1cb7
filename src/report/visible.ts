/**
 * Characters that act on a terminal, or hide: controls, escape sequences' starts, bidirectional overrides, zero-width and
 * other invisible characters, line separators, surrogates without a partner. See Unicode TR 36 and CVE-2021-42574. The
 * selectors after an emoji are left, they only choose its colours.
 */
const hidden =
  /(?!(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

function symbol(character: string, ascii: boolean): string {
  const code = character.codePointAt(0) ?? 0
  if (!ascii && code < 0x20) return String.fromCharCode(0x2400 + code)
  if (!ascii && code === 0x7f) return '␡'
  return `\\u{${code.toString(16)}}`
}

/**
 * One line of text that is safe to print: what would act or hide is shown by a symbol (`␛`, `\u{202e}`); with `ascii`
 * always by its number. Line ends and tabs count as control characters, so nothing can start a line of its own.
 */
export function visible(text: string, ascii = false): string {
  return text.replace(hidden, character => symbol(character, ascii))
}

/** JSON of the value, in which such characters are escapes too. `indent` as in JSON.stringify. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(hidden, character => {
    if (character === '\n') return character // between the tokens: within strings it is an escape already
    return Array.from({ length: character.length }, (_, i) => `\\u${unit(character, i)}`).join('')
  })
}

function unit(text: string, index: number): string {
  return text.charCodeAt(index).toString(16).padStart(4, '0')
}
