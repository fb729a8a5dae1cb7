import type { Node } from '@pgsql/types'

export interface Partitioning {
  readonly strategy: 'range' | 'list' | 'hash'
  /** Null for an expression. */
  readonly keys: readonly { readonly column: string | null; readonly expression: Node | null }[]
}

export type PartitionBound =
  | { readonly kind: 'default' }
  | { readonly kind: 'range'; readonly from: readonly Node[]; readonly to: readonly Node[] }
  | { readonly kind: 'list'; readonly values: readonly Node[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }
