/** A statement of a build file or of HCL: its words, and the block in braces after them. */
export interface Block {
  readonly head: readonly Token[]
  /** Null: it has no braces. */
  readonly body: readonly Block[] | null
}

export interface Token {
  readonly kind: 'word' | 'string' | 'mark'
  /** Of a string, what is between its quotes, as it is written. */
  readonly text: string
}

/** The deepest nesting. No block that a person wrote is deeper; a deeper one counts as text of the block around it. */
const deepest = 100

/** What the text consists of. A line that ends is the mark `\n`. */
export type Tokens = Iterable<Token>

/**
 * The statements of a text whose blocks are in braces, one a line or with `;` between them. Inside of round and square brackets neither lines
 * nor braces count. Without its closing brace, a block reaches to the end of the text.
 */
export function blocksOf(tokens: Tokens): Block[] {
  const root: Block[] = []
  const open: Block[][] = [root]
  let head: Token[] = []
  let brackets: string[] = []
  const end = (body: Block[] | null) => {
    if (head.length > 0 || body) (open.at(-1) ?? root).push({ head, body })
    head = []
    brackets = []
  }
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : ''
    const inside = brackets.length > 0
    if (mark === '{' && !inside && !isValue(head) && open.length < deepest) {
      const body: Block[] = []
      end(body)
      open.push(body)
    } else if (mark === '}' && !inside) {
      end(null)
      if (open.length > 1) open.pop()
    } else if ((mark === '\n' || mark === ';') && !inside) {
      if (!continues(head)) end(null)
    } else if (mark !== '\n') {
      head.push(token)
      if (mark === '(' || mark === '[' || mark === '{') brackets.push(mark)
      else if (mark === ')' || mark === ']' || mark === '}') brackets.pop()
    }
  }
  end(null)
  return root
}

/** `x = {`: the braces are a value. */
function isValue(head: readonly Token[]): boolean {
  const last = head.at(-1)
  return last?.kind === 'mark' && (last.text === '=' || last.text === ':')
}

/** A line that ends with one of these goes on. */
function continues(head: readonly Token[]): boolean {
  const last = head.at(-1)
  return last?.kind === 'mark' && ['=', ',', '+', '?', ':', '.'].includes(last.text)
}
