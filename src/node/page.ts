import { Chalk, type ChalkInstance } from 'chalk'
import type { Style } from '../lint/report.ts'

/** What an example in a rule's page is there for, from the info string of its fence. */
const captions: Readonly<Record<string, string>> = { setup: 'given', bad: 'bad', good: 'good' }

/**
 * A rule's page for the terminal. It understands the Markdown that pages are written in: headings, paragraphs, lists, fenced
 * code, `code`, **strong** and [links](url). Returns lines that end with a line feed.
 */
export function renderPage(markdown: string, { color, width }: Pick<Style, 'color' | 'width'>): string {
  const chalk = new Chalk({ level: color ? 1 : 0 })
  const out: string[] = []
  for (const block of blocks(markdown)) {
    if (block.kind === 'heading') out.push(chalk.bold(block.text))
    else if (block.kind === 'code') out.push(...code(block, chalk))
    else out.push(...wrap(inline(block.text), Math.min(width, 100), block.indent).map(line => paint(line, chalk)))
    out.push('')
  }
  return out.join('\n')
}

type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'code'; readonly info: readonly string[]; readonly lines: readonly string[] }
  | { readonly kind: 'text'; readonly text: string; readonly indent: string }

function blocks(markdown: string): Block[] {
  const found: Block[] = []
  let text: string[] = []
  const flush = () => {
    const indent = /^(?:[-*]|\d+\.) /.exec(text[0] ?? '')?.[0].replace(/./g, ' ') ?? ''
    if (text.length > 0) found.push({ kind: 'text', text: text.join(' '), indent })
    text = []
  }
  const lines = markdown.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const fence = /^(```+|~~~+)\s*(.*)$/.exec(line)
    if (fence) {
      flush()
      const start = i + 1
      do i++
      while (i < lines.length && !lines[i]?.startsWith(fence[1] ?? ''))
      found.push({ kind: 'code', info: (fence[2] ?? '').split(/\s+/), lines: lines.slice(start, i) })
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

function code({ info, lines }: Extract<Block, { kind: 'code' }>, chalk: ChalkInstance): string[] {
  const use = info.find(word => word in captions)
  const context = info.filter(word => word !== 'sql' && word !== use).join(', ')
  const caption = use ? `${captions[use]}${context ? ` (${context})` : ''}:` : ''
  const paintCaption = use === 'bad' ? chalk.red : use === 'good' ? chalk.green : chalk.dim
  const body = lines.map(line => (line === '' ? '' : `      ${/^\s*--/.test(line) ? chalk.dim(line) : line}`))
  return caption ? [`  ${paintCaption(caption)}`, ...body] : body
}

/** Links as `text (url)`; what is in backticks is kept together for `wrap` and painted later. */
function inline(text: string): string {
  return text.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)').replace(/\*\*([^*]+)\*\*/g, '$1')
}

/** Breaks at spaces, so that no line is wider than `width`, unless one word is. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    // Backticks are taken out when the line is painted.
    if (longer.replaceAll('`', '').length <= width || line.trim() === '') line = longer
    else {
      lines.push(line)
      line = indent + word
    }
  }
  return [...lines, line]
}

/** Takes the backticks out, and colours what was between them where there are colours. */
function paint(line: string, chalk: ChalkInstance): string {
  return line.replace(/`([^`]+)`/g, (_, inner: string) => chalk.cyan(inner)).replaceAll('`', '')
}
