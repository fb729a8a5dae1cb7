import { tokens } from '../parse/lexer.ts'
import { withoutSpace } from '../parse/placeholder.ts'

/** 64 bits as two halves: arithmetic with BigInt takes ten times as long. */
interface Digest {
  readonly high: number
  readonly low: number
}

const start: Digest = { high: 0xcbf29ce4, low: 0x84222325 }

/** The digest of a text that is continued. Times the prime, 2^40 + 0x1b3. */
function digest({ high, low }: Digest, text: string): Digest {
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0
    const product = low * 0x1b3
    high = (high * 0x1b3 + Math.floor(product / 2 ** 32) + ((low << 8) >>> 0)) >>> 0
    low = product >>> 0
  }
  return { high, low }
}

function digits({ high, low }: Digest): string {
  return [high, low].map(half => half.toString(16).padStart(8, '0')).join('')
}

/**
 * 64 bits of FNV-1a over UTF-16 code units, as 16 hexadecimal digits. It is not for secrets but to distinguish
 * findings. Unlike the platforms' own digests, it is synchronous and the same everywhere.
 */
export function hash(text: string): string {
  return digits(digest(start, text))
}

/**
 * A statement's tokens, with one space in place of comments and white space, so that a new layout keeps fingerprints.
 * Strings and names in quotes stay as they are except for line ends, which a checkout may change. Equal placeholders give the same.
 */
export function withoutLayout(sql: string): string {
  const parts: string[] = []
  let end = 0
  for (const { kind, span, text } of tokens(sql)) {
    if (kind === 'comment') continue
    if (parts.length > 0 && span[0] > end) parts.push(' ')
    const lined = text.replace(/\r\n?/g, '\n')
    parts.push(kind === 'template' || kind === 'quoted-identifier' ? withoutSpace(lined) : lined)
    end = span[1]
  }
  return parts.join('')
}

/** The identity of the findings in a statement. */
export interface Fingerprint {
  /** The hash of path, rule and statement, and of how many equal findings came before. */
  readonly finding: string
  /** The hash of the statement alone. */
  readonly statement: string
}

/**
 * Assigns fingerprints. There is one object per report. A statement may have thousands of findings, so its text is read
 * once for each rule.
 */
export function fingerprints(): (path: string, rule: string, statement: string) => Fingerprint {
  const byText = new Map<string, Known>()
  const byTokens = new Map<string, Known>()
  return (path, rule, text) => {
    const known = byText.get(text) ?? knownTokens(withoutLayout(text), byTokens)
    byText.set(text, known)
    const place = [path, rule].join('\0')
    const equals = known.equals.get(place) ?? { digest: digest(start, `${place}\0${known.tokens}\0`), count: 0 }
    known.equals.set(place, { ...equals, count: equals.count + 1 })
    return { finding: digits(digest(equals.digest, String(equals.count))), statement: known.hash }
  }
}

interface Known {
  readonly tokens: string
  readonly hash: string
  /** By path and rule: the digest of the common part, and how many findings there were. */
  readonly equals: Map<string, { readonly digest: Digest; readonly count: number }>
}

function knownTokens(tokens: string, byTokens: Map<string, Known>): Known {
  const known = byTokens.get(tokens) ?? { tokens, hash: hash(tokens), equals: new Map() }
  byTokens.set(tokens, known)
  return known
}
