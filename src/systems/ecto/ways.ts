import type { Text } from '../../code/text.ts'

/** What a command does, and what reverts it; null: nothing does. */
export interface Ways {
  readonly forward: () => readonly Text[]
  readonly backward: (() => readonly Text[]) | null
}

export function textsOf(texts: readonly Text[]): Text {
  return { kind: 'text', pieces: texts.flatMap(({ pieces }) => pieces) }
}
