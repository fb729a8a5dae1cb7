/** What a run does with a migration: reads it, runs it on the model of PostgreSQL, and asks the rules about it. */
export type Phase = 'read' | 'model' | 'rules'

/** Is told what a run is doing, for instance to show progress. It changes nothing about the result. */
export interface Watch {
  /** The work of a phase on one file begins. `place`: which of `count` files it is, from 1. */
  file?(phase: Phase, path: string, place: number, count: number): void
  /** A rule is asked from now on; null: its answer is there. */
  rule?(id: string | null): void
}
