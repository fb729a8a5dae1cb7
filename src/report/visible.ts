/**
 * Characters that act on a terminal, or hide: control characters, starts of escape sequences, bidirectional overrides,
 * zero-width and other invisible characters, line separators, surrogates without a partner. See Unicode TR 36 and
 * CVE-2021-42574. The selectors after an emoji stay, because they only choose its colours.
 */
const hiddenCharacter =
  /(?!(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * The marks that make a line in a log a command: `##[add-mask]x` of GitHub Actions and `##vso[…]` of Azure Pipelines
 * anywhere in it, and `::add-mask::x` at its start, where a message may be wrapped (actions/runner, ActionCommand.cs
 * and the `RegisterCommand`s).
 */
const commands =
  /##(?=[a-z]*\[)|::(?=(?:internal-set-repo-path|set-env|set-output|save-state|add-path|add-mask|add-matcher|remove-matcher|warning|error|notice|debug|group|endgroup|echo|stop-commands)(?: |::))/gi

/** Most text is plain. This test is ten times faster than looking for hidden characters one by one. */
const notPlain = /[^ -~]+/g

/** The same in JSON. Its line ends are between the tokens: within strings they are escapes already. */
const notPlainInJson = /[^\n -~]+/g

/**
 * The text with each hidden character replaced that `unusual` finds. The emoji before a selector is not plain either, so that the two stay
 * together.
 */
function withoutHidden(text: string, unusual: RegExp, replacement: (character: string) => string): string {
  return text.replace(unusual, characters => characters.replace(hiddenCharacter, replacement))
}

function symbol(character: string, ascii: boolean): string {
  const code = character.codePointAt(0) ?? 0
  if (!ascii && code < 0x20) return String.fromCharCode(0x2400 + code)
  if (!ascii && code === 0x7f) return '␡'
  return numbered(character)
}

/** `\u{23}` for `#`. */
export function numbered(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/**
 * One line of text that is safe to print. Characters that act or hide are shown by a symbol (`␛`, `\u{202e}`); with
 * `ascii` always by their number. Line ends and tabs count as control characters, so nothing can start a new line. If a
 * log would read a command, the first character of that is shown by its number, too.
 */
export function visible(text: string, ascii = false): string {
  return inert(withoutHidden(text, notPlain, character => symbol(character, ascii)))
}

/** Text in which a log finds no command, and which is otherwise unchanged. */
export function inert(text: string): string {
  return text.replace(commands, mark => numbered(mark[0] ?? '') + mark.slice(1))
}

/** Offsets of the characters that would begin a command, which `visible` shows by their numbers. */
export function commandsIn(text: string): ReadonlySet<number> {
  return new Set(Array.from(text.matchAll(commands), ({ index }) => index))
}

/** JSON of the value, in which such characters are escapes too. `indent` as in JSON.stringify. */
export function visibleJson(value: unknown, indent?: number): string {
  const text = withoutHidden(JSON.stringify(value, null, indent), notPlainInJson, character =>
    Array.from({ length: character.length }, (_, i) => `\\u${unit(character, i)}`).join(''),
  )
  // There is no `##` or `::` between the tokens, and a line never begins within a string.
  return text.replace(commands, mark => `\\u${unit(mark, 0)}${mark.slice(1)}`)
}

function unit(text: string, index: number): string {
  return text.charCodeAt(index).toString(16).padStart(4, '0')
}
