import { eastAsianWidth } from 'get-east-asian-width'
import { commandsIn, numbered, visible } from './visible.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const tabStop = 4

/** The content of one or more terminal columns: a character with its marks, a tab, or the symbol of a hidden character. */
export interface Cell {
  readonly shown: string
  readonly columns: number
  /** UTF-16 offsets into the text that was cut into cells. */
  readonly start: number
  readonly end: number
}

/**
 * Cuts a line into cells. Tabs become spaces up to the next multiple of four. Selectors after emoji are dropped,
 * because terminals disagree on the width of the result.
 */
export function cells(line: string, ascii: boolean): Cell[] {
  const result: Cell[] = []
  const commands = commandsIn(line)
  let column = 0
  const put = (segment: string, index: number, isShown: boolean) => {
    const shown = commands.has(index)
      ? numbered(segment)
      : segment === '\t'
        ? ' '.repeat(tabStop - (column % tabStop))
        : isShown
          ? segment
          : show(segment, ascii)
    const columns = isShown ? shown.length : columnsOf(shown)
    result.push({ shown, columns, start: index, end: index + segment.length })
    column += columns
  }
  if (isPlain(line)) for (let i = 0; i < line.length; i++) put(line[i] ?? '', i, true)
  else for (const { segment, index } of graphemes.segment(line)) put(segment, index, false)
  return result
}

function show(segment: string, ascii: boolean): string {
  const text = visible(segment, ascii).replace(/[\ufe0e\ufe0f]/g, '')
  // A mark without a letter before it would combine with the frame.
  return /^\p{M}/u.test(text) ? `◌${text}` : text
}

/** True for text that is shown as it is, each character in a column of its own. */
export function isOneColumnEach(line: string): boolean {
  return isPlain(line) && !line.includes('\t') && commandsIn(line).size === 0
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e\t]*$/.test(text)
}

/** The terminal columns of text that has gone through `visible`. */
export function columnsOf(text: string): number {
  if (isPlain(text)) return text.length
  let columns = 0
  for (const { segment } of graphemes.segment(text)) columns += graphemeColumns(segment)
  return columns
}

function graphemeColumns(grapheme: string): number {
  const characters = [...grapheme].filter(character => !/^[\p{Mn}\p{Me}]$/u.test(character))
  // A flag is two regional indicators of one column each; any other cluster is as wide as its first character.
  if (/^\p{Regional_Indicator}{2}$/u.test(grapheme)) return 2
  const first = characters[0]?.codePointAt(0)
  return first === undefined ? 0 : eastAsianWidth(first)
}

/** Pads with spaces to that many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

/** As much of a line as fits into this many columns, with the sign at its end if it was cut. */
export function clip(line: string, room: number, sign: string, ascii: boolean): string {
  // Every cell takes a column: more characters than this can only be necessary if letters have many marks.
  const all = cells(line.slice(0, room * 4), ascii)
  const fitting = (columns: number) => {
    let used = 0
    const kept: string[] = []
    for (const cell of all) {
      used += cell.columns
      if (used > columns) break
      kept.push(cell.shown)
    }
    return kept
  }
  const whole = fitting(room)
  const isComplete = whole.length === all.length && line.length <= room * 4
  return isComplete ? whole.join('') : fitting(room - sign.length).join('') + sign
}
