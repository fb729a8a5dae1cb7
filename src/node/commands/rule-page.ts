import { append } from '../../parse/list.ts'
import { lookUp } from '../../parse/look-up.ts'
import { type Palette, palette } from '../../report/palette.ts'
import type { Style } from '../../report/reporter.ts'
import { hang } from '../../report/wrap.ts'

/** The purpose of an example in a rule's page, by the info string of its fence. */
const captions: Readonly<Record<string, string>> = { setup: 'given', bad: 'bad', good: 'good' }

/** Wider lines are hard to read. */
const widest = 100

/**
 * Prints a rule's page for the terminal. It understands the Markdown that the pages use: headings, paragraphs, lists,
 * fenced code, `code`, **strong** and [links](url). Returns lines that end with a line feed.
 */
export function renderPage(markdown: string, style: Style): string {
  const paint = palette(style)
  const out: string[] = []
  for (const block of blocks(markdown)) {
    if (block.kind === 'heading') out.push(paint.message(block.text))
    else if (block.kind === 'code') append(out, example(block, paint))
    else
      append(
        out,
        hang(block.bullet, inline(block.text), Math.min(style.width, widest)).map(line => code(line, paint)),
      )
    out.push('')
  }
  return out.join('\n')
}

type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'code'; readonly info: readonly string[]; readonly lines: readonly string[] }
  | { readonly kind: 'text'; readonly text: string; readonly bullet: string }

function blocks(markdown: string): Block[] {
  const found: Block[] = []
  let text: string[] = []
  const flush = () => {
    const bullet = /^(?:[-*]|\d+\.) /.exec(text[0] ?? '')?.[0] ?? ''
    if (text.length > 0) found.push({ kind: 'text', text: text.join(' ').slice(bullet.length), bullet })
    text = []
  }
  const lines = markdown.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const fence = /^(`{3,}|~{3,})(.*)/.exec(line)
    if (fence) {
      flush()
      const start = i + 1
      do i++
      while (i < lines.length && !lines[i]?.startsWith(fence[1] ?? ''))
      found.push({ kind: 'code', info: (fence[2] ?? '').trim().split(/\s+/), lines: lines.slice(start, i) })
    } else if (line.startsWith('#')) {
      flush()
      found.push({ kind: 'heading', text: line.replace(/^#+\s*/, '') })
    } else if (line.trim() === '') {
      flush()
    } else {
      if (/^(?:[-*]|\d+\.) /.test(line)) flush()
      text.push(line.trim())
    }
  }
  flush()
  return found
}

function example({ info, lines }: Extract<Block, { kind: 'code' }>, paint: Palette): string[] {
  const use = info.find(word => Object.hasOwn(captions, word))
  const context = info.filter(word => word !== 'sql' && word !== use).join(', ')
  const color = use === 'bad' ? paint.severity.error : use === 'good' ? paint.good : paint.faint
  const caption = use ? [`  ${color(`${lookUp(captions, use)}${context ? ` (${context})` : ''}`)}`] : []
  return [
    ...caption,
    ...lines.map(line => (line === '' ? '' : `      ${/^\s*--/.test(line) ? paint.faint(line) : line}`)),
  ]
}

/** Links become `text (url)`, and asterisks are removed. */
function inline(text: string): string {
  return text.replace(/\[([^[\]]*)\]\(([^()]*)\)/g, '$1 ($2)').replace(/\*\*([^*]+)\*\*/g, '$1')
}

/** Paints `code`, and omits the backticks where the colour is enough. */
function code(line: string, paint: Palette): string {
  return line.replace(/`([^`]+)`/g, (quoted, inner: string) => {
    const painted = paint.sql(inner)
    return painted === inner ? quoted : painted
  })
}
